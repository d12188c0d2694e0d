"""The clocks: how fast ten thousand due deadlines are marked, each once, and how late a mark is when nothing else is due."""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.measure import megabytes
from bench.stage import ROOT, Stage, say

OPEN, DUE = 100_000, 10_000

# Copies of one accepted case, each with its case clock and its job. Written plainly: the bench is about the marking.
COPIES = """
WITH made AS (
    INSERT INTO cases_case (no, state, category_id, tier, urgency, channel, title, text, street_id, total_id,
        comprehensive_id, grid_id, place, source_crs, reported_by_id, reported_at, accepted_at, started_at, due_at, provisional,
        reject_reason, result, outcome, round, rework_count, card, version)
    SELECT '{prefix}' || lpad(n::text, 8, '0'), 'accepted', category_id, tier, urgency, channel, title, text, street_id, total_id,
        comprehensive_id, grid_id, place, source_crs, reported_by_id, {start}, {start}, {start}, {due}, false,
        '', '', '', 1, 0, 0, 1
    FROM (SELECT * FROM cases_case WHERE total_id IS NOT NULL ORDER BY id DESC LIMIT 1) c, generate_series(1, {count}) n
    RETURNING id, started_at, due_at
), clocks AS (
    INSERT INTO cases_deadline (case_id, clock, round, value, unit, started_at, original_due_at, due_at, provisional, told)
    SELECT id, 'case', 1, 1, 'natural_day', started_at, due_at, due_at, false, {told} FROM made RETURNING id, due_at
)
INSERT INTO core_job (kind, key, due_at, run_at, payload, attempts, last_error)
SELECT 'cases.deadline', id::text, due_at, due_at, '{{}}', 0, '' FROM clocks
"""
_MARKED = """SELECT count(*) FROM cases_deadline d JOIN cases_case c ON c.id = d.case_id
             WHERE c.no LIKE %s AND d.breached_at IS NOT NULL"""


def measure_clocks(stage: Stage) -> dict[str, Any]:
    """Both figures on one database; leaves its workers stopped."""
    stage.one("DELETE FROM core_job WHERE kind = 'cases.deadline'")
    stage.one(COPIES.format(prefix="O", start="now()", due="now() + interval '30 days'", told=80, count=OPEN - DUE))
    stage.one("ANALYZE")
    floor = _floor(stage)
    with stage.workers(2) as (worker, _beat):
        _settle(stage)
        lateness = _lateness(stage)
        say(f"  idle: a mark comes {lateness['p50']:.2f} s after its moment (p99 {lateness['p99']:.2f} s)")
        burst = _burst(stage)
        say(f"  {DUE:,} due at once: all marked after {burst['seconds']:.1f} s, each once: {burst['once']}")
        red = _reds(stage)
        say(f"  their red cards at once: all supervised after {red['seconds']:.1f} s, each once: {red['once']}")
        memory = [("celery worker", *megabytes(child)) for child in worker.children()]
        memory += [("celery main", *megabytes(worker)), ("celery beat", *megabytes(_beat))]
    return {"burst": burst, "red": red, "lateness": lateness, "floor": floor, "memory": memory}


def _settle(stage: Stage) -> None:
    """Wait until the workers have run something."""
    stage.one(COPIES.format(prefix="W", start="now() - interval '2 hours'", due="now()", told=80, count=1))
    end = time.monotonic() + 60
    while time.monotonic() < end and not stage.one(_MARKED, "W%"):
        time.sleep(0.1)
    if not stage.one(_MARKED, "W%"):
        raise TimeoutError("the workers did not start")


def _burst(stage: Stage) -> dict[str, Any]:
    # Due in a few seconds, so that the rows stand before their moment comes.
    moment = "date_trunc('second', now()) + interval '8 seconds'"
    stage.one(COPIES.format(prefix="D", start="now() - interval '1 day'", due=moment, told=80, count=DUE))
    due = stage.one("SELECT extract(epoch FROM max(due_at)) FROM cases_case WHERE no LIKE %s", "D%")
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if stage.one(_MARKED, "D%") == DUE:
            break
        time.sleep(0.1)
    done = time.time()
    entries = stage.one(
        "SELECT count(*) FROM cases_ledgerentry e JOIN cases_deadline d ON d.id = e.deadline_id "
        "JOIN cases_case c ON c.id = d.case_id WHERE c.no LIKE %s AND e.entry = 'breach'",
        "D%",
    )
    cards = stage.one(
        "SELECT count(*) FROM cases_card k JOIN cases_case c ON c.id = k.case_id WHERE c.no LIKE %s", "D%"
    )
    return {"seconds": done - float(str(due)), "once": (entries, cards) == (DUE, DUE), "marks": entries, "cards": cards}


