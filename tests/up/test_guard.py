"""The guard on its own: nothing its command started outlives it or its starter."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gridgov.up import guard
from tests.up.runs import eventually

# A command that starts a daemon of the stubborn kind (own session, orphaned, deaf to SIGTERM) and says its pid.
DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(os.getpid(), flush=True)
        time.sleep(3600)
    os._exit(0)
os.wait()
time.sleep(3600)
"""
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(3600)"


def start(*argv: str, fds: tuple[int, ...] = (), **options: object) -> subprocess.Popen[str]:
    line = [sys.executable, "-I", "-S", guard.__file__, json.dumps(options), *argv]
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=fds)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def close(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()


@pytest.mark.parametrize(("code", "expected"), [("exit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)])
def test_it_ends_as_its_command_ended(code: str, expected: int) -> None:
    process = start(sys.executable, "-c", code)
    assert process.wait(60) == expected
    close(process)


def test_a_command_that_is_not_there_is_said() -> None:
    process = start("/no/such/program")
    assert first_line(process) == ""
    assert process.wait(60) == 127
    close(process)


@pytest.mark.parametrize("end", ["order", "starter's death"])
def test_a_daemon_does_not_escape(end: str) -> None:
    process = start(sys.executable, "-c", DAEMON)
    daemon = psutil.Process(int(first_line(process)))
    if end == "order":
        process.send_signal(signal.SIGTERM)
    else:
        assert process.stdin is not None
        process.stdin.close()
    assert process.wait(60) == 128 + signal.SIGTERM
    assert not daemon.is_running()
    close(process)


def test_a_deaf_command_is_killed_after_its_grace() -> None:
    process = start(sys.executable, "-c", DEAF, grace=0.2)
    assert first_line(process) == "deaf"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGKILL
    close(process)


def test_a_second_order_does_not_wait_for_the_grace() -> None:
    process = start(sys.executable, "-c", DEAF, grace=3600)
    assert first_line(process) == "deaf"
    process.send_signal(signal.SIGTERM)
    child = psutil.Process(process.pid).children()[0]
    process.send_signal(signal.SIGTERM)
    # The two may melt into one if they come at the same instant: so again, until it hears.
    eventually(lambda: process.poll() is not None or process.send_signal(signal.SIGTERM), "the end of the deaf")
    assert process.returncode == 128 + signal.SIGKILL
    assert not child.is_running()
    close(process)


def test_the_command_dies_with_a_killed_guard() -> None:
    process = start(sys.executable, "-c", DEAF)
    assert first_line(process) == "deaf"
    child = psutil.Process(process.pid).children()[0]
    process.kill()
    process.wait(60)
    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the command's end")
    close(process)


def test_the_lock_is_held_by_the_guard_and_not_by_the_command(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        code = f"import os, sys; sys.exit(os.path.exists('/proc/self/fd/{lock.fileno()}'))"
        process = start(sys.executable, "-c", code, fds=(lock.fileno(),), hold=[lock.fileno()])
        assert process.wait(60) == 0
    close(process)
