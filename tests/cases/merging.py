"""What the tests of merging share: cases of a Monday morning, and short ways to merge and to finish them."""

import datetime as dt
from typing import Any

from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.models import Application, Case, Deadline, LedgerEntry, Merge, Order
from gridgov.core import jobs
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WHY = "同一处楼道的同一堆纸箱"


def report(cast: Cast, at: dt.datetime = MONDAY, by: User | None = None, **values: Any) -> Case:
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    return actions.report_case(report=Report(**asked), by=by or cast.street, at=at)


def walk(cast: Cast, to: str, at: dt.datetime = MONDAY, **values: Any) -> Case:
    case = report(cast, at, **values)
    verbs = {
        "accepted": lambda: actions.accept_case(case=case.pk, by=cast.lead, at=at),
        "dispatched": lambda: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at),
        "handling": lambda: actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at),
    }
    for state, verb in verbs.items():
        if Case.objects.get(pk=case.pk).state == to:
            break
        verb()
        assert Case.objects.get(pk=case.pk).state == state
    return Case.objects.get(pk=case.pk)


def finish(cast: Cast, case: Case, at: dt.datetime, reply: str = "已清理完毕。") -> None:
    """From being handled to closed."""
    actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at)
    actions.verify_case(case=case.pk, by=cast.lead, at=at)
    actions.close_case(case=case.pk, reply=reply, by=cast.lead, at=at)


def work(at: dt.datetime) -> None:
    """Let the worker do what is due."""
    while jobs.run_due(at=at):
        pass


def merge(cast: Cast, case: Case, leading: Case, at: dt.datetime = MONDAY + 3 * HOUR, by: User | None = None) -> Case:
    return actions.merge_case(case=case.pk, leading=leading.pk, reason=WHY, by=by or cast.lead, at=at)


def snapshot() -> list[Any]:
    rows = (Case, Order, Deadline, Merge, Application)
    return [*(list(model.objects.order_by("pk").values()) for model in rows), LedgerEntry.objects.count(),
            Record.objects.count(), Notice.objects.count()]  # fmt: skip


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
