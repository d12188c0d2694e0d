"""make bench, or `python -m bench [--sizes 10000,100000,1000000] [--out docs/benchmarks.md]`."""

import argparse
import pickle
import shutil
import tempfile
import time
from pathlib import Path

from bench.clocks import in_django, measure_clocks
from bench.desk import measure_desk
from bench.map import measure_map
from bench.page import Measured, write
from bench.stage import ROOT, Stage, say
from bench.verbs import measure_verbs
from bench.web import measure_web
from gridgov.up.engines import Engines

SIZES = "10000,100000,1000000"


def wait_for(quiet: Path | None) -> None:
    """Until others leave the machine alone: until the file QUIET is there."""
    while quiet is not None and not quiet.exists():
        time.sleep(5)


def measure(stage: Stage, size: int, found: Measured, quiet: Path | None) -> None:
    """Load a district with SIZE cases on STAGE and ask for what people wait for."""
    say(f"loading a district with {size:,} cases")
    start = time.monotonic()
    stage.manage("load_demo", "--scale", "district", "--cases", str(size))
    found.loads[size] = time.monotonic() - start
    stage.one("VACUUM ANALYZE")
    say(f"  loaded in {found.loads[size]:.0f} s; asking")
    wait_for(quiet)
    found.web[size] = measure_web(stage, size)
    found.maps[size] = measure_map(stage, size)
    found.desks[size] = measure_desk(stage, size)
    found.figures[size] = in_django(stage, "bench.figures")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of cases, smallest first")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument(
        "--add", type=Path, help="a file that keeps what was measured, and that the next sizes are added to"
    )
    parser.add_argument("--quiet", type=Path, help="load at any time, but measure only while this file is there")
    options = parser.parse_args()
    found = pickle.loads(options.add.read_bytes()) if options.add and options.add.exists() else Measured()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            stage = Stage(engines, folder)
            for size in map(int, options.sizes.split(",")):
                stage = stage.use(f"bench_{size}")
                measure(stage, size, found, options.quiet)
                if options.add:
                    options.add.write_bytes(pickle.dumps(found))
            say("verbs")
            found.verbs = measure_verbs(stage)
            say("proposals")
            found.proposals = in_django(stage, "bench.suggest")
            say("clocks")
            found.clocks = measure_clocks(stage)
            say("map")
            found.tree = in_django(stage, "bench.tree")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.add:
        options.add.write_bytes(pickle.dumps(found))
    write(options.out, found)
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
