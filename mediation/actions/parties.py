"""Parties of a file: who they are, that they were told of their rights, and what they want."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from mediation.actions.taking import party_of, take, write_down
from mediation.choices.files import MOST_PARTIES, NAME_CHARS, Consent, PartyRole, SessionKind
from mediation.choices.people import PHONE_CHARS, PLACE_CHARS, Sex
from mediation.models import Attendance, Mediation, Party, PartyLink
from mediation.rules.agreements import is_unsigned
from mediation.rules.choosing import is_apart

FIRST_BIRTH_YEAR = 1900


@dataclass(frozen=True)
class PartyData:
    """What is asked of a party: no more than the record's form and 人民调解法 29 do."""

    role: str
    name: str
    is_organisation: bool = False
    sex: str = ""
    birth_year: int | None = None
    occupation: str = ""
    address: str = ""
    phone: str = ""
    agent_name: str = ""
    agent_phone: str = ""

    def check(self, at: dt.datetime) -> None:
        """Raise Invalid where it can't be right."""
        if self.role not in PartyRole.values:
            raise Invalid(_("There is no such role."), field="role")
        if not self.name.strip():
            raise Invalid(_("Say who the party is."), field="name")
        if self.sex and self.sex not in Sex.values:
            raise Invalid(_("Choose one of the list."), field="sex")
        if self.birth_year is not None and not FIRST_BIRTH_YEAR <= self.birth_year <= at.year:
            raise Invalid(_("This can't be the year of a birth."), field="birth_year")
        for field, most in _LONGEST.items():
            if len(getattr(self, field)) > most:
                raise Invalid(_("This is too long."), field=field)


_LONGEST = {
    "name": NAME_CHARS, "occupation": NAME_CHARS, "agent_name": NAME_CHARS, "address": PLACE_CHARS, "phone": PHONE_CHARS,
    "agent_phone": PHONE_CHARS,
}  # fmt: skip
# By these a party is reached, and opens its link; all else stands in what it signs.
REACHED_BY = frozenset({"phone", "agent_phone"})
_ALL = frozenset(field.name for field in fields(PartyData))


def enter(mediation: Mediation, data: PartyData, *, at: dt.datetime) -> Party:
    """Part of the verbs that name a party: into the locked MEDIATION."""
    data.check(at)
    row: Party = Party.objects.create(mediation=mediation, **asdict(data))
    return row


@transaction.atomic
def add_party(*, mediation: Mediation | int, data: PartyData, by: User, at: dt.datetime) -> Party:
    """Name one more party. Raises Invalid, also for a mediator of the file (art. 15); Conflict, also where somebody has signed
    the agreement."""
    row = take(mediation, by, "change")
    if row.parties.count() >= MOST_PARTIES:
        raise Conflict(_("A file has at most 50 parties."), code="too_many")
    _check_place(row, data)
    party = enter(row, data, at=at)
    # Called to what is planned for all: whoever comes is noted, and signs what is written down.
    meetings = row.sessions.planned().exclude(kind=SessionKind.INQUIRY)
    Attendance.objects.bulk_create(Attendance(session=one, party=party) for one in meetings)
    row.change(version=row.version + 1)
    write_down("mediation.party_added", row, by=by, at=at, party=party.pk, role=party.role)
    return party


@transaction.atomic
def change_party(*, party: Party | int, data: PartyData, by: User, at: dt.datetime) -> Party:
    """Correct who a party is; what it has said stays. Raises as `add_party`; phones are corrected whoever has signed."""
    row, held = _held(party, by, "change")
    data.check(at)
    said = asdict(data)
    _check_place(row, data, {name for name, value in said.items() if getattr(held, name) != value})
    if held.change(**said):
        row.change(version=row.version + 1)
        write_down("mediation.party_changed", row, by=by, at=at, party=held.pk)
    return held


def _check_place(row: Mediation, data: PartyData, changed: Collection[str] = _ALL) -> None:
    """Whether what is CHANGED to DATA leaves what was signed as it is, and the mediators of the locked ROW apart from its parties."""
    if set(changed) - REACHED_BY:
        is_unsigned(signed=row.signatures.of_agreement().exists()).insist()
    if set(changed) & REACHED_BY:
        for held in row.assignments.current().select_related("mediator__user").order_by("pk"):
            is_apart(held.mediator, [(data.phone, data.agent_phone)]).insist()


@transaction.atomic
def say_consent(
    *, party: Party | int, agreed: bool, by: User, at: dt.datetime, via: PartyLink | None = None
) -> Party:  # fmt: skip
    """Note that PARTY wants mediation, or clearly refuses it (人民调解法 17); a party may think anew. Raises Conflict."""
    row, held = _held(party, by, "consent" if agreed else "refuse", via)
    said = Consent.AGREED if agreed else Consent.REFUSED
    if held.consent != said:
        held.change(consent=said, consented_at=at)
        row.change(version=row.version + 1)
        write_down("mediation.consented" if agreed else "mediation.refused", row, by=by, at=at, party=held.pk)
    return held


@transaction.atomic
def tell_rights(*, party: Party | int, by: User, at: dt.datetime, via: PartyLink | None = None) -> Party:
    """Note that PARTY was told of its rights and duties (人民调解法 23, 24), or has read them itself. Once."""
    row, held = _held(party, by, "consent", via)
    if held.told_at is None:
        held.change(told_at=at)
        row.change(version=row.version + 1)
        write_down("mediation.rights_told", row, by=by, at=at, party=held.pk)
    return held


@transaction.atomic
def want_more_time(*, party: Party | int, by: User, at: dt.datetime, via: PartyLink | None = None) -> Party:
    """Note that PARTY wants more time than the limit; where all sides do, the file may be extended. Raises Conflict."""
    row, held = _held(party, by, "extend", via)
    held.change(extends_at=at)
    row.change(version=row.version + 1)
    write_down("mediation.more_time_wanted", row, by=by, at=at, party=held.pk)
    return held


def _held(party: Party | int, by: User, move: str, via: PartyLink | None = None) -> tuple[Mediation, Party]:
    """The file, locked, and its party; raises Party.DoesNotExist where BY doesn't read it."""
    pk = party if isinstance(party, int) else party.pk
    known = Party.objects.filter(pk=pk).values_list("mediation", flat=True).first()
    try:
        row = take(known or 0, by, move, via=via)
    except Mediation.DoesNotExist:
        raise Party.DoesNotExist from None
    return row, party_of(row, pk, via)
