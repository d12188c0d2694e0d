"""The stage: engines, one database per size, the production web server, real workers and beat."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg2

from gridgov.up.engines import Engines
from gridgov.up.web import listen

ROOT = Path(__file__).resolve().parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "gridgov.celery", "--quiet"]


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


@dataclass
class Stage:
    """Running engines and the environment of one database on them."""

    engines: Engines
    folder: Path
    name: str = "gridgov"

    @property
    def database_url(self) -> str:
        return self.engines.database_url.rsplit("/", 1)[0] + f"/{self.name}"

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.engines.redis_url,
            "GRIDGOV_SECRET_KEY": "bench",
            "GRIDGOV_DATA": str(self.folder / "data"),
            "GRIDGOV_STATIC_FROM_SOURCE": "1",
            "GRIDGOV_LOG": "WARNING",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }

    def connect(self) -> psycopg2.extensions.connection:
        """A connection of the bench's own, each statement its own transaction."""
        postgres = self.engines.postgres
        connection = psycopg2.connect(host=str(postgres.socket), user="gridgov", dbname=self.name)
        connection.autocommit = True
        return connection

    def one(self, sql: str, *args: object) -> object:
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(sql, args)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def use(self, name: str) -> "Stage":
        """The same stage on a new, empty database NAME, migrated."""
        self.one(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.one(f'CREATE DATABASE "{name}" OWNER gridgov')
        fresh = Stage(self.engines, self.folder, name)
        fresh.manage("migrate", "--no-input")
        return fresh

    def manage(self, *args: str) -> str:
        """Run a management command to its end; its output. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", *args]
        done = subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    @contextlib.contextmanager
    def running(self, *commands: list[str], fds: tuple[int, ...] = ()) -> Iterator[list[psutil.Process]]:
        """COMMANDS as processes while the block lasts."""
        children = [subprocess.Popen(command, cwd=ROOT, env=self.env, pass_fds=fds) for command in commands]
        try:
            yield [psutil.Process(child.pid) for child in children]
        finally:
            for child in reversed(children):
                child.terminate()
            for child in children:
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()

    @contextlib.contextmanager
    def web(self) -> Iterator[tuple[int, psutil.Process]]:
        """The production web server; (port, its first process)."""
        listener = listen("127.0.0.1", 18000)
        listener.set_inheritable(True)
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        command += ["--bind", f"fd://{listener.fileno()}", "gridgov.wsgi"]
        port = listener.getsockname()[1]
        with listener, self.running(command, fds=(listener.fileno(),)) as (process,):
            wait_for(port)
            yield port, process

    @contextlib.contextmanager
    def workers(self, processes: int = 2) -> Iterator[list[psutil.Process]]:
        """One Celery worker with PROCESSES children, and beat."""
        schedule = self.folder / "beat-schedule"
        worker = [
            *CELERY,
            "worker",
            "--concurrency",
            str(processes),
            "--without-gossip",
            "--without-mingle",
            "-l",
            "ERROR",
        ]
        beat = [*CELERY, "beat", "--schedule", str(schedule), "--pidfile=", "-l", "ERROR"]
        with self.running(worker, beat) as found:
            yield found


def wait_for(port: int, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with (
            contextlib.suppress(OSError),
            contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection,
        ):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError("the web server did not get ready")


@contextlib.contextmanager
def staged(name: str) -> Iterator[Stage]:
    """A stage on a new database NAME, with engines of its own that are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            yield Stage(engines, folder).use(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
