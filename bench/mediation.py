"""Mediation with 1,000, 10,000 and 100,000 files: whether lists and figures stay flat.

`python -m bench.mediation [--out docs/benchmarks-mediation.md]`.
"""

import argparse
import os
import time
from pathlib import Path
from typing import Any

from bench.clocks import in_django
from bench.stage import ROOT, say, staged

PAGE = """# Mediation, measured

`python -m bench.mediation`, {when}, on {cores} shared cores. Eight committees with ten mediators each, files over three years, two parties
each; three of five ended with an agreement, an item of performance and half of them with a follow-up. A director reads an eighth of all
files, a mediator an eightieth. Medians of five, with the number of queries.

| what | {heads} |
|---|{rules}|
{rows}

Lists are paged by key: what is deep inside costs what the first page costs. Figures read what ended in their quarter by its index, and grow
with the disputes of a quarter, not with the archive.
"""


def page_of(found: dict[str, Any]) -> str:
    rows = (
        f"| {name} | " + " | ".join(f"{ms:.0f} ms, {queries} queries" for ms, queries in cells) + " |"
        for name, cells in found["rows"].items()
    )
    heads = " | ".join(f"{size:,} files" for size in found["sizes"])
    there = {"when": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "heads": heads}
    return PAGE.format(**there, rules="|".join("---" for _size in found["sizes"]), rows="\n".join(rows))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.mediation", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-mediation.md")
    options = parser.parse_args()
    with staged("bench_mediation") as stage:
        say("loading a street")
        stage.manage("load_demo", "--cases", "0")
        say("writing files and asking")
        found = in_django(stage, "bench.mediating")
    options.out.write_text(page_of(found), encoding="utf-8")
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
