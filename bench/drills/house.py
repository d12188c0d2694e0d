"""The house on its stage: engines, web, worker, courier and beat as in production, each of which can be shot and brought back."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil

from bench.drills.pool import Pool
from bench.drills.proxy import Proxy
from bench.hooks import COURIER
from bench.stage import CELERY, ROOT, Stage, wait_for
from gridgov.up.engines import Engines
from gridgov.up.web import listen

ROLES = ("web", "worker", "courier", "beat")
# Residents come from one address here.
ENVIRONMENT = {
    "GRIDGOV_DOOR_ADDRESS": "1000000/1000000", "GRIDGOV_DOOR_STREET": "1000000/1000000", "GRIDGOV_DOOR_PAGES": "1000000",
    "DJANGO_SETTINGS_MODULE": "bench.drills.settings", "GRIDGOV_LOG": "ERROR", "PYTHONWARNINGS": "ignore",
}  # fmt: skip


class House:
    """On STAGE, whose database is migrated; `port` is the web's. The house reaches the database through `proxy`, and through a
    PgBouncer before it with POOL connections if there is a number; the drill directly."""

    def __init__(self, stage: Stage, folder: Path, *, pool: int = 0) -> None:
        self.stage, self.folder, self.engines = stage, folder, stage.engines
        self.socket, self.media, self.clock = folder / "proxy", folder / "media", folder / "clock"
        for path in (self.socket, self.media):
            path.mkdir(exist_ok=True)
        self.proxy = Proxy(self.socket, stage.engines.postgres.socket)
        self.pool = Pool(folder / "pool", self.socket, stage.name, pool) if pool else None
        self.set_clock(0)
        self.listener = listen("127.0.0.1", 18300)
        self.listener.set_inheritable(True)
        self.port = int(self.listener.getsockname()[1])
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.on_disk = self._mounted()

    def _mounted(self) -> bool:
        """Whether the photos got a small disk of their own, which can be filled; only root of a real machine can make one."""
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(self.media)], check=False, capture_output=True
        ) if os.geteuid() == 0 and shutil.which("mount") else None  # fmt: skip
        return done is not None and done.returncode == 0

    def set_clock(self, seconds: float) -> None:
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock)

    @property
    def env(self) -> dict[str, str]:
        """Of the house's processes; `manage` asks the database directly."""
        socket = self.folder / "pool" if self.pool else self.socket
        through = f"postgres://gridgov@{quote(str(socket), safe='')}/{self.stage.name}"
        return {**self.direct, "DATABASE_URL": through, "GRIDGOV_POOLED": "1" if self.pool else ""}

    @property
    def direct(self) -> dict[str, str]:
        return {
            **self.stage.env, **ENVIRONMENT, "GRIDGOV_DRILL_CLOCK": str(self.clock), "GRIDGOV_MEDIA": str(self.media),
        }  # fmt: skip

    def manage(self, script: str) -> dict[str, object]:
        """Run SCRIPT in the house's shell; the JSON of its last line. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
        done = subprocess.run(command, cwd=ROOT, env=self.direct, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def bring(self, role: str) -> None:
        """Start ROLE if it is not there."""
        if role in self.running and self.running[role].poll() is None:
            return
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "deploy/gunicorn.conf.py",
            "--bind",
            f"fd://{self.listener.fileno()}",
        ]
        worker = [*CELERY, "worker", "-n", "worker@%h", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        commands = {
            "web": [*web, "gridgov.wsgi"], "worker": [*worker, "-l", "ERROR"], "courier": [*COURIER, "-n", "courier@%h"],
            "beat": [*CELERY, "beat", "--schedule", str(self.folder / "beat"), "--pidfile=", "-l", "ERROR"],
        }  # fmt: skip
        with (self.folder / f"{role}.log").open("a") as log:
            self.running[role] = subprocess.Popen(
                commands[role], cwd=ROOT, env={**self.env, "GRIDGOV_ROLE": role}, stdout=log, stderr=log,
                start_new_session=True, pass_fds=(self.listener.fileno(),) if role == "web" else (),
            )  # fmt: skip

    def shoot(self, role: str) -> None:
        """kill -9 ROLE with all its children."""
        shot = self.running.pop(role)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shot.pid, signal.SIGKILL)
        shot.wait()

    def children(self, role: str) -> list[psutil.Process]:
        """The processes of ROLE that do its work."""
        return psutil.Process(self.running[role].pid).children(recursive=True)

    def overdue(self, cursor: object, seconds: float = 3.0) -> bool:
        """Whether a job waits longer than SECONDS; CURSOR is the drill's own."""
        cursor.execute(  # type: ignore[attr-defined]
            "SELECT count(*) FROM core_job WHERE done_at IS NULL AND stuck_at IS NULL AND lease IS NULL"
            " AND run_at < now() - make_interval(secs => %s)", [seconds],
        )  # fmt: skip
        return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]

    def close(self) -> None:
        for role in reversed(ROLES):
            if role in self.running:
                self.shoot(role)
        self.listener.close()
        if self.pool:
            self.pool.close()
        self.proxy.close()
        if self.on_disk:
            subprocess.run(["umount", "-l", str(self.media)], check=False)


@contextlib.contextmanager
def housed(folder: Path, *, durable: bool = True, template: Path | None = None, pool: int = 0) -> Iterator[House]:
    """A house that serves, in FOLDER, on engines of its own: migrated, or loaded from the dump TEMPLATE of a migrated one.
    POOL: through a PgBouncer with so many connections."""
    with Engines(folder, durable=durable) as engines:
        stage = Stage(engines, folder)
        if template is None:
            stage.manage("migrate", "--no-input")
        else:
            tool = engines.postgres.command().argv[0].rpartition("/")[0] + "/pg_restore"
            where = ["-h", str(engines.postgres.socket), "-U", "gridgov", "-d", "gridgov"]
            subprocess.run([tool, "--no-owner", *where, str(template)], check=True)
        house = House(stage, folder, pool=pool)
        try:
            for role in ROLES:
                house.bring(role)
            wait_for(house.port)
            yield house
        finally:
            house.close()
