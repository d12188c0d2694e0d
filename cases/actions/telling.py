"""Who is told what by the ladder: those who have the case, and the rungs above."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from accounts.choices import NoticeKind
from accounts.models import Notice
from cases.actions.people import RUNGS
from cases.actions.taking import notice
from cases.choices import NOTICE_CARDS, NOTICE_SUPERVISED, RUNG_OF_TIER, Level, Tier
from cases.models import Case, Order, Supervision
from grids.choices import PostKind
from grids.models import Post

if TYPE_CHECKING:
    from cases.actions.climbing import Rise


class People:
    """Who has which case, and who stands above. One query for any number of cases."""

    def __init__(self, cases: Iterable[Case], holders: Iterable[Order | Supervision], on: dt.date) -> None:
        held = list(holders)
        grids = {pk for case in cases for pk in (case.comprehensive_id, case.total_id, case.street_id) if pk}
        grids |= {one.grid_id for one in held if one.grid_id}
        units = {one.unit_id for one in held if one.unit_id}
        self._on_grid: dict[tuple[int, str], set[int]] = {}
        self._of_grid: dict[int, set[int]] = {}
        self._in_unit: dict[int, set[int]] = {}
        if not grids and not units:
            return
        posts = Post.objects.current(on).filter(grid__in=grids) | Post.objects.current(on).filter(unit__in=units)
        desks = posts.exclude(kind=PostKind.SPECIALIST_WORKER)  # they are called one by one
        for user, kind, grid, unit in desks.values_list("user_id", "kind", "grid_id", "unit_id"):
            if unit is not None:
                self._in_unit.setdefault(unit, set()).add(user)
            else:
                self._on_grid.setdefault((grid, kind), set()).add(user)
                self._of_grid.setdefault(grid, set()).add(user)

    def addressed(self, holder: Order | Supervision) -> set[int]:
        """Everybody an order or a supervision is addressed to."""
        return self._in_unit.get(holder.unit_id or 0) or self._of_grid.get(holder.grid_id or 0, set())

    def handlers(self, order: Order | None) -> set[int]:
        """Who signed in, or until then everybody the order is addressed to."""
        if order is None:
            return set()
        if order.handler_id:
            return {order.handler_id}
        return self.addressed(order) | ({order.called_id} if order.called_id else set())

    def leads(self, case: Case, level: int | None = None) -> set[int]:
        """The leads on the rung LEVEL, one level up from the tier by default; where that post is empty, the next above."""
        least = RUNG_OF_TIER[Tier(case.tier)] if level is None else level
        for rung, (column, kind) in RUNGS.items():
            if rung >= least and (found := self._on_grid.get((getattr(case, column), kind))):
                return found
        return set()

    def above(self, case: Case, level: int | None = None) -> set[int]:
        """The leads one rung above those of LEVEL; the street has nobody above."""
        return self.leads(case, min((RUNG_OF_TIER[Tier(case.tier)] if level is None else level) + 1, Level.STREET))


def card_notice(one: "Rise", user: int) -> Notice:
    """A card, told with the moment it was deserved at."""
    key = f"card:{one.case.pk}:{one.round}:{int(one.level)}"
    return notice(one.case, user, NoticeKind.CARD, NOTICE_CARDS[one.level, one.cause], one.moment, key=key)


def supervision_notice(row: Supervision, user: int) -> Notice:
    due = f"{localtime(row.reply_due):%m-%d %H:%M}"
    return notice(
        row.case, user, NoticeKind.SUPERVISION, NOTICE_SUPERVISED, row.at, key=f"supervision:{row.pk}", due=due
    )
