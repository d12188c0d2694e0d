"""The copy 查阅复制: everything that is kept about a person, as a PDF to read and as JSON to take elsewhere (PIPL 45), in one ZIP.
Both say for whom and when they were made."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.units import mm

from gridgov.core import keeping, pdf
from privacy.models import Request
from privacy.reports.found import copy_for


def copy_file(request: Request, at: dt.datetime, *, whole: bool) -> bytes:
    """The ZIP of REQUEST as it stands AT; WHOLE for the person, else of the own street alone."""
    found = copy_for(request, whole=whole)
    mark = _("Copy for the person concerned, %(no)s, %(time)s") % {
        "no": request.no,
        "time": f"{localtime(at):%Y-%m-%d %H:%M}",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{request.no}.pdf", _printed(request, found, mark))
        kept = {"made_for": request.no, "made_at": at.isoformat(), "mark": mark, "data": found}
        folder.writestr(f"{request.no}.json", json.dumps(kept, ensure_ascii=False, indent=1))
    return out.getvalue()


def _printed(request: Request, found: Mapping[str, Sequence[Mapping[str, Any]]], mark: str) -> bytes:
    width = pdf.page_width()
    story: list[Any] = [pdf.text(_("What is kept about you"), "title"), pdf.text(mark, "quiet")]
    for name, rows in found.items():
        kind = keeping.kind_of(name)
        story.append(pdf.text(kind.title, "h2"))
        about = [(_("purpose"), kind.purpose), (_("legal ground"), kind.basis), (_("how long"), f"{kind.term.since} ({kind.term.reason})"),
                 (_("who sees it"), kind.seen_by)]  # fmt: skip
        story.append(pdf.facts(about, width))
        for number, row in enumerate(rows, start=1):
            story.append(pdf.text(f"{number}", "h3"))
            cells = [[label_of(key), _shown(value)] for key, value in row.items() if value not in ("", None, [])]
            story.append(pdf.table(cells, [34 * mm, width - 34 * mm], head=False))
    if not found:
        story.append(pdf.text(_("Nothing is kept that could be found by this phone number.")))
    story.append(
        pdf.text(
            _(
                "Files of disputes are confidential: their keeper answers what stands in them. Records of what was done are kept masked."
            ),
            "quiet",
        )
    )
    return pdf.document(story, title=request.no, footer=mark, watermark=mark)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(
            " ".join(str(part) for part in one.values()) if isinstance(one, dict) else str(one) for one in value[:500]
        )
    return str(value)


def label_of(key: str) -> str:
    """The name of a value, in words."""
    labels = {
        "no": _("number"), "name": _("full name"), "phone": _("phone"), "place": _("place"), "title": _("title"),
        "text": _("what was said"),
        "state": _("state"), "reply": _("answer"), "reported_at": _("reported"), "kept_until": _("kept until"), "kind": _("kind"),
        "made_at": _("time"), "agreed_to": _("agreed to version"), "agreed_at": _("agreed"), "words": _("what was said"),
        "nickname": _("nickname"), "born_on": _("born on"), "guardian": _("guardian"), "guardian_phone": _("guardian's phone"),
        "employer": _("platform or firm"), "national_no": _("number in the national record"), "skills": _("skills"),
        "times": _("free times"), "applied_at": _("applied"), "insured_until": _("insured until"), "minutes": _("minutes"),
        "points": _("points"), "hours": _("hours of service"), "began": _("began"), "ended": _("ended"), "note": _("note"),
        "user_name": _("user name"), "role": _("role"), "opened": _("account opened"), "resource": _("resource"),
        "contact": _("contact person"), "agreed_on": _("agreed on"), "open": _("may be read by everybody"), "at": _("time"),
    }  # fmt: skip
    return labels.get(key, key)
