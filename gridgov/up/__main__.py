"""`python -m gridgov.up [run|stop|status|restore BACKUP]`: what `make run`, `make stop` and `make restore` call."""

import argparse
import sys

from gridgov.up.app import GRIDGOV
from gridgov.up.main import restore, run, status, stop

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m gridgov.up", description=__doc__)
    parser.add_argument("verb", nargs="?", choices=("run", "stop", "status", "restore"), default="run")
    parser.add_argument("backup", nargs="?", help="restore: the folder of the backup")
    asked, more = parser.parse_known_args()
    if (asked.verb == "restore") != (asked.backup is not None) or (more and asked.verb != "restore"):
        parser.error("restore needs the folder of a backup, and nothing else takes one")
    if asked.verb == "restore":
        sys.exit(restore(asked.backup, *more))
    sys.exit(run(GRIDGOV) if asked.verb == "run" else stop() if asked.verb == "stop" else status())
