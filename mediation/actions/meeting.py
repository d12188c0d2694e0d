"""Sessions: planned without double booking, held with a record of one version, called off."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from mediation.actions.booking import hold_place
from mediation.actions.taking import take, write_down
from mediation.choices.files import MOST_SESSIONS, REASON_CHARS, SessionState
from mediation.choices.people import PLACE_CHARS
from mediation.models import Attendance, Mediation, Mediator, Room, Session
from mediation.rules import meeting as rules


class RecordChanged(Conflict):
    """Somebody else wrote the record meanwhile: `newer` is the text as it is, `version` what it has come to."""

    def __init__(self, session: Session) -> None:
        words = {"who": session.recorded_by}
        super().__init__(
            _("%(who)s has written this record meanwhile. Nothing was overwritten.") % words, code="changed"
        )
        self.newer, self.version = session.record, session.version


@transaction.atomic
def plan_session(
    *, mediation: Mediation | int, kind: str, starts_at: dt.datetime, ends_at: dt.datetime, room: Room | int | None = None,
    place: str = "", mediators: Sequence[int], is_open: bool = False, panel: Sequence[int] = (), parties: Sequence[int] = (), by: User,
    at: dt.datetime,
) -> Session:  # fmt: skip
    """The parties meet, or are heard. MEDIATORS are keys of those of the file, PANEL of helpers whom all parties agreed to, PARTIES
    of those who are heard at an inquiry; none: all.

    Raises Invalid, and Conflict: a party refuses (人民调解法 17), a helper without consent (20), a room or mediator is booked.
    """
    row = take(mediation, by, "meet")
    used = _room(room, by)
    rules.fits_session(kind, starts_at, ends_at, place, used is not None, at).insist()
    everybody, helpers = list(row.parties.all()), list(row.helpers.prefetch_related("agreed_by"))
    rules.can_call(kind, parties, everybody).insist()
    seated = [helper for helper in helpers if helper.pk in set(panel)]
    if len(seated) != len(set(panel)):
        raise Invalid(_("The panel is chosen from those who are invited."), field="panel")
    rules.can_meet(kind, everybody, seated).insist()
    for helper in seated:
        rules.may_help(helper, everybody).insist()
    leading = _mediators(row, mediators)
    if row.sessions.count() >= MOST_SESSIONS:
        raise Conflict(_("At most 100 sessions stand in a file."), code="too_many")
    hold_place(room=used, mediators=leading, start=starts_at, end=ends_at)
    session: Session = Session.objects.create(
        mediation=row,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        room=used,
        place=place.strip()[:PLACE_CHARS],
        is_open=is_open,
    )
    session.mediators.set(leading)
    Attendance.objects.bulk_create(
        [Attendance(session=session, party=party) for party in everybody if not parties or party.pk in parties]
        + [
            Attendance(session=session, helper=helper, on_panel=helper in seated)
            for helper in helpers
            if rules.may_help(helper, everybody)
        ]
    )
    row.change(version=row.version + 1)
    write_down("mediation.session_planned", row, by=by, at=at, session=session.pk, kind=kind, room=used and used.pk)
    return session


@transaction.atomic
def cancel_session(*, session: Session | int, reason: str, by: User, at: dt.datetime) -> Session:
    """Call a planned session off. Raises Invalid, Conflict."""
    row, held = _held(session, by, "meet")
    if held.state != SessionState.PLANNED:
        raise Conflict(_("This session is not planned any more."), code="not_planned")
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    held.change(state=SessionState.CANCELLED, reason=reason.strip()[:REASON_CHARS])
    write_down("mediation.session_cancelled", row, by=by, at=at, session=held.pk)
    return held


@transaction.atomic
def write_record(
    *, session: Session | int, record: str, version: int, came: Collection[int], opinion: str = "", by: User, at: dt.datetime
) -> Session:  # fmt: skip
    """The record of a session, with the keys of the attendances of whoever CAME; of a hearing, the OPINION of the panel. VERSION
    is of the text that was read: of two who write at once the second gets RecordChanged.

    Raises Invalid, and Conflict where a party that was there wasn't told of its rights.
    """
    row, held = _held(session, by, "record")
    rules.can_record(held, held.signatures.exists(), at).insist()
    if version != held.version:
        raise RecordChanged(held)
    everybody = list(held.attendances.select_related("party"))
    there = [one for one in everybody if one.pk in set(came)]
    if len(there) != len(set(came)):
        raise Invalid(_("Choose from those who were called to this session."), field="came")
    rules.fits_record(held, record, opinion, there).insist()
    for one in everybody:
        one.change(came=one in there)
    held.change(
        state=SessionState.HELD, record=record.strip(), opinion=opinion.strip(), version=held.version + 1, recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
    write_down("mediation.recorded", row, by=by, at=at, session=held.pk, version=held.version)
    return held


def _held(session: Session | int, by: User, move: str) -> tuple[Mediation, Session]:
    """The file and its session, both locked, the file first; raises Session.DoesNotExist where BY doesn't read it."""
    pk = session if isinstance(session, int) else session.pk
    known = Session.objects.filter(pk=pk).values_list("mediation", flat=True).first()
    try:
        row = take(known or 0, by, move)
    except Mediation.DoesNotExist:
        raise Session.DoesNotExist from None
    held: Session = Session.objects.select_related("recorded_by").locked(pk)
    return row, held


def _room(room: Room | int | None, by: User) -> Room | None:
    if room is None:
        return None
    found = Room.objects.in_use().visible_to(by).filter(pk=room if isinstance(room, int) else room.pk).first()
    if found is None:
        raise Invalid(_("There is no such room."), field="room")
    return found


def _mediators(mediation: Mediation, keys: Sequence[int]) -> list[Mediator]:
    """Those of KEYS, all of whom mediate in the file today; at least one."""
    found = [
        one.mediator
        for one in mediation.assignments.current().select_related("mediator")
        if one.mediator_id in set(keys)
    ]
    if not found or len(found) != len(set(keys)):
        raise Invalid(_("A session is led by mediators of this file: choose at least one."), field="mediators")
    return found
