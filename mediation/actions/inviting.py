"""Whoever is invited to help: relatives, neighbours, experts, with the consent of all parties (人民调解法 20)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from mediation.actions.taking import party_of, take, write_down
from mediation.choices.files import NAME_CHARS, HelperKind
from mediation.choices.people import PHONE_CHARS
from mediation.models import Attendance, Expert, Helper, Mediation, Party, PartyLink
from mediation.rules.meeting import can_invite


@transaction.atomic
def invite_helper(
    *, mediation: Mediation | int, kind: str, name: str = "", phone: str = "", expert: Expert | int | None = None, by: User,
    at: dt.datetime,
) -> Helper:  # fmt: skip
    """Ask for somebody's help: an EXPERT of the pool, or somebody by NAME. They come once all parties agree."""
    row = take(mediation, by, "meet")
    called = None
    if kind == HelperKind.EXPERT and expert is not None:
        pk = expert if isinstance(expert, int) else expert.pk
        called = Expert.objects.on_call().visible_to(by).filter(pk=pk).first()
        if called is None:
            raise Invalid(_("There is no such expert."), field="expert")
        name, phone = called.name, called.phone
    can_invite(kind, name, row.helpers.count()).insist()
    helper: Helper = Helper.objects.create(
        mediation=row,
        kind=kind,
        expert=called,
        name=name.strip()[:NAME_CHARS],
        phone=phone.strip()[:PHONE_CHARS],
        invited_by=by,
        invited_at=at,
    )
    row.change(version=row.version + 1)
    write_down("mediation.helper_invited", row, by=by, at=at, helper=helper.pk, kind=kind, expert=called and called.pk)
    return helper


@transaction.atomic
def agree_to_helper(
    *, helper: Helper | int, party: Party | int, by: User, at: dt.datetime, via: PartyLink | None = None
) -> Helper:  # fmt: skip
    """PARTY agrees that the helper is invited: as a mediator notes it, or by its own link. Raises Conflict."""
    row, held = _held(helper, by, via)
    who = party_of(row, party, via)
    held.agreed_by.add(who)
    write_down("mediation.helper_agreed", row, by=by, at=at, helper=held.pk, party=who.pk)
    return held


@transaction.atomic
def drop_helper(*, helper: Helper | int, by: User, at: dt.datetime) -> None:
    """Take back an invitation, as long as the helper stands in no session. Raises Conflict."""
    row, held = _held(helper, by)
    if Attendance.objects.filter(helper=held).exists():
        raise Conflict(_("This helper stands in a session already."), code="attends")
    write_down("mediation.helper_dropped", row, by=by, at=at, helper=held.pk)
    held.delete()


def _held(helper: Helper | int, by: User, via: PartyLink | None = None) -> tuple[Mediation, Helper]:
    pk = helper if isinstance(helper, int) else helper.pk
    known = Helper.objects.filter(pk=pk).values_list("mediation", flat=True).first()
    try:
        row = take(known or 0, by, "meet", via=via)
    except Mediation.DoesNotExist:
        raise Helper.DoesNotExist from None
    return row, Helper.objects.get(pk=pk)
