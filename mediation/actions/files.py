"""A file is opened, accepted with its number or not, corrected, withdrawn."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import NoticeKind
from accounts.models import User
from cases.actions.taking import take as take_case
from cases.models import Case
from gridgov.core.errors import Conflict, Invalid
from mediation.actions.choosing import join
from mediation.actions.ending import over
from mediation.actions.limits import watch
from mediation.actions.parties import PartyData, enter
from mediation.actions.standing import hold_case, stand_still
from mediation.actions.taking import directors_of, take, tell, write_down
from mediation.choices.files import LIMIT, NAME_CHARS, NOTICE_DECLINED, NOTICE_OPENED, REASON_CHARS, FileState, Outcome
from mediation.choices.people import PLACE_CHARS
from mediation.models import Committee, Mediation, Mediator
from mediation.rules import files as rules


@transaction.atomic
def open_file(
    *, committee: int, kind: str, source: str, title: str, facts: str = "", points: str = "", parties: Sequence[PartyData] = (),
    place: str = "", people: int = 2, reference: str = "", case: Case | int | None = None, by: User, at: dt.datetime,
) -> Mediation:  # fmt: skip
    """A dispute comes to COMMITTEE (its key) and waits to be accepted; who mediates there and opens it has it in hand.

    Raises Forbidden, Invalid, and Conflict where the case is in mediation already.
    """
    held = None if case is None else take_case(case, by)
    row = (
        Committee.objects.standing()
        .select_related("grid")
        .filter(pk=committee)
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if row is None:
        raise Invalid(_("There is no such committee."), field="committee")
    mediator = Mediator.objects.active().filter(user=by, seats__committee=row, seats__until=None).first()
    verdict = rules.can_open(by, row, source, is_seated=mediator is not None, case=held)
    # Who is refused learns nothing of committees elsewhere, not even that there are some.
    if (held is not None or verdict.refusal is not None) and not _is_seen(row, by):
        raise Invalid(_("There is no such committee."), field="committee")
    verdict.insist()
    rules.fits_matter(kind, title, facts, points, people).insist()
    rules.fits_parties(source, [party.role for party in parties]).insist()
    if held is not None and Mediation.objects.open().filter(case=held).exists():
        raise Conflict(_("This case is in mediation already."), code="in_mediation")
    made: Mediation = Mediation.objects.create(
        grid=held.grid if held else row.grid, committee=row, kind=kind, source=source, reference=reference.strip()[:NAME_CHARS], case=held,
        title=title.strip(), facts=facts.strip(), points=points.strip(), happened_at=place.strip()[:PLACE_CHARS], people=people,
        entered_by=by, applied_at=at,
    )  # fmt: skip
    for data in parties:
        enter(made, data, at=at)
    write_down(
        "mediation.opened", made, by=by, at=at, kind=kind, source=source, committee=row.pk, case=held and held.pk
    )
    if mediator is not None:
        join(made, mediator, by=by, at=at)
    tell(
        made,
        [user for user in directors_of(made) if user != by.pk],
        NoticeKind.APPLICATION,
        NOTICE_OPENED,
        at,
        key="opened",
    )
    return made


@transaction.atomic
def accept_file(*, mediation: Mediation | int, by: User, at: dt.datetime) -> Mediation:
    """The committee takes the dispute on: it gets its number and a month; the clock of its case stands still meanwhile.

    Raises Conflict where a side is missing or refuses (人民调解法 17).
    """
    row = take(mediation, by, "accept")
    rules.can_accept(row.parties.all()).insist()
    hold_case(row)
    committee: Committee = Committee.objects.locked(row.committee_id)
    year = localtime(at).year
    last = Mediation.objects.filter(committee=committee, year=year).aggregate(last=Max("serial"))["last"] or 0
    changes = row.change(
        state=FileState.RUNNING, year=year, serial=last + 1, no=_number(committee, year, last + 1), accepted_at=at,
        due_at=at + LIMIT, version=row.version + 1,
    )  # fmt: skip
    watch(row)
    stand_still(row, at=at)
    write_down("mediation.accepted", row, changes, by=by, at=at)
    return row


@transaction.atomic
def decline_file(*, mediation: Mediation | int, reason: str, by: User, at: dt.datetime) -> Mediation:
    """The committee does not take the dispute on, and says why to those who came. Raises Invalid, Conflict."""
    row = take(mediation, by, "decline")
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    changes = row.change(
        state=FileState.DECLINED, reason=reason.strip()[:REASON_CHARS], ended_at=at, version=row.version + 1
    )
    write_down("mediation.declined", row, changes, by=by, at=at)
    if row.case_id:
        tell(row, [row.entered_by_id], NoticeKind.RETURNED, NOTICE_DECLINED, at, key="declined")
    return row


@transaction.atomic
def withdraw_file(*, mediation: Mediation | int, reason: str, by: User, at: dt.datetime) -> Mediation:
    """Whoever applied doesn't want mediation any more (人民调解法 23). Raises Invalid, Conflict."""
    row = take(mediation, by, "withdraw")
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    over(row, Outcome.WITHDRAWN, reason=reason, by=by, at=at)
    return row


@transaction.atomic
def change_file(
    *, mediation: Mediation | int, kind: str, title: str, facts: str, points: str, place: str, people: int, is_hard: bool,
    is_open: bool, version: int, by: User, at: dt.datetime,
) -> Mediation:  # fmt: skip
    """Correct what the file says of the dispute. VERSION is of the file that was read: Conflict where it has moved on."""
    row = take(mediation, by, "change")
    if version != row.version:
        raise Conflict(_("Somebody else has changed the file meanwhile. Look at it again."), code="changed")
    rules.fits_matter(kind, title, facts, points, people).insist()
    changed = row.change(
        kind=kind, title=title.strip(), facts=facts.strip(), points=points.strip(), happened_at=place.strip()[:PLACE_CHARS],
        people=people, is_hard=is_hard, is_open=is_open,
    )  # fmt: skip
    if changed:
        row.change(version=row.version + 1)
        write_down("mediation.file_changed", row, by=by, at=at, columns=sorted(changed))
    return row


def _number(committee: Committee, year: int, serial: int) -> str:
    """The volume's number as the law's forms write it, whatever language somebody reads."""
    with override(settings.LANGUAGE_CODE):
        words = {"year": year, "short": committee.short, "serial": serial}
        return _("(%(year)s)%(short)s people's mediation no. %(serial)s") % words


def _is_seen(committee: Committee, by: User) -> bool:
    return Committee.objects.visible_to(by).filter(pk=committee.pk).exists()
