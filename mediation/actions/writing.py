"""A paper that is written from its template is handed out, and the look recorded."""

import datetime as dt

from accounts.models import User
from mediation.actions.looking import look_at
from mediation.choices.papers import Ending, TemplateKind
from mediation.models import Mediation, Party, Session
from mediation.reports.writing import as_docx, as_pdf, paper_of


def read_document(
    *, mediation: int, kind: TemplateKind, ending: Ending, session: int | None = None, party: int | None = None, by: User,
    at: dt.datetime,
) -> tuple[str, bytes]:  # fmt: skip
    """The name of the file, which says nothing, and the paper. Raises DoesNotExist where BY doesn't read the file, or where the
    session or party is none of it."""
    row = Mediation.objects.visible_to(by).get(pk=mediation)
    of: Session | None = row.sessions.get(pk=session) if session else None
    whose: Party | None = row.parties.get(pk=party) if party else None
    look_at(mediation=row, what=f"document:{kind}", by=by, at=at)
    paper = paper_of(kind, row, session=of, party=whose, at=at)
    made = as_docx(paper, by) if ending == Ending.DOCX else as_pdf(paper, by)
    return f"mediation-{row.pk}-{kind}.{ending}", made
