"""The week's quiet cases: in hand from some moment of the week on, each with its clock and its job, written in bulk.

`python -m bench.week.load QUIET DAYS SEED` also sets the stage: three categories with limits of three kinds, free of demands for
photos. It stands at the beginning of the week; the clocks begin later.
"""

import datetime as dt
import json
import random
import sys
from decimal import Decimal

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from cases.actions import set_policy  # noqa: E402
from cases.models import Case, Category, Deadline, LedgerEntry, Order, Reporter  # noqa: E402
from gridgov.core.models import Job  # noqa: E402
from grids.models import Grid, Post  # noqa: E402

CATEGORIES = {"0602": ("10", "natural_hour"), "0603": ("6", "work_hour"), "0601": ("1", "work_day")}
CHUNK = 2000


def set_stage(at: dt.datetime) -> None:
    Category.objects.filter(code__in=CATEGORIES).update(needs_place=False, needs_photo=False, pausable=True)
    street = User.objects.filter(role="street", posts__grid__code="990101001").first()
    for code, (value, unit) in CATEGORIES.items():
        category = Category.objects.get(code=code)
        for tier in "AB":
            set_policy(tier=tier, value=value, unit=unit, category=category, by=street, at=at, reason="week")  # type: ignore[arg-type]


def load(count: int, days: float, at: dt.datetime, seed: int) -> None:
    """COUNT cases in the hands of the workers of the micro-grids, their clocks begun at random moments of the DAYS."""
    draw = random.Random(seed)
    category = Category.objects.get(code="0602")
    posts = list(Post.objects.filter(kind="grid_worker_ft", grid__kind="micro", grid__code__startswith="990101001")
                 .select_related("grid__parent__parent__parent", "user"))  # fmt: skip
    for begin in range(0, count, CHUNK):
        with transaction.atomic():
            _chunk(begin, min(CHUNK, count - begin), days, at, posts, category, draw)


def _chunk(
    begin: int, count: int, days: float, at: dt.datetime, posts: list[Post], category: Category, draw: random.Random
) -> None:
    cases, limits = [], []
    for n in range(begin, begin + count):
        post = draw.choice(posts)
        micro: Grid = post.grid  # type: ignore[assignment]
        start = (at + dt.timedelta(days=days * draw.random())).replace(microsecond=0)
        limits.append(draw.choice([5, 8, 12, 24, 48]))
        cases.append(Case(
            no=f"Q{n:08}", state="handling", category=category, tier=draw.choice("AB"), urgency="normal",
            channel="grid_worker", title="楼道堆物", text="楼道堆物", street=micro.parent.parent.parent,
            total=micro.parent.parent, comprehensive=micro.parent, grid=micro, reported_by=post.user, reported_at=start,
            accepted_at=start, dispatched_at=start, signed_at=start, started_at=start,
            due_at=start + dt.timedelta(hours=limits[-1]),
        ))  # fmt: skip
    Case.objects.bulk_create(cases)
    Reporter.objects.bulk_create(Reporter(case=case) for case in cases)
    orders = Order.objects.bulk_create(
        Order(case=case, grid=case.grid, state="signed", sent_by=case.reported_by, sent_at=case.started_at,
              handler=case.reported_by, signed_at=case.started_at)
        for case in cases
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case c SET lead_order_id = o.id FROM cases_order o WHERE o.case_id = c.id AND o.id >= %s",
            [orders[0].pk],
        )
    clocks = Deadline.objects.bulk_create(
        Deadline(case=case, clock="case", value=Decimal(limit), unit="natural_hour", started_at=case.started_at,
                 original_due_at=case.due_at, due_at=case.due_at)
        for case, limit in zip(cases, limits, strict=True)
    )  # fmt: skip
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=row, entry="start", at=row.started_at, by=row.case.reported_by,
                    data={"value": str(row.value), "unit": row.unit, "due": row.due_at.isoformat(), "skipped": []})
        for row in clocks
    )  # fmt: skip
    Job.objects.bulk_create(
        Job(kind="cases.deadline", key=str(row.pk), due_at=row.stage_at(50), run_at=row.stage_at(50)) for row in clocks
    )


if __name__ == "__main__":
    moment = timezone.now()
    set_stage(moment)
    load(int(sys.argv[1]), float(sys.argv[2]), moment, int(sys.argv[3]))
    print(json.dumps({"loaded": int(sys.argv[1])}))
