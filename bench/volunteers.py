"""Volunteering in a district of 20,000 volunteers and 50,000 activities: matching, lists, the workbench, and a run on the last places.

`python -m bench.volunteers [--volunteers 20000] [--out docs/benchmarks-volunteers.md]`.
"""

import argparse
import os
import time
from pathlib import Path
from typing import Any

from bench.clocks import in_django
from bench.matching import LAST
from bench.stage import ROOT, say, staged

PAGE = """# Volunteering, measured

`python -m bench.volunteers`, {when}, on {cores} shared cores: {volunteers:,} volunteers, {shifts:,} activities, {sign_ups:,} sign-ups,
{hours:,} lines of hours. Medians of five.

## Matching

| what | measured |
|---|---|
| reading {people:,} volunteers with load, times, squads' grids, and {openings} shifts | {reading:.0f} ms |
| matching all of them with all of these shifts | {matching:.0f} ms |
| ratio, matching to reading | ×{ratio:.2f} |

## Pages

| page | ms |
|---|---|
{pages}

## The last places

{at_once} volunteers signed up at the same moment for the last {last} places: {took:.0f} ms in all; {booked} have a place,
{waiting} wait, and the shift counts {taken} places as taken.
"""


def page_of(found: dict[str, Any]) -> str:
    matching, race = found["matching"], found["race"]
    pages = "\n".join(f"| {name} | {ms:.0f} |" for name, ms in found["pages"].items())
    counts = {name: found[name] for name in ("volunteers", "shifts", "sign_ups", "hours")}
    run = {name: race.get(name, 0) for name in ("at_once", "took", "booked", "waiting", "taken")}
    ratio = matching["matching"] / matching["reading"]
    there = {"when": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "last": LAST, "pages": pages, "ratio": ratio}
    return PAGE.format(**there, **counts, **matching, **run)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.volunteers", description=__doc__)
    parser.add_argument("--volunteers", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-volunteers.md")
    options = parser.parse_args()
    with staged("bench_volunteers") as stage:
        say(f"loading a district with {options.volunteers:,} volunteers")
        stage.manage("load_demo", "--scale", "district", "--cases", "0", "--volunteers", str(options.volunteers))
        stage.one("VACUUM ANALYZE")
        say("asking")
        found = in_django(stage, "bench.matching")
    options.out.write_text(page_of(found), encoding="utf-8")
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
