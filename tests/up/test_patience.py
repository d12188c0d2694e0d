"""The web server's worker under clients that are slow on purpose: whoever is quick is served meanwhile."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.up.runs import ROOT

# One process with two threads.
CONFIG = """
from gridgov import patience
worker_class = "gridgov.patience.PatientWorker"
threads, workers, keepalive, sendfile, wsgi_app, loglevel = 2, 1, 1, False, "slow_app", "critical"
"""
# Little patience, so that the test needs not much.
HURRIED = """
patience.HEAD_SECONDS, patience.LINGER_SECONDS = 0.5, 30.0
patience.CALM = patience.CROWDED = patience.Pace(0.5, 16_000)
"""
APP = """
def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [])
    return [b"%d read" % len(body), b"." * int(environ["QUERY_STRING"] or 0)]
"""
# Longer than any of it takes on a busy machine, shorter than what it would take to wait for all of these clients.
GUARD = 20.0


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    (tmp_path / "conf.py").write_text(CONFIG + request.param)
    (tmp_path / "slow_app.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "-c", str(tmp_path / "conf.py"), "--bind", f"fd://{number}",
                   "--pythonpath", str(tmp_path)]  # fmt: skip
        with subprocess.Popen(command, cwd=ROOT, pass_fds=(number,)) as running:
            yield listener.getsockname()
            running.terminate()


def begin(server: tuple[str, int], said: str) -> socket.socket:
    made = socket.create_connection(server, GUARD)
    made.sendall(said.encode())
    return made


def rest_of(made: socket.socket) -> str:
    """What comes until the other side ends; '' where it broke off."""
    found = b""
    with suppress(ConnectionResetError):
        while piece := made.recv(65536):
            found += piece
    return found.decode()


@pytest.mark.parametrize("server", [HURRIED], indirect=True, ids=[""])
def test_slow_clients_hold_nobody_up(server: tuple[str, int]) -> None:
    def is_served(body: str = "") -> bool:
        with closing(begin(server, f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n{body}")) as made:
            return rest_of(made).endswith(f"{len(body)} read")

    assert is_served("x" * 100_000)
    head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
    loop = ["", "GET / HTTP/1.1\r\nHos", f"{head}9\r\n\r\nbegun"]
    for slow in (loop * 3, [f"{head}99999999\r\n\r\nbegun"] * 5, ["GET /?40000000 HTTP/1.0\r\n\r\n"] * 5):
        made = [begin(server, said) for said in slow]
        assert is_served(), slow[-1]
        for one in made:
            assert "?" in slow[-1] or " 200 " not in rest_of(one), slow[-1]
            one.close()
    # Answered, and never ended by the client: nobody waits for that.
    left = [begin(server, "GET / HTTP/1.0\r\n\r\n") for _each in range(8)]
    assert all(rest_of(made).endswith("0 read") for made in left)
    assert is_served()
    for made in left:
        made.close()


@pytest.mark.parametrize("server", [""], indirect=True, ids=[""])
def test_whoever_is_only_a_little_slow_is_served(server: tuple[str, int]) -> None:
    made = begin(server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Le")
    for more in ("ngth: 5\r\n\r\n", "abc", "de", f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {40_000}\r\n", "\r\n"):
        time.sleep(0.1)
        made.sendall(more.encode())
    for _piece in range(4):
        time.sleep(0.1)
        made.sendall(b"x" * 10_000)
    made.sendall(
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    )
    with closing(made):
        time.sleep(0.3)
        made.sendall(b"abc")
        found = rest_of(made)
    assert [f"{size} read" in found for size in (5, 40_000, 3)] == [True, True, True]
    assert "100 Continue" in found
