"""The verbs of the command line, with their messages and exit codes."""

import io
import os
import subprocess
import sys
from pathlib import Path

import gridgov
from gridgov.up.app import App
from gridgov.up.console import Console, let_go
from gridgov.up.engines import EngineFailed, Engines
from gridgov.up.lock import AlreadyRuns, Run, RunLock, stop_run
from gridgov.up.owner import NotOurs, make_data_folder
from gridgov.up.postgres import WrongVersion
from gridgov.up.private import given, secret_key
from gridgov.up.stack import Stack
from gridgov.up.supervisor import StartFailed, StopRequested, Supervisor
from gridgov.up.web import listen, split_address

ROOT = Path(gridgov.__file__).resolve().parent.parent
OK, FAILED, REFUSED = 0, 1, 3


def data_folder() -> Path:
    """Where a run keeps its state, as settings.py knows it too."""
    return Path(os.environ.get("GRIDGOV_DATA", ROOT / ".data")).resolve()


def run(app: App) -> int:
    """Run APP until somebody stops it. 0: stopped; 1: a process did not start; 3: it may not start here or now."""
    data = data_folder()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show Chinese must not end the run
    console = Console()
    lock = RunLock(data)
    try:
        host, port = split_address(os.environ.get("GRIDGOV_BIND", "127.0.0.1:8000"))
        make_data_folder(data)
        lock.take()
    except AlreadyRuns as error:
        console.show(
            f"gridgov already runs in {data}: {describe(error.run)}.\nStop it with Ctrl-C there or `make stop`."
        )
        return REFUSED
    except (NotOurs, ValueError) as error:
        console.show(str(error))
        return REFUSED
    supervisor = Supervisor(console, hold=(lock.fd,))
    supervisor.listen_to_signals()
    with listen(host, port) as listener:
        taken = listener.getsockname()[1]
        if port not in (taken, 0):
            supervisor.say(
                f"port {port} is taken by another program: using {taken} (choose with GRIDGOV_BIND=host:port)"
            )
        stack = Stack(app, supervisor, root=ROOT, data=data, listener=listener)
        lock.write(address=stack.address)
        try:
            return guarded(stack, supervisor)
        finally:
            supervisor.stop()
            stack.started.remove()
            lock.release()
            supervisor.say("stopped; nothing is left running")
            let_go()


def restore(backup: str, *more: str) -> int:
    """Bring BACKUP back into the data folder with its engines running for that alone; MORE goes to `manage.py restore`."""
    data, lock = data_folder(), RunLock(data_folder())
    console = Console()
    try:
        make_data_folder(data)
        lock.take()
    except AlreadyRuns as error:
        console.show(f"gridgov runs in {data}: {describe(error.run)}.\nStop it first with `make stop`.")
        return REFUSED
    except NotOurs as error:
        console.show(str(error))
        return REFUSED
    try:
        with Engines(data) as engines:
            surroundings = {
                "DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url, "GRIDGOV_DATA": str(data),
                "GRIDGOV_SECRET_KEY": given("GRIDGOV_SECRET_KEY") or secret_key(data), "GRIDGOV_STATIC_FROM_SOURCE": "1",
            }  # fmt: skip
            command = [sys.executable, "manage.py", "restore", "--from", str(Path(backup).resolve()), *more]
            return subprocess.run(command, cwd=ROOT, env={**os.environ, **surroundings}, check=False).returncode
    except (EngineFailed, WrongVersion) as error:
        console.show(f"cannot start: {error}")
        return FAILED
    finally:
        lock.release()


def guarded(stack: Stack, supervisor: Supervisor) -> int:
    """Run STACK and put its end into words."""
    try:
        stack.run()
    except StopRequested as error:
        supervisor.say(f"stopping ({error})")
        return OK
    except (StartFailed, WrongVersion) as error:
        supervisor.say(f"cannot start: {error}")
    return FAILED


def describe(run: Run | None) -> str:
    if run is None:
        return "it has only just begun"
    return f"pid {run.pid}, {run.address or 'no address yet'}, since {run.since}"


def stop() -> int:
    """Stop the run in the data folder, from another terminal."""
    data = data_folder()
    stopped = stop_run(data)
    print(f"stopped {describe(stopped)}" if stopped else f"nothing runs in {data}")
    return OK


def status() -> int:
    """Say whether a run is there; exit code 0 if so, 1 if not."""
    lock = RunLock(data_folder())
    if lock.held():
        print(describe(lock.read()))
        return OK
    print(f"nothing runs in {data_folder()}")
    return FAILED
