"""Figures: read from the rollups and, as their floor and their ceiling, by one bare sum over them and by a full count; what
the triggers add to a transition; whether the rollups are true. `python -m bench.figures` prints JSON."""

import datetime as dt
import json
import statistics as stats
import time
from collections.abc import Callable
from typing import Any

import django

from bench.measure import milliseconds

ROUNDS, BATCH, BATCHES = 9, 12, 6


def by_turns(*calls: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Median milliseconds of each of CALLS, asked by turns; the first turn is thrown away."""
    turns = [[milliseconds(call) for call in calls] for _ in range(rounds + 1)][1:]
    return [stats.median(times) for times in zip(*turns, strict=True)]


def main() -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from bench.floor import FULL, SUMS
    from cases.models import Tally
    from cases.reports import Asked, dashboard, last_day, recount, statistics, usual_grain, wall
    from cases.reports.queues import BY_NAME
    from grids.models import Grid

    system, now = User.objects.system(), timezone.now()
    this = timezone.localdate(now).replace(day=1)
    last = (this - dt.timedelta(days=1)).replace(day=1)

    def ask(month: dt.date, **more: str) -> Callable[[], Any]:
        asked = Asked(first=month, last=last_day(month), **more)
        return lambda: statistics(asked=asked, by=system, at=timezone.now())

    def run(sql: str, *args: object) -> Callable[[], Any]:
        def call() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, args)
                cursor.fetchall()

        return call

    def charts(first: dt.date, until: dt.date, **more: str) -> Callable[[], Any]:
        asked = Asked(first=first, last=until, **more)
        grain = usual_grain(first, until)
        return lambda: dashboard(asked=asked, by=system, at=timezone.now(), today=timezone.localdate(), grain=grain)

    def screen() -> Any:
        at = timezone.now()
        near, late = (BY_NAME[name].holds(system, at) for name in ("near", "late"))
        return wall(by=system, at=at, today=timezone.localdate(at), near=near, late=late)

    street = Grid.objects.filter(kind="street").order_by("code").values_list("code", flat=True)[0]
    floor = run(SUMS, last)
    found = {
        name: dict(zip(("real", "floor"), by_turns(call, floor), strict=True))
        for name, call in {
            "a month that is over": ask(last), "this month until now": ask(this), "… by community": ask(last, by="grid"),
            "… by category": ask(last, by="category"), "… of tier B": ask(last, tier="B"),
            "the dashboard of a month, one street": charts(last, last_day(last), grid=street),
            "the dashboard of a month, the whole district": charts(last, last_day(last)),
            "the dashboard of a year, one street": charts(last.replace(month=1), last_day(last), grid=street),
            "the wall screen of the whole district": screen,
        }.items()
    }  # fmt: skip
    (full,) = by_turns(run(FULL, last, last_day(last)), rounds=1)
    start = time.perf_counter()
    true = recount() == []
    checked = time.perf_counter() - start
    answer = {
        "read": found, "full": full, "true": true, "checked": checked, "cells": Tally.objects.count(),
        "transition": _transitions(),
    }  # fmt: skip
    print(json.dumps(answer))


def _transitions() -> dict[str, float]:
    """Milliseconds of a plain transition with the triggers and without, in batches by turns on one connection."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from cases import actions
    from cases.actions.folding import COUNTED
    from grids.models import Grid

    system, grid = User.objects.system(), Grid.objects.filter(kind="micro").order_by("pk").first()
    assert grid is not None
    times: dict[str, list[float]] = {"with": [], "without": []}
    for batch in range(BATCHES * 2):
        name = ("with", "without")[batch % 2]
        report = actions.Report(category="0602", text="楼道堆物", grid=grid.code, place="1号楼")
        cases = [actions.report_case(report=report, by=system, at=timezone.now()) for _ in range(BATCH)]
        with connection.cursor() as cursor:
            for table in COUNTED:
                cursor.execute(f"ALTER TABLE {table} {'ENABLE' if name == 'with' else 'DISABLE'} TRIGGER USER")
        for case in cases:
            took = milliseconds(lambda case=case: actions.accept_case(case=case, by=system, at=timezone.now()))  # type: ignore[misc]
            if batch > 1:
                times[name].append(took)
        with connection.cursor() as cursor:
            for table in COUNTED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    actions.rebuild_figures(by=system, at=timezone.now())
    return {name: stats.median(values) for name, values in times.items()}


if __name__ == "__main__":
    main()
