"""What sealing people's data costs: pages and searches with all reporters in clear and with all sealed, and `reseal` itself.

`python -m bench.sealed [--cases 1000000] [--out docs/benchmarks-sealed.md]`.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.clocks import in_django
from bench.stage import ROOT, say, staged

ROUNDS = 25
PIECE = 500
# Everybody has a phone, as nobody has in a street's past: the worst a house can have.
ALL_NAMED = (
    "UPDATE cases_reporter SET name = '王小明', phone = '139' || lpad((case_id * 7919 % 100000000)::text, 8, '0')"
)
OLD_INDEX = "CREATE INDEX bench_floor ON cases_reporter (reverse(phone) text_pattern_ops)"
OLD_SEARCH = "SELECT case_id FROM cases_reporter WHERE reverse(phone) LIKE %s AND NOT confidential"
LONGER = (
    "UPDATE cases_reporter SET name = left(name || repeat('x', 68), 68), phone = left(phone || repeat('x', 80), 80)"
    " WHERE case_id > %s AND case_id <= %s"
)
WHOLE_FLOOR = "SELECT case_id FROM cases_reporter WHERE phone = %s"

PAGE = """# Sealing people's data, measured

`python -m bench.sealed`, {when}, on {cores} cores{shared}: a district with {cases:,} cases, each with a reporter who has a name and a phone
(GRIDGOV_SECRET_KEYS of one phrase). Medians of {rounds}, in one process, in milliseconds.

| what | in clear | sealed | ratio |
|---|---|---|---|
{lines}

The floor of a search is the query it was before, on the clear column with its own index. *By the end* finds {found} of {cases:,}
here; it opens a drawer of {drawer} and compares.

| `manage.py reseal` | |
|---|---|
| all {cases:,} rows (name and phone each), {piece} at once | {seal:.1f} s: {per:.1f} s per 100,000 rows |
| the floor: the same rows written in the same pieces, by SQL alone, as long as they are when sealed | {floor:.1f} s |
| ratio | ×{ratio:.2f} |
| once more, when nothing is left | {again:.2f} s |
| the doctor's count of all texts | {count:.2f} s |
| the table with its indexes, in clear / sealed (after VACUUM FULL) | {clear_mb:.0f} MB / {sealed_mb:.0f} MB |
| loading the district | {load:.0f} s |

One text sealed: {one_seal:.1f} µs, opened: {one_open:.1f} µs.
"""


def timed(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Milliseconds, the median of ROUNDS after one for nothing."""
    act()
    took = []
    for _round in range(rounds):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def run(sql: str, *args: Any) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, args or None)
        return cursor.fetchall() if cursor.description else None


def all_in_clear() -> None:
    """As an upgraded house finds its reporters."""
    run(ALL_NAMED)
    run("VACUUM FULL ANALYZE cases_reporter")


def megabytes() -> float:
    return float(run("SELECT pg_total_relation_size('cases_reporter') / 1048576.0")[0][0])


def floors_of(number: str) -> dict[str, float]:
    """The searches as they were, each with the index it had."""
    found = {}
    for name, index, act in (
        ("by the end", OLD_INDEX, lambda: run(OLD_SEARCH, number[-4:][::-1] + "%")),
        ("whole", "CREATE INDEX bench_floor ON cases_reporter (phone)", lambda: run(WHOLE_FLOOR, number)),
    ):
        run(index)
        run("ANALYZE cases_reporter")
        found[name] = timed(act)
        run("DROP INDEX bench_floor")
    return found


def floor_of_sealing() -> float:
    """Seconds: the same pieces, texts of the length of sealed ones, no key."""
    start, last = time.perf_counter(), 0
    while keys := run("SELECT case_id FROM cases_reporter WHERE case_id > %s ORDER BY 1 LIMIT %s", last, PIECE):
        run(LONGER, last, keys[-1][0])
        last = keys[-1][0]
    return time.perf_counter() - start


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def asked_at_the_desk() -> tuple[dict[str, Callable[[], None]], Callable[[str], Callable[[], None]], int]:
    """What a street office looks at, how it looks at any page, and the case it looks at."""
    from django.test import Client

    from cases.models import Case
    from grids.models import Post

    office = Post.objects.filter(kind="street_staff", valid_to=None).select_related("user").order_by("pk")[0].user
    desk = Client()
    desk.force_login(office)
    case = Case.objects.visible_to(office).order_by("-pk").first()
    assert case is not None

    def get(path: str) -> Callable[[], None]:
        def act() -> None:
            assert desk.get(path).status_code == 200, path

        return act

    pages = {
        "case page": get(f"/admin/cases/case/{case.pk}/change/"),
        "case by API": get(f"/api/v1/cases/{case.pk}/"),
        "case list": get("/admin/cases/case/"),
    }
    return pages, get, case.pk


