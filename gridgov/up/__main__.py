"""`python -m gridgov.up [run|stop|status]`: what `make run` and `make stop` call."""

import argparse
import sys

from gridgov.up.app import GRIDGOV
from gridgov.up.main import run, status, stop

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m gridgov.up", description=__doc__)
    parser.add_argument("verb", nargs="?", choices=("run", "stop", "status"), default="run")
    verb = parser.parse_args().verb
    sys.exit(run(GRIDGOV) if verb == "run" else stop() if verb == "stop" else status())
