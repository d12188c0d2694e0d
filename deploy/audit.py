"""`make audit`: asks the package registry for known faults of all that is pinned, and ends with 1 where one is known.

Asked is what pip-audit asks: the registry's JSON of each version, which names its vulnerabilities. A mirror of packages often has
no such word; then, or where nobody answers, that is said plainly, and nothing fails. `make test` asks for a few seconds at most.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import requests
from pip._internal.models.index import PyPI
from requests.adapters import HTTPAdapter

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "dev.lock"
# Known, and no fault in how it is used here: identifier → why, and until when (2027-01-31) that holds.
KNOWN: Mapping[str, str] = {}
AT_ONCE, PATIENCE = 24, (3.0, 5.0)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)

Pin = tuple[str, str]
# What the registry says of a version: its faults; None where it says nothing.
Faults = Sequence[Mapping[str, Any]] | None


def address() -> str:
    """Where the JSON of versions stands beside the list that pip reads."""
    index = os.environ.get("PIP_INDEX_URL") or PyPI.simple_url
    return f"{index.rstrip('/').removesuffix('/simple')}/pypi"


def faults_of(pin: Pin, session: requests.Session, base: str) -> Faults:
    try:
        answer = session.get(f"{base}/{pin[0]}/{pin[1]}/json", timeout=PATIENCE)
        found = answer.json()["vulnerabilities"] if answer.ok else None
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return None
    return [one for one in found if not one.get("withdrawn")] if isinstance(found, list) else None


def ask(pins: Sequence[Pin], base: str, within: float) -> dict[Pin, Faults]:
    """What is known of PINS after WITHIN seconds; a registry that has no word about the first is asked no more."""
    until = time.monotonic() + within
    session = requests.Session()
    session.verify = os.environ.get("PIP_CERT") or True
    session.mount("https://", HTTPAdapter(pool_maxsize=AT_ONCE))
    found: dict[Pin, Faults] = dict.fromkeys(pins)
    found[pins[0]] = faults_of(pins[0], session, base)
    if found[pins[0]] is None:
        return found
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = {pool.submit(faults_of, pin, session, base): pin for pin in pins[1:]}
    done, _late = wait(asked, max(0.0, until - time.monotonic()))
    pool.shutdown(wait=False, cancel_futures=True)
    return found | {asked[one]: one.result() for one in done}


def told(found: Mapping[Pin, Faults], known: Mapping[str, str] = KNOWN) -> tuple[list[str], bool]:
    """FOUND as lines, and whether a fault is known that nobody has looked at."""
    asked = {pin: faults for pin, faults in found.items() if faults is not None}
    new = [(pin, fault) for pin, faults in asked.items() for fault in faults if fault["id"] not in known]
    lines = [
        f"{name} {version}: {fault['id']}, mended in {', '.join(fault.get('fixed_in') or ()) or 'no version yet'}"
        for (name, version), fault in new
    ]
    if asked:
        lines.append(f"{len(asked)} packages asked about, {len(new)} faults known.")
    if left := len(found) - len(asked):
        lines.append(f"NOT ASKED: {left} packages; the registry has no word about their faults, or was too slow.")
    return lines, bool(new)


def main() -> int:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--within", type=float, default=120.0, help="seconds to ask at most")
    lines, bad = told(ask(_PINNED.findall(LOCK.read_text()), address(), asks.parse_args().within))
    print("\n".join(lines), flush=True)
    # Not after threads that wait for a slow registry still.
    os._exit(int(bad))


if __name__ == "__main__":
    sys.exit(main())
