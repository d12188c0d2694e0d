"""What a telephone may carry of the own open orders where there is no network: the bare facts (docs/adr/0010).

Free of personal data by construction: only the columns of COLUMNS are read, and nothing is told but the fields of `CarriedOrder`. No
words of anybody's, no place nearer than a comprehensive grid, nothing of the reporter, nobody's name.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import User
from cases.choices import Urgency
from cases.models import Case
from cases.reports.looks import NEAR_SHARE
from cases.reports.queues import BY_NAME, MINE, survey
from cases.reports.waiting import by_time_left
from gridgov.core.models import Record

MOST = 30
# The verbs that can be written down without a network, by the step that waits for whoever carries the order.
MOVES = {"sign-in": ("sign-in", "progress", "complete"), "complete": ("complete", "progress")}
COLUMNS = (
    "no", "state", "urgency", "due_at", "category__code", "category__name", "category__name_en", "category__needs_photo",
    "grid__name", "comprehensive__name",
)  # fmt: skip


@dataclass(frozen=True)
class CarriedOrder:
    """`near` and `due` are milliseconds since 1970, or None where no clock runs; `seen` is how far the history had come."""

    id: int
    no: str
    category: str
    where: str
    state: str
    urgent: bool
    near: int | None
    due: int | None
    photo: bool
    seen: int
    moves: tuple[str, ...]


def carried_orders(user: User, at: dt.datetime) -> list[CarriedOrder]:
    """The MOST orders with the least time left that USER signs in or completes; five queries however many."""
    steps = {pk: verb for pk, verbs in survey(user, at).steps.items() for verb in verbs[:1] if verb in MOVES}
    rows = Case.objects.filter(pk__in=steps).select_related("category", "grid", "comprehensive").only(*COLUMNS)
    found = list(by_time_left(rows, BY_NAME[MINE].clocks)[:MOST])
    told = Record.objects.filter(subject_type="cases.case", subject_id__in=[row.pk for row in found])
    seen = dict(told.order_by().values_list("subject_id").annotate(Max("seq")))
    return [_carried(row, seen.get(row.pk, 0), MOVES[steps[row.pk]]) for row in found]


def _carried(case: Case, seen: int, moves: tuple[str, ...]) -> CarriedOrder:
    clock = next(iter(case.ticking), None)  # type: ignore[attr-defined]
    near = clock and clock.started_at + (clock.due_at - clock.started_at) * NEAR_SHARE
    return CarriedOrder(
        id=case.pk, no=case.no, category=case.category.label, where=(case.comprehensive or case.grid).name,
        state=str(case.get_state_display()), urgent=case.urgency != Urgency.NORMAL, near=near and _ms(near),
        due=clock and _ms(clock.due_at), photo=case.category.needs_photo, seen=seen, moves=moves,
    )  # fmt: skip


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
