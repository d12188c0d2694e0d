"""`make audit`: asks the package registry for known faults of all that is pinned, by pip-audit in a folder of its own.

Ends with 1 where one is known, with 0 where none is or nobody could be asked; which of both is said plainly, for a registry that
mirrors packages often has no word about their faults.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.lock"
# Known, and no fault in how it is used here: identifier → why, and until when (2027-01-31) that holds.
KNOWN: Mapping[str, str] = {}


def told(report: Mapping[str, Any], known: Mapping[str, str] = KNOWN) -> tuple[list[str], bool]:
    """What pip-audit's JSON says, as lines, and whether a fault is known that nobody has looked at."""
    packages = report["dependencies"]
    asked = [one for one in packages if "skip_reason" not in one]
    faults = [(one, fault) for one in asked for fault in one["vulns"] if fault["id"] not in known]
    lines = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for one, fault in faults
    ]
    left = len(packages) - len(asked)
    if asked:
        lines.append(f"{len(asked)} packages asked about, {len(faults)} faults known.")
    if left:
        lines.append(f"NOT ASKED: {left} packages; the registry has no word about them.")
    return lines, bool(faults)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="gridgov-audit-") as folder:
        venv.create(folder, with_pip=True)
        tool = Path(folder) / "bin"
        fetched = subprocess.run(
            [tool / "pip", "install", "--quiet", "pip-audit"], capture_output=True, text=True, check=False
        )
        if fetched.returncode:
            print("NOT ASKED: pip-audit can't be fetched.")
            return 0
        command: list[str | Path] = [
            tool / "pip-audit",
            "-r",
            LOCK,
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner",
            "off",
            "-f",
            "json",
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        lines, bad = told(json.loads(ran.stdout))
    except ValueError:
        print(f"NOT ASKED: {(ran.stderr.strip().splitlines() or ['no answer'])[-1][:200]}")
        return 0
    print("\n".join(lines))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