# The red cards of the burst, moved to one moment.
_REDDEN = """
WITH late AS (
    UPDATE cases_deadline d SET red_at = date_trunc('second', now()) + interval '5 seconds'
    FROM cases_case c WHERE c.id = d.case_id AND c.no LIKE 'D%' AND d.clock = 'case' RETURNING d.id, red_at
)
UPDATE core_job SET due_at = red_at, run_at = red_at FROM late WHERE kind = 'cases.deadline' AND key = late.id::text
"""


# What the last rung leaves on the cases of the burst; the loaded district has cards, supervisions and replies of its own.
_REDS = {
    "supervisions": "cases_supervision r JOIN cases_case c ON c.id = r.case_id WHERE c.no LIKE %s",
    "cards": "cases_card r JOIN cases_case c ON c.id = r.case_id WHERE c.no LIKE %s AND r.level = 2",
    "clocks": "cases_deadline r JOIN cases_case c ON c.id = r.case_id WHERE c.no LIKE %s AND r.clock = 'reply'",
}


def _reds(stage: Stage) -> dict[str, Any]:
    """How long the last rung takes: a card, a supervision with its clock, and word to two rungs for each."""
    with contextlib.closing(stage.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(_REDDEN)
    moment = "SELECT extract(epoch FROM max(d.red_at)) FROM cases_deadline d JOIN cases_case c ON c.id = d.case_id"
    due = stage.one(f"{moment} WHERE c.no LIKE %s", "D%")
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if stage.one(f"SELECT count(*) FROM {_REDS['supervisions']}", "D%") == DUE:
            break
        time.sleep(0.1)
    done = time.time()
    found = {name: stage.one(f"SELECT count(*) FROM {rows}", "D%") for name, rows in _REDS.items()}
    return {"seconds": done - float(str(due)), "once": set(found.values()) == {DUE}, **found}


def _lateness(stage: Stage, count: int = 120) -> dict[str, float]:
    """COUNT deadlines at random moments within a minute; how long after its moment each mark could be seen."""
    moment = "now() + interval '3 seconds' + random() * interval '60 seconds'"
    stage.one(COPIES.format(prefix="L", start="now() - interval '1 day'", due=moment, told=80, count=count))
    late: dict[int, float] = {}
    end = time.monotonic() + 120
    sql = """SELECT coalesce(json_agg(json_build_array(c.id, extract(epoch FROM clock_timestamp() - d.due_at))), '[]')
             FROM cases_deadline d JOIN cases_case c ON c.id = d.case_id
             WHERE c.no LIKE 'L%%' AND d.breached_at IS NOT NULL AND NOT c.id = ANY(%s)"""
    while len(late) < count and time.monotonic() < end:
        for pk, seconds in stage.one(sql, list(late)):  # type: ignore[union-attr]
            late[pk] = float(seconds)
        time.sleep(0.02)
    values = sorted(late.values())
    return {
        "p50": statistics.median(values),
        "p99": values[int(len(values) * 0.99) - 1],
        "max": values[-1],
        "count": len(values),
    }


def _floor(stage: Stage) -> float:
    """Seconds for one bare UPDATE of as many rows: what the database alone needs."""
    stage.one("CREATE TABLE floor_due AS SELECT n AS id, NULL::timestamptz AS at FROM generate_series(1, %s) n", OPEN)
    start = time.perf_counter()
    stage.one("UPDATE floor_due SET at = now() WHERE id <= %s", DUE)
    return time.perf_counter() - start


def in_django(stage: Stage, module: str) -> dict[str, Any]:
    """Run `python -m MODULE` on the stage's database; the JSON it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=stage.env, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))
