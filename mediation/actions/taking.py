"""How every verb takes hold of its file, and what all verbs share.

Whatever a verb needs of these, it locks in this order, several of a kind by their keys, so that no two wait for one another:
files, then rows of them; the case; the committee; rooms; mediators; accounts. Who leaves a committee leaves files: those are
held first (`choosing.hold_files`).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from gridgov.core.records import record, subject_type
from mediation.choices.people import Office
from mediation.models import Mediation, Party, PartyLink
from mediation.rules.files import can_now

# Columns that records may tell of: states and moments. What a file says, and who is in it, is in no record.
TOLD = frozenset(
    {"state", "outcome", "no", "due_at", "accepted_at", "ended_at", "informed_at", "filed_at", "retention"}
)


def take(mediation: Mediation | int, by: User, move: str = "", *, via: PartyLink | None = None) -> Mediation:
    """The file as it is now, locked until the transaction ends; raises Mediation.DoesNotExist where BY doesn't read it, and
    Conflict where MOVE (of MOVES) is not possible in its state.

    A party acts by the account of the door (role SYSTEM) with VIA, a link of its own into this file that nobody has withdrawn;
    the house itself takes files without one.
    """
    rows = Mediation.objects.for_list()
    if via is not None:
        rows = rows.filter(links__pk=via.pk, links__revoked_at=None)
    if via is None or by.role != Role.SYSTEM:
        rows = rows.readable_by(by)
    held: Mediation = rows.locked(mediation)
    if move:
        can_now(held, move).insist()
    return held


def party_of(mediation: Mediation, party: Party | int, via: PartyLink | None = None) -> Party:
    """The party of the locked MEDIATION, as it is now; raises Party.DoesNotExist for one of another file, or of another link."""
    pk = party if isinstance(party, int) else party.pk
    rows = mediation.parties.all() if via is None else mediation.parties.filter(pk=via.party_id)
    found: Party = rows.get(pk=pk)
    found.mediation = mediation
    return found


def write_down(
    verb: str, mediation: Mediation, changes: dict[str, list[Any]] | None = None, *, by: User, at: dt.datetime, **ids: Any
) -> None:  # fmt: skip
    """Record VERB: what it changed of the states and moments, and IDS. No name and no word of the file."""
    told = {name: pair for name, pair in (changes or {}).items() if name in TOLD}
    data = {
        **({"changes": told} if told else {}),
        **{name: value for name, value in ids.items() if value not in ("", None)},
    }
    record(verb, mediation, by=by, at=at, data=data)


def tell(
    mediation: Mediation, users: Iterable[int], kind: NoticeKind, text: str, at: dt.datetime, *, key: str, **params: Any
) -> None:  # fmt: skip
    """Put TEXT into the inboxes of USERS once for KEY; it names the file by its number alone."""
    told = [
        Notice(
            user_id=user, kind=kind, key=f"mediation:{mediation.pk}:{key}", text=text, params={"no": str(mediation), **params},
            subject_type=subject_type(mediation), subject_id=mediation.pk, at=at,
        )
        for user in dict.fromkeys(users)
    ]  # fmt: skip
    notify(told, at=at)


def directors_of(mediation: Mediation) -> list[int]:
    """The account of whoever directs the committee today; nobody where there is none."""
    seats = mediation.committee.seats.current().filter(office=Office.DIRECTOR).exclude(mediator__user=None)
    return list(seats.values_list("mediator__user", flat=True))


def mediators_of(mediation: Mediation) -> list[int]:
    """The accounts of those who mediate in it today."""
    rows = mediation.assignments.current().exclude(mediator__user=None)
    return list(rows.values_list("mediator__user", flat=True))
