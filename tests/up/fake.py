"""A small application on real engines, for the supervisor's tests: `python -m tests.up.fake`.

Its processes do what gridgov's do as far as the supervisor can tell: web has a worker of its own and answers at
/readyz only while both engines do, worker, courier and beat have a pulse, and each leaves its pid in DATA/<role>.pid. The step named by
FAKE_FAILS fails.
"""

import http.server
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import dj_database_url
import psycopg2
import redis

from gridgov.up.app import App
from gridgov.up.main import run

ME = (sys.executable, "-m", "tests.up.fake")
FAKE = App(
    migrate=(*ME, "migrate"),
    fill=(*ME, "fill"),
    web=(*ME, "web", "{fd}"),
    worker=(*ME, "pulse"),
    courier=(*ME, "pulse"),
    beat=(*ME, "pulse"),
    ready="/readyz",
)
DATA = Path(os.environ.get("GRIDGOV_DATA", "."))


def ask_engines() -> None:
    database = dj_database_url.parse(os.environ["DATABASE_URL"])
    with psycopg2.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"]) as connection:
        connection.cursor().execute("SELECT 1")
    redis.Redis.from_url(os.environ["REDIS_URL"]).ping()


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            ask_engines()
        except (psycopg2.Error, redis.RedisError):
            self.send_error(503)
        else:
            self.send_response(200)
            self.end_headers()


def web(fd: int) -> None:
    """Serve on the inherited socket, with a child that sleeps: killing web alone would leave it behind."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    server = http.server.HTTPServer(("", 0), Page, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=fd)
    server.serve_forever()


def pulse() -> None:
    while True:
        Path(os.environ["GRIDGOV_PULSE"]).touch()
        time.sleep(0.5)


def main() -> int:
    verb = sys.argv[1] if len(sys.argv) > 1 else "run"
    if verb == "run":
        return run(FAKE)
    (DATA / f"{os.environ['GRIDGOV_ROLE']}.pid").write_text(str(os.getpid()))
    if verb == os.environ.get("FAKE_FAILS"):
        print("no such column")
        return 5
    if verb == "web":
        web(int(sys.argv[2]))
    elif verb == "pulse":
        pulse()
    elif verb == "fill":
        (DATA / "accounts.txt").write_text("zhangsan 一二三\n")
    else:
        ask_engines()
        print("migrated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
