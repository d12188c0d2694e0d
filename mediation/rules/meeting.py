"""When and how the parties meet, who helps, and what a record needs (人民调解法 20, 22 to 24, 27)."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.files import (
    LONGEST_SESSION,
    MATTER_CHARS,
    MOST_HELPERS,
    RECORD_CHARS,
    SESSION_WITHIN,
    HelperKind,
    SessionKind,
    SessionState,
)
from mediation.rules.files import everybody_agrees, nobody_refuses

if TYPE_CHECKING:
    from mediation.models import Attendance, Helper, Party, Session


def fits_session(
    kind: str, start: dt.datetime, end: dt.datetime, place: str, has_room: bool, at: dt.datetime
) -> Verdict:
    if kind not in SessionKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if abs(start - at) > SESSION_WITHIN:
        return Verdict.reject(_("A session lies within a year of today."), field="starts_at")
    if not start < end <= start + LONGEST_SESSION:
        return Verdict.reject(_("A session ends after it begins, within twelve hours."), field="ends_at")
    if not has_room and not place.strip():
        return Verdict.reject(_("Choose a room, or say where."), field="place")
    return YES


def can_meet(kind: str, parties: "Collection[Party]", panel: "Collection[Helper]") -> Verdict:
    """To be heard alone, it is enough that nobody refuses; to sit together, each side wants to. A hearing has a panel."""
    if kind == SessionKind.INQUIRY:
        return nobody_refuses(parties)
    if kind == SessionKind.HEARING and not panel:
        return Verdict.reject(_("A hearing has a panel: choose who sits on it."), field="panel")
    return everybody_agrees(parties)


def can_call(kind: str, called: "Collection[int]", parties: "Collection[Party]") -> Verdict:
    """Whether those with the keys CALLED, none: all, are called to a session of KIND."""
    known = {party.pk for party in parties}
    if not known.issuperset(called):
        return Verdict.reject(_("Choose from the parties of this file."), field="parties")
    if called and kind != SessionKind.INQUIRY and known.difference(called):
        words = _("All parties are called to a mediation and to a hearing; some alone are heard at an inquiry.")
        return Verdict.reject(words, field="parties")
    return YES


def can_invite(kind: str, name: str, invited: int) -> Verdict:
    if kind not in HelperKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if not name.strip():
        return Verdict.reject(_("Say who is invited."), field="name")
    if invited >= MOST_HELPERS:
        return Verdict.clash(_("At most 20 helpers are invited into a file."), "too_many")
    return YES


def may_help(helper: "Helper", parties: "Collection[Party]") -> Verdict:
    """Whoever helps does so with the consent of all parties."""
    if {party.pk for party in parties} - {party.pk for party in helper.agreed_by.all()}:
        text = _("%(name)s is invited only with the consent of all parties (People's Mediation Law, art. 20).")
        return Verdict.clash(text % {"name": helper.name}, "not_agreed")
    return YES


def can_record(session: "Session", is_signed: bool, at: dt.datetime) -> Verdict:
    if session.state == SessionState.CANCELLED:
        return Verdict.clash(_("This session was called off."), "cancelled")
    if is_signed:
        return Verdict.clash(_("Somebody has signed this record: it stays as it is."), "signed")
    if at < session.starts_at - LONGEST_SESSION:
        return Verdict.clash(_("This session has not begun yet."), "not_begun")
    return YES


def fits_record(session: "Session", record: str, opinion: str, there: "Collection[Attendance]") -> Verdict:
    """A text; of a hearing, the panel's opinion; and whoever sat at the table knew their rights."""
    if not record.strip():
        return Verdict.reject(
            _("A mediation is recorded (People's Mediation Law, art. 27): write what happened."), field="record"
        )
    if len(record) > RECORD_CHARS or len(opinion) > MATTER_CHARS:
        return Verdict.reject(_("This is too long."), field="record" if len(record) > RECORD_CHARS else "opinion")
    if session.kind == SessionKind.HEARING:
        if not opinion.strip():
            return Verdict.reject(_("A hearing ends with the opinion of its panel: write it down."), field="opinion")
        if not any(one.on_panel for one in there):
            return Verdict.reject(_("Nobody of the panel was there."), field="came")
    if session.kind != SessionKind.INQUIRY and any(one.party and one.party.told_at is None for one in there):
        text = _(
            "A party that was there has not been told of its rights and duties (People's Mediation Law, art. 23 and 24)."
        )
        return Verdict.clash(text, "not_told")
    return YES
