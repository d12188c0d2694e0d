"""`python -m bench.drills [name…] [--short] [--pool 6] [--out docs/drills-run.md]`: inject faults into a house under load, and count.

Without names all of them, one after the other in one house on engines of its own. Exit code 1 where anything is lost, doubled
or not made good.
"""

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from bench.drills.faults import DRILLS
from bench.drills.house import housed
from bench.drills.judge import seed
from bench.drills.run import Result, run
from bench.stage import say

HEADS = ("fault", "held (s)", "requests", "failed / unanswered", "repeated", "cases promised", "lost", "doubled", "marks",
         "first answer after (s)", "queue as usual after (s)", "records verified")  # fmt: skip


def as_row(result: Result) -> str:
    found, journal = result.found, result.journal
    cells = (
        DRILLS[result.name].title, f"{result.held:.0f}", journal.sent,
        f"{sum(journal.failed.values())} / {sum(journal.unknown.values())}", journal.repeated, len(journal.promised),
        len(found["lost"]), len(found["twice"]) + sum(found["doubled"].values()), found["marked"],
        "—" if result.answer is None else f"{result.answer:.1f}", "—" if result.queue is None else f"{result.queue:.1f}",
        found["records"],
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def as_table(results: list[Result]) -> str:
    return "\n".join([f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}", *map(as_row, results)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.drills", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of: {', '.join(DRILLS)}")
    parser.add_argument("--short", action="store_true", help="faults of seconds")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument(
        "--migrated", type=Path, help="begin from this dump of a migrated database, which spares a minute"
    )
    parser.add_argument("--pool", type=int, default=0, help="through a PgBouncer with so many connections")
    parser.add_argument("--out", type=Path, help="write the table there")
    options = parser.parse_args()
    if strange := set(options.names) - set(DRILLS):
        parser.error(f"no such drill: {', '.join(sorted(strange))}")
    folder = Path(tempfile.mkdtemp(prefix="gridgov-drills-"))
    folder.chmod(0o711)
    results: list[Result] = []
    try:
        with housed(folder, template=options.migrated, pool=options.pool) as house:
            cast = seed(house)
            say(
                f"a house on port {house.port}; photos {'on a small disk of their own' if house.on_disk else 'in a folder'}"
            )
            for name in options.names or DRILLS:
                found = DRILLS[name]
                say(f"{name}: {found.title}")
                results.append(
                    run(house, cast, name, found.short if options.short else found.long, threads=options.threads)
                )
                say(f"  {as_row(results[-1])}")
                for fault in results[-1].faults:
                    say(f"  FAULT {fault}")
    except BaseException:
        say(f"broken off; logs are in {folder}")
        raise
    if any(result.faults for result in results):
        say(f"logs are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    text = (
        f"Run of {dt.date.today()} on {os.cpu_count()} cores ({platform.machine()}), load average at its end {load}.\n\n"
        f"{as_table(results)}\n"
    )
    print(text)
    for result in results:
        print(
            result.name,
            json.dumps({"failed": result.journal.failed, "unknown": result.journal.unknown}, ensure_ascii=False),
        )
    if options.out:
        options.out.write_text(text)
    sys.exit(any(result.faults for result in results))


if __name__ == "__main__":
    main()
