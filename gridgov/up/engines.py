"""PostgreSQL and Valkey in one folder, for as long as a `with` block lasts.

The supervisor of `make run` watches and restarts the two itself; this is for the tests and the benchmark.
"""

import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from gridgov.up.postgres import Postgres
from gridgov.up.process import Command, Process, how_it_ended
from gridgov.up.valkey import Valkey

START_SECONDS = 60.0


class EngineFailed(Exception):
    """An engine did not start; the text holds the last it said."""


class Engines:
    """`with Engines(folder, durable=False) as engines:` engines.database_url and .redis_url are ready to use.

    DURABLE=False: a cluster nobody will miss (no fsync, no append-only file).
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.postgres = Postgres(folder, durable=durable)
        self.valkey = Valkey(folder, durable=durable)
        self._running: list[Process] = []
        self._said: deque[str] = deque(maxlen=30)

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    def _say(self, name: str, line: str) -> None:
        self._said.append(f"{name}: {line}")

    def _failed(self, name: str, how: str) -> EngineFailed:
        return EngineFailed("\n".join([f"{name} {how}", *self._said]))

    def fallen(self) -> list[str]:
        """Of each that ended though nobody stopped it: how, and the last that the two said."""
        codes = [(process.command.name, process.exit_code()) for process in self._running]
        return [str(self._failed(name, how_it_ended(code))) for name, code in codes if code is not None]

    def _run(self, command: Command, until: Callable[[Process], bool]) -> None:
        """Start COMMAND and wait until UNTIL(process) holds; raise EngineFailed when it ends or dawdles first."""
        process = Process(command, self._say)
        self._running.append(process)
        deadline = time.monotonic() + START_SECONDS
        while not until(process):
            if (code := process.exit_code()) is not None:
                raise self._failed(command.name, how_it_ended(code))
            if time.monotonic() >= deadline:
                raise self._failed(command.name, f"was not ready after {START_SECONDS:.0f} s")
            time.sleep(0.02)

    def start(self) -> None:
        """Start both and create the database; raise EngineFailed (nothing is left running then)."""
        try:
            if not self.postgres.exists():
                self._run(self.postgres.initdb(), lambda process: process.exit_code() == 0)
                self._running.pop().wait()
                self.postgres.adopt()
            self.postgres.check_version()
            self._run(self.postgres.command(), lambda process: self.postgres.ready())
            self._run(self.valkey.command(), lambda process: self.valkey.ready())
            self.postgres.make_database()
        except BaseException:
            self.stop()
            raise

    def end(self, engine: Postgres | Valkey, number: int) -> None:
        """Send signal NUMBER to ENGINE itself, not to its guard, and wait until it is gone: what a drill does."""
        process = next(one for one in self._running if one.command.name == engine.name)
        self._running.remove(process)
        os.kill(process.engine_pid(), number)
        process.wait()

    def bring(self, engine: Postgres | Valkey) -> None:
        """Start ENGINE again after `end`. Raises EngineFailed."""
        self._run(engine.command(), lambda process: engine.ready())

    def stop(self) -> None:
        for process in self._running:
            process.ask_to_stop()
        while self._running:
            self._running.pop().wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


@contextmanager
def throwaway_engines() -> Iterator[tuple[Engines, Path]]:
    """Engines on nothing but a temporary folder, gone with it afterwards. Yields them and the folder."""
    folder = Path(tempfile.mkdtemp(prefix="gridgov-"))
    folder.chmod(0o711)  # root's engines run as `nobody`, who must pass
    try:
        with Engines(folder, durable=False) as engines:
            yield engines, folder
    finally:
        shutil.rmtree(folder)
