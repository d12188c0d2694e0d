"""A rolling upgrade with people at work: `python -m bench.upgrade [--from COMMIT] [--out docs/upgrade.md]`.

The version before (deploy/released.json, or COMMIT) is unpacked from git, fills a database with its own demo street and serves it.
While people read its main pages and report cases, this version migrates; then this version's web takes over, and the old one goes.
Told are requests that failed, the longest anybody waited, and the longest wait for a lock; in the end records, figures and the
doctor are asked. Ends with exit status 1 where anything failed. Two minutes.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bench.stage import ROOT, Stage, say
from gridgov.up.engines import Engines
from gridgov.up.web import listen

RELEASED = ROOT / "deploy" / "released.json"
# The longest that anybody may wait for a lock, and for a page, in seconds, on a machine that does nothing else.
LOCK_BOUND, PAGE_BOUND = 2.0, 5.0
# Why people have to sign in once more after this release, where they have to; empty again with the next release.
SIGNED_OUT = "sessions became rows of the house's own (docs/sign-in.md)"
PEOPLE = """
import json
from django.test import Client
from rest_framework.authtoken.models import Token
from cases.models import Case, Category
from grids.models import Post
def cookie(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
Category.objects.filter(code="0602").update(needs_place=False, needs_photo=False)
street = Post.objects.filter(kind="street_staff").order_by("pk").first().user
worker = Post.objects.filter(kind="grid_worker_ft").order_by("pk").first()
print(json.dumps({
    "street": cookie(street), "worker": cookie(worker.user), "token": Token.objects.get_or_create(user=worker.user)[0].key,
    "grid": worker.grid.code, "case": Case.objects.visible_to(street).order_by("-pk").values_list("pk", flat=True).first(),
    "cases": Case.objects.count(),
}))
"""
PAGES = (
    ("street", "/admin/"), ("street", "/admin/cases/case/"), ("street", "/admin/cases/case/{case}/change/"), ("street", "/admin/live/"),
    ("worker", "/m/"), ("worker", "/m/cases/"), ("", "/r/"), ("token", "/api/v1/cases/"),
)  # fmt: skip
WAITS = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Before(Stage):
    """A stage on which the version before runs, from its own folder."""

    source = ROOT

    def manage(self, *args: str) -> str:
        command = [sys.executable, "manage.py", *args]
        return subprocess.run(
            command, cwd=self.source, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        ).stdout


@dataclass
class Seen:
    """What people met: good answers and faults by stage, the longest answer in seconds, cases reported."""

    good: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    reported: list[int] = field(default_factory=list)
    longest_lock: float = 0.0


def unpack(commit: str, folder: Path) -> Path:
    """The source as it was at COMMIT. Raises CalledProcessError where git doesn't know it."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    target = folder / "before"
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    return target


@contextlib.contextmanager
def web(stage: Stage, source: Path) -> Iterator[int]:
    """The web server of the version in SOURCE; its port."""
    listener = listen("127.0.0.1", 18700)
    listener.set_inheritable(True)
    port = listener.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn.conf.py",
        "--bind",
        f"fd://{listener.fileno()}",
        "gridgov.wsgi",
    ]
    child = subprocess.Popen(command, cwd=source, env=stage.env, pass_fds=(listener.fileno(),))
    try:
        wait_for_answer(port)
        yield port
    finally:
        child.terminate()
        child.wait(30)
        listener.close()


def wait_for_answer(port: int) -> None:
    """Until the process answers; the old one is not *ready* any more while migrations wait that only the new one knows."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            line = HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError("the web server did not answer")


def work(number: int, port: list[int], phase: list[str], people: dict[str, Any], seen: Seen) -> None:
    """One person: reads the main pages one after the other and reports a case each round, until the phase is `over`."""
    turn = number
    while phase[0] != "over":
        turn += 1
        who, path = PAGES[turn % len(PAGES)]
        _ask(port[0], phase[0], "GET", path.format(case=people["case"]), who, people, None, seen)
        if turn % 4 == 0:
            body = json.dumps({"category": "0602", "text": "升级时上报", "grid": people["grid"]})
            _ask(port[0], phase[0], "POST", "/api/v1/cases/", "token", people, body, seen)
        time.sleep(0.05)


def sign_in_again(stage: Stage, port: int, people: dict[str, Any]) -> int:
    """Let those whose session the new version at PORT doesn't know sign in there; how many these are."""
    sent_away = [
        who
        for who in ("street", "worker")
        if _status(port, "/admin/live/" if who == "street" else "/m/", people[who]) == 302
    ]
    if sent_away:
        anew = json.loads(stage.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1])
        people |= {who: anew[who] for who in sent_away}
    return len(sent_away)


def _status(port: int, path: str, session: str) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(line):
        line.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        return line.getresponse().status


