"""Acting on what a partner sent: one savepoint a message. What can't be done is put aside with its reason, never lost."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from gridgov.core import jobs
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.models import Job
from gridgov.core.secrets import unseal
from integrations.actions.hotline.review import TAKE, hold_up
from integrations.choices.hotline import NUMBER_CHARS, Asked, InboundState, Table
from integrations.models.hotline import Inbound, Partner, PartnerCode, PartnerOrder
from integrations.rules import profiles
from integrations.rules.hotline import Unmapped, ours_of


@dataclass
class Desk:
    """A partner with its codes, read once for all of its messages that are taken together."""

    partner: Partner
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, partner: Partner) -> "Desk":
        rows = PartnerCode.objects.filter(partner=partner).values_list("table", "theirs", "ours")
        return cls(partner, {(table, theirs): ours for table, theirs, ours in rows})


@dataclass
class Message:
    """One message on the desk: its row, what it says, and the order it is about, which is held."""

    desk: Desk
    row: Inbound
    order: PartnerOrder
    body: Any
    at: dt.datetime

    @property
    def by(self) -> User:
        return self.desk.partner.account

    def said(self, name: str, most: int = 2000) -> str:
        return profiles.said(self.desk.partner.profile, Asked(self.row.asked), self.body, name, most)

    def moment(self, name: str) -> dt.datetime | None:
        return profiles.moment(self.desk.partner.profile, self.said(name, 40), name)

    def number(self, name: str) -> float | None:
        return profiles.number(self.said(name, 40), name)

    def true(self, name: str) -> bool:
        return profiles.is_true(self.desk.partner.profile, self.said(name, 40))

    def ours(self, table: Table, name: str) -> str:
        """What the partner's code in the field NAME is here; '' where it says none. Raises Unmapped."""
        return ours_of(self.desk.partner.profile, self.desk.codes, table, self.said(name, NUMBER_CHARS))


# What a message does; the state in which it ends.
Effect = Callable[[Message], InboundState]
_effects: dict[Asked, Effect] = {}


def effect(asked: Asked) -> Callable[[Effect], Effect]:
    def known(run: Effect) -> Effect:
        _effects[asked] = run
        return run

    return known


@transaction.atomic
def take_messages(*, messages: Sequence[int], by: User, at: dt.datetime) -> None:
    """Act on those of MESSAGES (ids) that still wait, in the order in which they came. Orders are held in the order of
    their ids, so that two who take messages at once never wait for each other in a ring."""
    wanted = Inbound.objects.filter(pk__in=messages, state=InboundState.WAITING)
    orders = {
        order.pk: order
        for order in PartnerOrder.objects.filter(pk__in=wanted.order_by().values("order"))
        .order_by("pk")
        .select_for_update()
    }
    desks: dict[int, Desk] = {}
    for row in wanted.order_by("pk").select_for_update(of=("self",)):
        if row.partner_id not in desks:
            desks[row.partner_id] = Desk.of(Partner.objects.select_related("account").get(pk=row.partner_id))
        assert row.order_id is not None  # who is nobody's message goes to review at once
        _take(desks[row.partner_id], row, orders[row.order_id], by=by, at=at)


def _take(desk: Desk, row: Inbound, order: PartnerOrder, *, by: User, at: dt.datetime) -> None:
    """One message: in a savepoint, so that a refusal leaves nothing behind but its reason."""
    before = dict(order.__dict__)
    try:
        with transaction.atomic():
            body = profiles.read_json(unseal(row.body, of=row.sealed_for).encode())
            state = _effects[Asked(row.asked)](Message(desk, row, order, body, at))
    except Unmapped as missing:
        order.__dict__.update(before)
        code, _made = PartnerCode.objects.get_or_create(
            partner=desk.partner, table=missing.table, theirs=missing.theirs
        )
        hold_up(row, missing, by=by, at=at, code=code)
    except Refusal as refusal:
        order.__dict__.update(before)
        hold_up(row, refusal, by=by, at=at)
    except Case.DoesNotExist:
        order.__dict__.update(before)
        hold_up(row, Invalid(_("Its case is not one of this partner's street."), code="no_case"), by=by, at=at)
    else:
        held = state == InboundState.HELD
        row.change(state=state, done_at=None if held else at, fault="", reason="", code=None)


def release(order: PartnerOrder, at: dt.datetime) -> None:
    """What waited for ORDER to become a case can be done now."""
    held = list(Inbound.objects.filter(order=order, state=InboundState.HELD).values_list("pk", flat=True))
    Inbound.objects.filter(pk__in=held).update(state=InboundState.WAITING)
    Job.objects.filter(kind=TAKE, key__in=[str(pk) for pk in held]).delete()
    jobs.promise_many(Job(kind=TAKE, key=str(pk), due_at=at) for pk in held)
