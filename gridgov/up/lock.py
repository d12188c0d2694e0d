"""One run per data folder, and what others may know of it."""

import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from gridgov.up.process import wait_until

# How long what a killed run left behind may take to go down: the longest grace of any of its processes.
GOING_DOWN_SECONDS = 30.0


@dataclass(frozen=True)
class Run:
    """A run: its supervisor's pid, the web address once it is known, and the local time it began."""

    pid: int
    address: str
    since: str

    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


class AlreadyRuns(Exception):
    def __init__(self, run: Run | None) -> None:
        self.run = run
        super().__init__(str(run))


class RunLock:
    """An flock on DATA/run.lock, with the run's particulars inside. The kernel lets go of it whatever happens.

    Give `fd` to the guards: then it is held until the last process of the run is gone, also after kill -9.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / "run.lock"
        self.fd = -1

    def take(self) -> None:
        """Take it, waiting for the remains of a killed run; raise AlreadyRuns if a living one has it."""
        self.fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        wait_until(lambda: self._try() or self._holder_lives(), seconds=GOING_DOWN_SECONDS)
        if not self._try():
            raise AlreadyRuns(self.read())
        self.write(address="")

    def _try(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder_lives(self) -> bool:
        run = self.read()
        return run is not None and run.alive()

    def write(self, *, address: str) -> None:
        text = json.dumps(asdict(Run(os.getpid(), address, time.strftime("%Y-%m-%d %H:%M:%S"))))
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)

    def read(self) -> Run | None:
        """The last run that wrote here, alive or not; None if none did."""
        try:
            return Run(**json.loads(self._path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):  # the latter: read between its truncation and its writing
            return None

    def release(self) -> None:
        os.close(self.fd)
        self.fd = -1

    def held(self) -> bool:
        """Whether a run, or what a killed one left behind, has it now."""
        if not self._path.exists():
            return False
        self.fd = os.open(self._path, os.O_RDWR)
        try:
            return not self._try()
        finally:
            self.release()


def stop_run(data: Path) -> Run | None:
    """Ask the run in DATA to stop and wait until it is gone; return it, or None if there was none.

    Raises AlreadyRuns if it is still there after all its graces.
    """
    lock = RunLock(data)
    if not lock.held():
        return None
    run = lock.read()
    if run is not None and run.alive():
        os.kill(run.pid, signal.SIGTERM)
    if not wait_until(lambda: not lock.held(), seconds=2 * GOING_DOWN_SECONDS):
        raise AlreadyRuns(run)
    return run
