"""A command with its guard: started, listened to, stopped, and never left behind (see guard.py)."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gridgov.up.owner import Owner

GUARD = Path(__file__).with_name("guard.py")
# What the guard itself may need on top of its command's grace: it kills and reaps, which takes no time worth naming.
GUARD_MARGIN = 5.0

Say = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run. GRACE is how many seconds it may take to end after STOP before it is killed.

    MUTE: lines in which this is found are noise and are not passed on.
    """

    name: str
    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    owner: Owner | None = None
    stop: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    fds: tuple[int, ...] = ()
    mute: re.Pattern[str] | None = None


class Process:
    """One run of a Command. Every line it prints goes to SAY(name, line), from a thread of its own."""

    def __init__(self, command: Command, say: Say, *, hold: tuple[int, ...] = ()) -> None:
        """Start it. HOLD: file descriptors its guard (not the command) keeps open until all of it is gone."""
        self.command = command
        options: dict[str, object] = {"stop": command.stop, "grace": command.grace, "hold": hold}
        if command.cwd:
            options["cwd"] = str(command.cwd)
        if command.owner:
            options |= {"uid": command.owner.uid, "gid": command.owner.gid, "reach": command.owner.reach}
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), json.dumps(options), *command.argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **command.env},
            pass_fds=(*command.fds, *hold),
            start_new_session=True,
            text=True,
            errors="replace",
        )
        self._listener = threading.Thread(target=self._listen, args=(say,), daemon=True, name=command.name)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The guard's pid; the command is its child."""
        return self._popen.pid

    def engine_pid(self) -> int:
        """The pid of the command itself: the guard's only child. Raises LookupError where it is gone."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        if not children:
            raise LookupError(self.command.name)
        return int(children[0])

    def _listen(self, say: Say) -> None:
        assert self._popen.stdout is not None
        mute = self.command.mute
        with self._popen.stdout as lines:
            for line in lines:
                if mute is None or not mute.search(line):
                    say(self.command.name, line.rstrip())

    def exit_code(self) -> int | None:
        """None while it runs; else as a shell tells it (128 + n when signal n killed it)."""
        code = self._popen.poll()
        return 128 - code if code is not None and code < 0 else code

    def ask_to_stop(self) -> None:
        """Send the order and come back at once. Asked twice, it is killed."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait, after ask_to_stop, until nothing of it is left; return its exit code."""
        try:
            self._popen.wait(self.command.grace + GUARD_MARGIN)
        except subprocess.TimeoutExpired:
            # The guard itself hangs (a process in uninterruptible sleep): the kernel will take the rest down with it.
            self._popen.kill()
            self._popen.wait()
        self._listener.join(1.0)
        assert self._popen.stdin is not None
        self._popen.stdin.close()
        code = self.exit_code()
        assert code is not None
        return code

    def stop(self) -> int:
        self.ask_to_stop()
        return self.wait()


def how_it_ended(code: int) -> str:
    """An exit code in words: `exited with code 1`, `was killed by SIGKILL`."""
    if code <= 128:
        return f"exited with code {code}"
    try:
        return f"was killed by {signal.Signals(code - 128).name}"
    except ValueError:
        return f"exited with code {code}"


def wait_until(condition: Callable[[], bool], *, seconds: float, step: float = 0.05) -> bool:
    """Ask CONDITION every STEP seconds until it holds (True) or SECONDS have gone by (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(step)
    return True
