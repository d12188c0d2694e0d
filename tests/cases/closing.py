"""What the tests of closing share: a case walked an hour a step."""

import datetime as dt
from typing import Any

from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.models import Callback, Case, Deadline, LedgerEntry, Order, Photo, Rating
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REPLY = "您反映的楼道堆物已清理完毕。"
STATES = ("accepted", "dispatched", "handling", "completed", "verified", "closed")


def walk(cast: Cast, to: str, reply: str = "", **values: Any) -> Case:
    """A case brought to the state TO, an hour a step, closed on Monday at 15:00."""
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    case = actions.report_case(report=Report(**asked), by=cast.street, at=MONDAY)
    verbs = (
        lambda at: actions.accept_case(case=case.pk, by=cast.lead, at=at),
        lambda at: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at),
        lambda at: actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at),
        lambda at: actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at),
        lambda at: actions.verify_case(case=case.pk, by=cast.lead, at=at),
        lambda at: actions.close_case(case=case.pk, reply=reply, by=cast.lead, at=at),
    )
    for n, verb in enumerate(verbs[: STATES.index(to) + 1], 1):
        verb(MONDAY + n * HOUR)
    return Case.objects.get(pk=case.pk)


CLOSED = MONDAY + 6 * HOUR


def again(cast: Cast, case: Case, at: dt.datetime) -> None:
    """The way of a reopened case to its next closing."""
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at)
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at)
    actions.complete_case(case=case.pk, result="又清了", by=cast.unit_staff, at=at)
    actions.verify_case(case=case.pk, by=cast.lead, at=at)
    actions.close_case(case=case.pk, by=cast.lead, at=at)


def snapshot(case: Case) -> list[Any]:
    return [
        Case.objects.filter(pk=case.pk).values().get(),
        *(list(model.objects.filter(case=case).values()) for model in (Order, Deadline, Rating, Callback)),
        LedgerEntry.objects.count(), Record.objects.count(), Notice.objects.count(),
    ]  # fmt: skip


def photo(case: Case, kind: str, by: User) -> None:
    values = {"file": "x", "thumb": "y", "width": 1, "height": 1, "bytes": 1}
    Photo.objects.create(case=case, kind=kind, sha256=kind, by=by, at=MONDAY, **values)