def measure() -> dict[str, Any]:
    """Inside Django, on a loaded district."""
    from django.conf import settings

    from cases.models import Reporter
    from gridgov.core import sealing

    settings.SECRET_KEYS, settings.ALLOWED_HOSTS = ["the phrase of the bench"], ["*"]
    pages, get, case = asked_at_the_desk()
    all_in_clear()
    number = str(run("SELECT phone FROM cases_reporter WHERE case_id = %s", case)[0][0])
    clear = floors_of(number)
    clear_mb = megabytes()
    clear |= {name: timed(act) for name, act in pages.items()}
    floor = floor_of_sealing()
    all_in_clear()
    seal, tally = seconds(lambda: sealing.reseal_all(piece=PIECE))
    assert not tally.lost and not tally.held
    run("VACUUM FULL ANALYZE cases_reporter")
    again, tally = seconds(lambda: sealing.reseal_all(piece=PIECE))
    assert tally.sealed == 0
    sealed = {name: timed(act) for name, act in pages.items()}
    sealed["by the end"] = timed(lambda: Reporter.objects.ending_with(number[-4:]))
    sealed["whole"] = timed(lambda: list(Reporter.objects.about_phone(number).values_list("pk")))
    field: Any = Reporter._meta.get_field("phone")
    texts = [field.closed(number) for _one in range(2000)]
    return {
        "clear": clear, "sealed": sealed, "floor": floor, "seal": seal, "again": again, "count": seconds(sealing.standing)[0],
        "page": timed(get(f"/admin/cases/case/?q=*{number[-4:]}")), "cases": Reporter.objects.count(), "clear_mb": clear_mb,
        "sealed_mb": megabytes(), "found": len(Reporter.objects.ending_with(number[-4:])),
        "drawer": Reporter.objects.filter(phone__drawer=number[-4:]).count(),
        "one_seal": timed(lambda: [field.closed(number) for _one in range(2000)], 5) / 2,
        "one_open": timed(lambda: [field.opened(text) for text in texts], 5) / 2,
    }  # fmt: skip


def page_of(found: dict[str, Any], load: float, shared: str) -> str:
    clear, sealed = found["clear"], found["sealed"]
    names = {"by the end": "search by the end of a phone, the query", "whole": "search by a whole phone, the query"}
    lines = [
        f"| {names.get(name, name)} | {clear[name]:.2f} | {ms:.2f} | ×{ms / clear[name]:.2f} |"
        for name, ms in sealed.items()
    ]
    lines.append(f"| list of cases by the end of a phone, the page | — | {found['page']:.2f} | — |")
    said = {name: value for name, value in found.items() if name not in {"clear", "sealed", "page"}}
    return PAGE.format(
        when=time.strftime("%Y-%m-%d"), cores=os.cpu_count(), shared=shared, rounds=ROUNDS, piece=PIECE, lines="\n".join(lines),
        per=found["seal"] / found["cases"] * 100_000, ratio=found["seal"] / found["floor"], load=load, **said,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.sealed", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--shared", default="", help="what else ran meanwhile, to be said in the page")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-sealed.md")
    options = parser.parse_args()
    with staged("bench_sealed") as stage:
        say(f"loading a district with {options.cases:,} cases")
        start = time.monotonic()
        stage.manage("load_demo", "--scale", "district", "--cases", str(options.cases))
        load = time.monotonic() - start
        stage.one("VACUUM ANALYZE")
        say("measuring")
        found = in_django(stage, "bench.sealed")
    options.out.write_text(page_of(found, load, options.shared), encoding="utf-8")
    say(f"written to {options.out}")


if __name__ == "__main__":
    if os.environ.get("DJANGO_SETTINGS_MODULE") == "bench.settings":
        import django

        django.setup()
        print(json.dumps(measure()))
    else:
        main()
