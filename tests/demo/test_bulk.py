"""The past that is written in bulk is the past the actions would have left: the same cases both ways, row by row."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from cases.actions import Report
from cases.models import Application, Card, Case, Deadline, LedgerEntry, Order, Rating, Reporter, Supervision
from gridgov.core.calendar import CHINA
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from gridgov.demo import history as past
from gridgov.demo import plan
from gridgov.demo.bulk import write_history
from gridgov.demo.cast import Cast
from gridgov.demo.founding import found, load_tables
from gridgov.demo.parts import Plan
from gridgov.demo.play import Player
from gridgov.demo.tale import UNSAID

pytestmark = pytest.mark.django_db

# So late in the year that limits reach into 2027, of which the calendar knows nothing: provisional deadlines, too.
NOW = dt.datetime(2026, 12, 30, 10, 0, tzinfo=CHINA)
START = NOW - dt.timedelta(days=300)
COUNT, SEED = 4000, 5
KINDS = ("own", "captured", "returned", "reworked", "reopened", "late", "red", "answered", "open", "rated", "anonymous",
         "plain")  # fmt: skip


def quiet(_line: str) -> None:
    """Progress is not what these tests are about."""


def kind_of(case: past.Case) -> set[str]:
    found = {
        "own": case.own,
        "captured": case.captured and not case.own,
        "returned": case.returned_at,
        "reworked": case.rework_at,
        "reopened": case.reopened_at,
        "late": case.late,
        "red": case.completed_at and case.due_at and case.completed_at > case.due_at + dt.timedelta(days=8),
        "answered": case.answered_at,
        "open": case.state != "closed",
        "rated": case.rating,
        "anonymous": case.anonymous,
    }
    return {name for name, so in found.items() if so} or {"plain"}


def chosen(cases: list[past.Case]) -> list[past.Case]:
    """Three of every kind, and all that are open."""
    left = {kind: 200 if kind == "open" else 3 for kind in KINDS}
    picked = []
    for case in cases:
        kinds = kind_of(case)
        if any(left[kind] > 0 for kind in kinds):
            for kind in kinds:
                left[kind] -= 1
            picked.append(case)
    return picked


@pytest.fixture(scope="module")
def street(django_db_setup: None, django_db_blocker: Any) -> Iterator[Plan]:
    """The demo street without any case. It is never committed, so that nothing is left behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        drawn, by, at = plan.demo(), User.objects.system(), START - dt.timedelta(days=30)
        load_tables(by=by, at=at, until=NOW, progress=quiet)
        found(drawn, passwords={}, by=by, at=at, progress=quiet)
        yield drawn
        transaction.set_rollback(True)


def rows_of(case: int) -> dict[str, Any]:
    """Everything the tables say of a case, without keys that depend on the order of writing."""
    orders = {pk: f"order {i}" for i, pk in enumerate(Order.objects.filter(case=case).values_list("pk", flat=True), 1)}
    demands = {pk: f"demand {i}" for i, pk in
               enumerate(Supervision.objects.filter(case=case).order_by("pk").values_list("pk", flat=True), 1)}  # fmt: skip
    clocks = list(Deadline.objects.filter(case=case).order_by("pk"))

    def values(row: Any, *without: str) -> dict[str, Any]:
        found = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in without}
        known = {"order_id": orders, "lead_order_id": orders, "supervision_id": demands}
        return {name: known[name].get(value, value) if name in known else value for name, value in found.items()}

    def told(data: dict[str, Any]) -> dict[str, Any]:
        changes = {k: [orders.get(v, v) for v in pair] if k == "lead_order" else pair
                   for k, pair in data.get("changes", {}).items()}  # fmt: skip
        # The number of an application depends on the order of writing.
        known = {k: v for k, v in data.items() if k != "application"}
        return {**known, **({"changes": changes} if "changes" in data else {})}

    records = Record.objects.filter(subject_type="cases.case", subject_id=case).order_by("seq")
    jobs = {job.key: (job.due_at, job.run_at, job.attempts, job.done_at, job.stuck_at) for job in
            Job.objects.filter(kind="cases.deadline", key__in=[str(clock.pk) for clock in clocks])}  # fmt: skip
    return {
        "case": values(Case.objects.get(pk=case), "id", "no", "search"),
        "reporter": values(Reporter.objects.get(case=case), "case_id"),
        "orders": [values(row, "id", "case_id") for row in Order.objects.filter(case=case).order_by("pk")],
        "deadlines": [values(row, "id", "case_id") for row in clocks],
        "ledger": [
            sorted(str(values(row, "id", "deadline_id")) for row in LedgerEntry.objects.filter(deadline=clock))
            for clock in clocks
        ],
        "applications": [values(row, "id", "case_id") for row in Application.objects.filter(case=case).order_by("pk")],
        "cards": [values(row, "id", "case_id") for row in Card.objects.filter(case=case).order_by("pk")],
        "supervisions": [values(r, "id", "case_id") for r in Supervision.objects.filter(case=case).order_by("pk")],
        "ratings": [values(row, "case_id") for row in Rating.objects.filter(case=case)],
        "records": [(r.seq, r.verb, r.at, r.actor_id, r.scope, told(r.data)) for r in records],
        "jobs": [jobs.get(str(clock.pk)) for clock in clocks],
    }


def play(cast: Cast, case: past.Case) -> int:
    """The same case through the actions."""
    player = Player(cast, case.number)
    verbs = {
        "accept": lambda at, unit: player.accept(at),
        "dispatch": player.dispatch,
        "return": lambda at, unit: player.give_back(at),
        "sign_in": lambda at, unit: player.sign_in(at),
        "answer": lambda at, unit: player.answer(at),
        "complete": lambda at, unit: player.complete(at, case.outcome or UNSAID),
        "rework": lambda at, unit: player.rework(at),
        "verify": lambda at, unit: player.verify(at),
        "close": lambda at, unit: player.close(at),
        "rate": lambda at, unit: player.rate(at, case.rating or 0),
        "reopen": lambda at, unit: player.reopen(at),
    }
    first, *rest = case.steps()
    player.report(
        Report(
            category=case.category, text=case.text, channel=case.channel, title=case.title, grid=case.grid,
            place=case.place, lng=case.lon, lat=case.lat, reporter_phone=case.contact, anonymous=case.anonymous,
        ),
        first.at.astimezone(dt.UTC),
    )  # fmt: skip
    for step in rest:
        verbs[step.verb](step.at.astimezone(dt.UTC), step.unit)
    player.end(NOW.astimezone(dt.UTC))
    return player.case.pk


def test_bulk_leaves_what_the_actions_leave(street: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = chosen(list(past.history(street, COUNT, START, NOW, seed=SEED)))
    assert {kind for case in cases for kind in kind_of(case)} == set(KINDS)
    assert len({case.state for case in cases}) > 4
    assert any(case.due_at and case.due_at.year == 2027 for case in cases)
    monkeypatch.setattr("gridgov.demo.bulk.history", lambda *_a: iter(cases))
    with transaction.atomic():
        cast = Cast(street)
        write_history(street, cast, len(cases), start=START, end=NOW, seed=SEED, progress=quiet)
        written = [rows_of(pk) for pk in Case.objects.order_by("pk").values_list("pk", flat=True)]
        assert len(written) == len(cases)
        played = [rows_of(play(cast, case)) for case in cases]
        for case, left, right in zip(cases, written, played, strict=True):
            for part in left:
                assert left[part] == right[part], (case, part)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert verify().faults == []
        transaction.set_rollback(True)
