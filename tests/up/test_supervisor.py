"""`make run` with a small application on real engines: how it starts, restarts and leaves."""

import json
import os
import pty
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gridgov.up.found import found
from tests.up.runs import ME, ROOT, environment, eventually, fake_run

ROLES = ("web", "worker", "courier", "beat")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one run after the other, as a street's is: each begins where the last one left, or was left."""
    return tmp_path_factory.mktemp("data")


def pid_of(data: Path, name: str) -> int:
    """The pid of a role's or an engine's own process (not its guard's); 0 while there is none."""
    path = {"postgres": "postgres/postmaster.pid", "valkey": "valkey/valkey.pid"}.get(name, f"{name}.pid")
    try:
        return int((data / path).read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def test_from_nothing_to_ctrl_c(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with fake_run(data) as run:
        run.wait_up()
        started = data / "started.json"
        assert stat.S_IMODE(started.stat().st_mode) == 0o600
        assert sorted(json.loads(started.read_text())) == ["DATABASE_URL", "GRIDGOV_SECRET_KEY", "REDIS_URL"]
        assert found(data)["GRIDGOV_SECRET_KEY"] == (data / "secret_key").read_text()
        assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
        assert run.said("zhangsan 一二三")
        assert len(run.family) > 10

        again = subprocess.run(
            ME, cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=60, check=False
        )
        assert again.returncode == 3
        address = next(line for line in run.lines if "首页" in line).split()[-1]
        assert f"gridgov already runs in {data}: pid {run.popen.pid}, {address}" in again.stdout

        assert run.end(signal.SIGINT) == 0
        assert run.left_over() == []
        assert not started.exists()
        assert run.said("nothing is left running")


def test_every_killed_child_comes_back(data: Path) -> None:
    names = ("postgres", "valkey", *ROLES)
    with fake_run(data) as run:
        run.wait_up()
        before = {name: pid_of(data, name) for name in names}
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        for name in names:
            run.wait_for(f"{name} was killed by SIGKILL: starting it again")
        for name in names:
            run.wait_for(f"{name} is back")
        assert {name for name in names if pid_of(data, name) == before[name]} == set()
        run.wait_gone()
        run.remember()
        assert run.end(signal.SIGTERM) == 0
        assert run.left_over() == []


def test_a_killed_guard_leaves_nothing_beside_the_new_process(data: Path) -> None:
    with fake_run(data) as run:
        run.wait_up()
        guards = [process.parent() for process in run.family if process.pid == pid_of(data, "postgres")]
        assert len(guards) == 1
        assert guards[0] is not None
        old = set(guards[0].children(recursive=True))
        guards[0].kill()
        run.wait_for("postgres is back")
        assert not any(process.is_running() for process in old)
        assert run.end() == 0


def test_kill_9_of_the_supervisor_leaves_nothing_and_the_next_run_starts(data: Path) -> None:
    with fake_run(data) as run:
        run.wait_up()
        run.popen.kill()
        run.popen.wait()  # dead, not just told to die, before the next one looks
        with fake_run(data) as following:
            following.wait_up()
            assert run.left_over() == []
            assert following.end() == 0


def test_it_goes_when_its_parent_is_killed(data: Path) -> None:
    """As when `make` is killed with signal 9: nobody is told, and still nothing stays."""
    code = f"import subprocess; subprocess.run({list(ME)!r})"
    with fake_run(data, argv=(sys.executable, "-c", code)) as run:
        run.wait_up()
        run.popen.kill()
        run.wait_gone()


def test_it_goes_when_make_alone_is_interrupted(tmp_path: Path, data: Path) -> None:
    """make passes on SIGTERM, but at SIGINT it only waits for us, as Ctrl-C reaches us anyway."""
    (tmp_path / "Makefile").write_text(f"run:\n\t@{' '.join(ME)}\n")
    with fake_run(data, argv=("make", "-f", str(tmp_path / "Makefile"))) as run:
        run.wait_up()
        run.end(signal.SIGINT)
        assert run.said("stopping (make was told to stop)")
        assert run.left_over() == []


def test_it_goes_when_the_terminal_is_closed(data: Path) -> None:
    terminal, inside = pty.openpty()
    line = "import fcntl, os, sys, termios; fcntl.ioctl(1, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
    popen = subprocess.Popen(
        [sys.executable, "-c", line, *ME],
        cwd=ROOT, env=environment(data), stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    said = b""
    while b"everything is up" not in said:
        said += os.read(terminal, 4096)
    family = set(psutil.Process(popen.pid).children(recursive=True))
    os.close(terminal)
    assert popen.wait(60) == 0
    assert [process for process in family if process.is_running()] == []


def test_a_taken_port_is_said_and_another_one_used(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with fake_run(data, GRIDGOV_BIND=f"127.0.0.1:{port}") as run:
            run.wait_for(f"port {port} is taken by another program: using ")
            assert run.end() == 0


def test_servers_named_in_the_environment_are_used(tmp_path: Path) -> None:
    engines = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    with fake_run(tmp_path, **without_database(engines)) as run:
        run.wait_up()
        assert found(tmp_path).items() >= without_database(engines).items()
        assert not (tmp_path / "postgres").exists()
        assert not (tmp_path / "valkey").exists()
        assert run.end() == 0


def without_database(engines: dict[str, str]) -> dict[str, str]:
    """The same with the cluster's own database: the tests' `gridgov` need not exist on a server of somebody's own."""
    return engines | {"DATABASE_URL": engines["DATABASE_URL"].rpartition("/")[0] + "/postgres"}


def test_a_failing_step_ends_the_start_with_its_words(data: Path) -> None:
    with fake_run(data, FAKE_FAILS="migrate") as run:
        eventually(lambda: run.popen.poll() is not None, "the end")
        assert run.popen.returncode == 1
        assert run.said("setup | no such column")
        assert run.said("cannot start: setup exited with code 5; its last words are above")


def test_a_nonsense_address_is_refused(tmp_path: Path) -> None:
    with fake_run(tmp_path, GRIDGOV_BIND="everywhere") as run:
        assert run.popen.wait(60) == 3
        assert run.said("GRIDGOV_BIND must be like 127.0.0.1:8000, not 'everywhere'")
        assert not (tmp_path / "secret_key").exists()
