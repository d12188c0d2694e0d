"""make bench, or `python -m bench [--sizes 10000,100000,1000000] [--out docs/benchmarks.md]`."""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from bench.clocks import in_django, measure_clocks
from bench.desk import measure_desk
from bench.map import measure_map
from bench.page import write
from bench.stage import ROOT, Stage, say
from bench.verbs import measure_verbs
from bench.web import measure_web
from gridgov.up.engines import Engines

SIZES = "10000,100000,1000000"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of cases, smallest first")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            web, maps, loads, figures, desks, stage = [], [], {}, {}, {}, Stage(engines, folder)
            for size in sizes:
                say(f"loading a district with {size:,} cases")
                stage = stage.use(f"bench_{size}")
                start = time.monotonic()
                stage.manage("load_demo", "--scale", "district", "--cases", str(size))
                loads[size] = time.monotonic() - start
                stage.one("VACUUM ANALYZE")
                say(f"  loaded in {loads[size]:.0f} s; asking")
                web.append(measure_web(stage, size))
                maps.append(measure_map(stage, size))
                desks[size] = measure_desk(stage, size)
                figures[size] = in_django(stage, "bench.figures")
            say("verbs")
            verbs = measure_verbs(stage)
            say("proposals")
            proposals = in_django(stage, "bench.suggest")
            say("clocks")
            clocks = measure_clocks(stage)
            say("map")
            tree = in_django(stage, "bench.tree")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write(options.out, web, maps, tree, clocks, loads, proposals, figures, verbs, desks)
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
