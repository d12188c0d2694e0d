"""What `make run` starts, in which order: engines, migrate, web, demo street, worker, courier, beat."""

import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from socket import socket

from gridgov.up.app import App
from gridgov.up.banner import banner
from gridgov.up.postgres import Postgres
from gridgov.up.private import StartedFile, given, secret_key
from gridgov.up.process import Command
from gridgov.up.supervisor import Service, Supervisor
from gridgov.up.valkey import Valkey
from gridgov.up.web import answers

APP_FLOOR = 1
# The web server may be as slow as that to answer for the first time (a loaded machine, a cold disk).
APP_SECONDS = 300.0


class Stack:
    """One run of APP, started in ROOT, with its state in DATA; LISTENER is the web address."""

    def __init__(self, app: App, supervisor: Supervisor, *, root: Path, data: Path, listener: socket) -> None:
        self._up, self._root, self._data, self._listener = supervisor, root, data, listener
        self._app = app
        self._environment: dict[str, str] = {}
        self.started = StartedFile(data)

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"http://{'127.0.0.1' if ip_address(host).is_unspecified else host}:{port}/"

    def run(self) -> None:
        """Bring everything up, say where it is, and keep it so; ends by StopRequested or StartFailed only."""
        began = time.monotonic()
        self._environment = {"GRIDGOV_SECRET_KEY": given("GRIDGOV_SECRET_KEY") or secret_key(self._data)}
        self._start_engines()
        self.started.write(self._environment)
        self._environment |= self._surroundings()
        self._up.say("bringing the database up to date")
        self._up.run_step(self._command("setup", self._app.migrate))
        filling = self._up.begin_step(self._command("demo", self._app.fill))
        self._start_web()
        self._up.say(f"the first page is at {self.address} (after {time.monotonic() - began:.0f} s)")
        self._up.finish_step(filling)
        self._start_celery()
        self._up.console.show(banner(self.address, self._data))
        self._up.watch()

    def _surroundings(self) -> dict[str, str]:
        """What a process needs to know besides the engines and the key."""
        static = self._data / "static"
        static.mkdir(exist_ok=True)
        return {
            "GRIDGOV_DATA": str(self._data),
            # Static files come from where they lie in the source; whitenoise wants an existing folder all the same.
            "GRIDGOV_STATIC_FROM_SOURCE": "1",
            "GRIDGOV_STATIC": str(static),
            # The accounts of accounts.txt sign in with what stands there, administrators without a second factor.
            "GRIDGOV_EASY_SIGN_IN": given("GRIDGOV_EASY_SIGN_IN") or "1",
            "PYTHONUNBUFFERED": "1",
            # That root runs a worker is said on nine lines; it is the only way in a container that has only root.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        }

    def _start_engines(self) -> None:
        """Take the servers named in the environment, or start our own."""
        waiting: list[Service] = []
        if address := given("REDIS_URL"):
            self._up.say("using the Redis or Valkey server named by REDIS_URL")
        else:
            valkey = Valkey(self._data)
            address = valkey.url
            waiting.append(Service(valkey.name, valkey.command, valkey.ready))
        self._environment["REDIS_URL"] = address
        postgres = None
        if address := given("DATABASE_URL"):
            self._up.say("using the PostgreSQL server named by DATABASE_URL")
        else:
            postgres = Postgres(self._data)
            address = postgres.url
            self._make_cluster(postgres)
            waiting.append(Service(postgres.name, postgres.command, postgres.ready))
        self._environment["DATABASE_URL"] = address
        for service in waiting:
            self._up.start(service)
        for service in waiting:
            self._up.wait_ready(service)
            self._up.say(f"{service.name} is ready")
        if postgres is not None and postgres.make_database():
            self._up.say("made an empty database")

    def _make_cluster(self, postgres: Postgres) -> None:
        if not postgres.exists():
            self._up.say("making a PostgreSQL cluster (only the first time)")
            self._up.run_step(postgres.initdb())
            postgres.adopt()
        postgres.check_version()

    def _start_web(self) -> None:
        ready = f"{self.address.rstrip('/')}{self._app.ready}"
        web = self._service("web", self._app.web, lambda: answers(ready), fds=(self._listener.fileno(),))
        self._up.start(web)
        self._up.wait_ready(web, seconds=APP_SECONDS)

    def _start_celery(self) -> None:
        app = self._app
        roles = {"worker": app.worker, "courier": app.courier, "beat": app.beat}
        services = [self._with_pulse(role, argv) for role, argv in roles.items()]
        for service in services:
            self._up.start(service)
        for service in services:
            self._up.wait_ready(service, seconds=APP_SECONDS)

    def _command(self, role: str, argv: tuple[str, ...], *, fds: tuple[int, ...] = (), **more: str) -> Command:
        environment = self._environment | {"GRIDGOV_ROLE": role} | more
        filled = [word.format(fd=self._listener.fileno(), data=self._data) for word in argv]
        return Command(name=role, argv=filled, env=environment, cwd=self._root, fds=fds)

    def _service(
        self, role: str, argv: tuple[str, ...], ready: Callable[[], bool], *, fds: tuple[int, ...] = ()
    ) -> Service:
        return Service(role, lambda: self._command(role, argv, fds=fds), ready, floor=APP_FLOOR)

    def _with_pulse(self, role: str, argv: tuple[str, ...]) -> Service:
        pulse = self._data / f"{role}.pulse"

        def command() -> Command:
            pulse.unlink(missing_ok=True)
            return self._command(role, argv, GRIDGOV_PULSE=str(pulse))

        return Service(role, command, pulse.exists, floor=APP_FLOOR)
