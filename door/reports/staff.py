"""What the office sees of the door beside a case: who came in there, with what consent, how many have it, too."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from door.choices import SlipKind
from door.models import Slip, Words
from gridgov.core.questions import Aside
from gridgov.core.sealed import opened
from gridgov.core.sealed_columns import AsItStands


def slip_columns() -> dict[str, Any]:
    """`door_slips` of a case: its slips as JSON, the reporter's words within, without names and phones."""
    words = (
        Words.objects.filter(slip=OuterRef("pk"))
        .order_by("pk")
        .values(row=JSONObject(at="at", text=AsItStands("text")))
    )
    slips = Slip.objects.filter(case=OuterRef("pk")).order_by("pk")
    row = JSONObject(
        kind="kind", made_at="made_at", consent="consent", forgotten_at="forgotten_at", withdrawn_at="withdrawn_at",
        words=ArraySubquery(words),
    )  # fmt: skip
    return {"door_slips": ArraySubquery(slips.filter(Q(kind=SlipKind.REPORT) | Q(withdrawn_at=None)).values(row=row))}


def told_beside(case: Case) -> list[Aside]:
    """Of a case read with `slip_columns`; no query. Nothing where nobody came in at the door."""
    slips: list[dict[str, Any]] = case.door_slips  # type: ignore[attr-defined]
    if not slips:
        return []
    own = next((slip for slip in slips if slip["kind"] == SlipKind.REPORT), None)
    joined = sum(slip["kind"] == SlipKind.ME_TOO for slip in slips)
    chips = [_("reported at the residents' door")] if own else []
    if joined:
        chips.append(
            ngettext("%(count)s resident has it, too", "%(count)s residents have it, too", joined) % {"count": joined}
        )
    lines = [(None, _consent(own)), *_said(own)] if own else []
    return [Aside(_("Residents' door"), tuple(chips), tuple(lines))]


def contacts_of(case: int) -> list[tuple[str, str]]:
    """(name, phone) of those who said "me too" and want to hear of it."""
    rows = Slip.objects.filter(case=case, kind=SlipKind.ME_TOO, withdrawn_at=None).exclude(name="", phone="")
    return list(rows.order_by("pk").values_list("name", "phone"))


def _consent(own: dict[str, Any]) -> str:
    if own["withdrawn_at"]:
        return _("Withdrawn by whoever reported it on %(day)s; their data is deleted.") % {
            "day": _day(own["withdrawn_at"])
        }
    if own["forgotten_at"]:
        return _("Contact was deleted on %(day)s.") % {"day": _day(own["forgotten_at"])}
    if own["consent"]:
        return _("Contact with consent to version %(version)s of the notice.") % {"version": own["consent"]}
    return _("No contact; the answer is read with number and code.")


def _said(own: dict[str, Any]) -> list[tuple[dt.datetime | None, str]]:
    # JSON made by the database holds the words as their column does.
    return [(_moment(words["at"]), opened(Words, "text", words["text"])) for words in own["words"]]


def _moment(text: str) -> dt.datetime:
    return localtime(dt.datetime.fromisoformat(text))


def _day(text: str) -> str:
    return f"{_moment(text):%Y-%m-%d}"
