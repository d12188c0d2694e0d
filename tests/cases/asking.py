"""What the tests of applications share."""

import datetime as dt
from typing import Any

from accounts.models import Notice, User
from cases import actions
from cases.choices import Ask, Clock
from cases.models import Application, Case, Deadline, LedgerEntry
from gridgov.core import jobs
from gridgov.core.calendar import LimitUnit
from gridgov.core.models import Record
from tests.cases.desk import walk
from tests.factories import MONDAY, Cast

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
RETURN = {"whose": "街道城管办", "contact": "李科长", "basis": "权责清单第12条"}


def ask(case: Case, kind: str, by: User, when: dt.datetime, **wanted: Any) -> Application:
    return actions.ask(case=case.pk, kind=kind, reason="确有需要", by=by, at=when, **wanted)


def more(case: Case, by: User, when: dt.datetime, value: Any = 2, unit: str = LimitUnit.NATURAL_DAY) -> Application:
    return ask(case, Ask.EXTENSION, by, when, value=value, unit=unit)


def approve(row: Application, by: User, when: dt.datetime) -> Application:
    return actions.decide(application=row, approve=True, by=by, at=when)


def handled(cast: Cast) -> Case:
    return walk(cast, "handling", at=MONDAY)


def clock(case: Case, kind: str = Clock.CASE) -> Deadline:
    return case.deadlines.filter(clock=kind).latest("pk")


def snapshot(case: Case) -> tuple[Any, ...]:
    case = Case.objects.get(pk=case.pk)
    rows = (Application, Deadline, LedgerEntry, Record, Notice)
    return (case.state, case.version, case.due_at, case.hold, *(model.objects.count() for model in rows))


def run(when: dt.datetime) -> None:
    while jobs.run_due(at=when):
        pass
