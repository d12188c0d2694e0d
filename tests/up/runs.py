"""Start the fake application in a folder, read what it says, and see what is left of it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
ME = (sys.executable, "-m", "tests.up.fake")


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until CONDITION holds; fail with WHAT after a time no healthy machine needs."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)


def command_line(process: psutil.Process) -> str | None:
    """What PROCESS runs; None once it has ended, also if it does so while we look."""
    try:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return None
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return None


class FakeRun:
    """A supervisor process with all it said. `family` remembers every process that ever was below it."""

    def __init__(self, popen: subprocess.Popen[str], pid: int | None = None) -> None:
        self.popen = popen
        self.lines: list[str] = []
        self.family: set[psutil.Process] = set()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.lines.append(line.rstrip())

    def said(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def wait_for(self, text: str) -> None:
        eventually(lambda: self.said(text) or self.popen.poll() is not None, text)
        assert self.said(text), "\n".join(self.lines)

    def wait_up(self) -> None:
        self.wait_for("everything is up")
        self.remember()

    def remember(self) -> None:
        """Add everything that now lives below the supervisor to the family."""
        self.family |= set(psutil.Process(self.popen.pid).children(recursive=True))

    def left_over(self) -> list[str]:
        """Command lines of family members that still live. (A pid alone would not do: it may be another's by now.)"""
        return [line for process in self.family if (line := command_line(process)) is not None]

    def wait_gone(self) -> None:
        eventually(lambda: not self.left_over(), f"the end of {self.left_over()}")

    def end(self, number: int = signal.SIGINT) -> int:
        """Send NUMBER, wait for the end; return the exit code."""
        self.popen.send_signal(number)
        code = self.popen.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


def environment(data: Path) -> dict[str, str]:
    """A fresh machine's, as far as the supervisor cares: engines of its own, any free port."""
    ours = {"DATABASE_URL", "REDIS_URL", "GRIDGOV_SECRET_KEY"}
    rest = {name: value for name, value in os.environ.items() if name not in ours}
    return rest | {"GRIDGOV_DATA": str(data), "GRIDGOV_BIND": "127.0.0.1:0"}


@contextmanager
def fake_run(data: Path, *, argv: tuple[str, ...] = ME, **more: str) -> Iterator[FakeRun]:
    """The fake application started in DATA, in a session of its own; killed afterwards if it still lives."""
    popen = subprocess.Popen(
        argv,
        cwd=ROOT,
        env=environment(data) | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    run = FakeRun(popen)
    try:
        yield run
    finally:
        if popen.poll() is None:
            popen.kill()
            popen.wait()
        assert popen.stdout is not None
        run._reader.join(SECONDS)
        popen.stdout.close()