def _ask(
    port: int, phase: str, method: str, path: str, who: str, people: dict[str, Any], body: str | None, seen: Seen
) -> None:
    headers = {"Content-Type": "application/json"} if body else {}
    if who == "token":
        headers["Authorization"] = f"Token {people['token']}"
    elif who:
        headers["Cookie"] = f"sessionid={people[who]}"
    line, began = HTTPConnection("127.0.0.1", port, timeout=30), time.monotonic()
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        told = answer.read()
        if answer.status in {200, 201, 304}:
            seen.good[phase] += 1
            if method == "POST":
                seen.reported.append(int(json.loads(told)["id"]))
        else:
            seen.faults[f"{phase}: {method} {path} {answer.status}"] += 1
    except (OSError, HTTPException) as error:
        seen.faults[f"{phase}: {method} {path} {type(error).__name__}"] += 1
    finally:
        line.close()
    seen.longest = max(seen.longest, time.monotonic() - began)


def watch(stage: Stage, phase: list[str], seen: Seen) -> None:
    """How long anybody waits for a lock, looked at thirty times a second."""
    with contextlib.closing(stage.connect()) as connection, connection.cursor() as cursor:
        while phase[0] != "over":
            cursor.execute(WAITS)
            seen.longest_lock = max(seen.longest_lock, float(cursor.fetchone()[0]))
            time.sleep(0.03)


def upgrade(stage: Stage, before: Before) -> tuple[Seen, list[tuple[str, str, bool]]]:
    before.manage("migrate", "--no-input")
    before.manage("load_demo")
    people = json.loads(before.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1])
    say(f"  {people['cases']} cases of the version before")
    seen, phase, port = Seen(), ["the old version"], [0]
    with web(before, before.source) as old:
        port[0] = old
        threads = [threading.Thread(target=work, args=(n * 3, port, phase, people, seen)) for n in range(3)]
        threads.append(threading.Thread(target=watch, args=(stage, phase, seen)))
        for one in threads:
            one.start()
        time.sleep(5)
        phase[0] = "while it migrates"
        began = time.monotonic()
        done = stage.manage("migrate", "--no-input")
        count = done.count("Applying ")
        say(f"  {count} migrations in {time.monotonic() - began:.0f} s")
        phase[0] = "the old version on the new shape"
        time.sleep(8)
        with web(stage, ROOT) as new:
            again = sign_in_again(stage, new, people)
            phase[0], port[0] = "the new version", new
            time.sleep(8)
            phase[0] = "over"
            for one in threads:
                one.join()
    records = stage.manage("verify_records").strip().splitlines()[-1]
    figures = subprocess.run(
        [sys.executable, "manage.py", "check_figures"], cwd=ROOT, env=stage.env, check=False
    ).returncode
    kept = stage.one("SELECT count(*) FROM cases_case WHERE id = ANY(%s)", seen.reported)
    return seen, [
        ("migrations that the new version brought", str(count), True),
        ("requests answered", ", ".join(f"{phase}: {n}" for phase, n in seen.good.items()), len(seen.good) == 4),
        ("requests that failed", str(dict(seen.faults) or 0), not seen.faults),
        (
            "people with a session, and those who had to sign in once more",
            f"2, {again}" + (f": {SIGNED_OUT}" if again else ""),
            bool(again) == bool(SIGNED_OUT),
        ),
        ("the longest anybody waited for a page", f"{seen.longest:.1f} s", seen.longest <= PAGE_BOUND),
        ("the longest wait for a lock", f"{seen.longest_lock:.2f} s", seen.longest_lock <= LOCK_BOUND),
        ("cases reported meanwhile, and there in the end", f"{len(seen.reported)}, {kept}", kept == len(seen.reported)),
        ("verify_records", records, True),
        ("check_figures", "agree" if figures == 0 else "differ", figures == 0),
    ]


PAGE = """# A rolling upgrade, tried

Made by `python -m bench.upgrade` on {cores} cores: the version of commit `{commit}` serves its own demo street, this one migrates beside
it and takes over, while three people read the main pages and report cases ([upgrading.md](upgrading.md)).

| what | found | |
|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.upgrade", description=__doc__)
    parser.add_argument(
        "--from", dest="commit", default=json.loads(RELEASED.read_text())["commit"], help="a commit or tag"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "upgrade.md")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        source = unpack(options.commit, folder)
        with Engines(folder, durable=True) as engines:
            stage = Stage(engines, folder, "bench_upgrade")
            Stage(engines, folder).one("CREATE DATABASE bench_upgrade OWNER gridgov")
            before = Before(engines, folder, "bench_upgrade")
            before.source = source
            say(f"the version of {options.commit[:10]} makes its street")
            _seen, rows = upgrade(stage, before)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for what, found, fine in rows:
        say(f"  {'' if fine else 'WRONG: '}{what}: {found}")
    lines = [f"| {what} | {found} | {'as it should be' if fine else '**wrong**'} |" for what, found, fine in rows]
    options.out.write_text(
        PAGE.format(cores=os.cpu_count(), commit=options.commit[:10]) + "\n".join(lines) + "\n", encoding="utf-8"
    )
    sys.exit(0 if all(fine for _what, _found, fine in rows) else 1)


if __name__ == "__main__":
    main()
