"""What the page of a file tells of its papers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from accounts.models import User
from mediation.choices.deeds import Confirmation
from mediation.choices.papers import TemplateKind
from mediation.models import Mediation, Volume
from mediation.reports.volume import due_papers
from mediation.reports.whole import File, Held, file_of


@dataclass(frozen=True)
class Written:
    """A paper that is written from its template; of which `session` it is, or None."""

    kind: TemplateKind
    title: str
    session: int | None


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/papers.html: what can be written, what was scanned, what USER exports."""
    file = file_of(mediation, texts={})
    written = [
        Written(
            kind,
            f"{kind.label} {localtime(held.session.starts_at):%Y-%m-%d}" if held else str(kind.label),
            held.session.pk if held else None,
        )
        for kind, held in (*due_papers(file), *_to_come(file))
    ]
    exports = Volume.objects.visible_to(user).filter(mediation=mediation, expires_at__gt=at)[:3]
    return {"written": written, "scans": file.papers, "exports": list(exports)}


def _to_come(file: File) -> list[tuple[TemplateKind, Held | None]]:
    """The paper by which the court is asked, before it is: the volume holds it once it was."""
    agreement = file.agreement
    if agreement is None or agreement.effective_on is None or agreement.confirmation != Confirmation.NONE:
        return []
    return [(TemplateKind.CONFIRMATION, None)]
