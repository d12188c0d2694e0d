"""Asking and timing: requests over kept connections, the real one and its floor by turns, so that both meet the same
weather on a shared machine."""

import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection

import psutil

Ask = Callable[["Client"], None]


@dataclass
class Client:
    """One kept connection. `token` signs in at the API, `session` at the desk; answers other than 2xx raise."""

    port: int
    token: str = ""
    session: str = ""
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        return dict(json.loads(self.content(method, path, body)))

    def content(self, method: str, path: str, body: object = None, **headers: str) -> bytes:
        """The answer as it comes over the wire."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        if self.session:
            headers["Cookie"] = f"sessionid={self.session}"
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def get(self, path: str) -> dict[str, object]:
        return self.ask("GET", path)

    def post(self, path: str, body: object) -> dict[str, object]:
        return self.ask("POST", path, body)


@dataclass(frozen=True)
class Figure:
    """Milliseconds: median and 95th percentile of the wall clock, and the web server's own CPU per request."""

    median: float
    p95: float
    cpu: float


@dataclass(frozen=True)
class Pair:
    """A real request beside its floor."""

    real: Figure
    floor: Figure

    @property
    def ratio(self) -> float:
        return self.real.median / self.floor.median

    @property
    def cpu_ratio(self) -> float:
        return self.real.cpu / self.floor.cpu if self.floor.cpu else float("nan")


def milliseconds(call: Callable[[], object]) -> float:
    """Wall clock of one CALL."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def cpu_seconds(server: psutil.Process) -> float:
    """CPU time that SERVER and its children have used."""
    family = [server, *server.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def together(server: psutil.Process, client: Client, real: Ask, floor: Ask, *, rounds: int = 8, each: int = 25) -> Pair:
    """REAL and FLOOR by turns, EACH requests a turn, ROUNDS turns; one warm-up turn is thrown away."""
    walls: dict[str, list[float]] = {"real": [], "floor": []}
    cpus: dict[str, float] = {"real": 0.0, "floor": 0.0}
    client.connection.close()  # the server parts with one that was idle; the next request opens it anew
    for turn in range(rounds + 1):
        for name, ask in (("real", real), ("floor", floor)):
            before = cpu_seconds(server)
            times = [milliseconds(lambda ask=ask: ask(client)) for _ in range(each)]  # type: ignore[misc]
            if turn:
                walls[name] += times
                cpus[name] += cpu_seconds(server) - before
    count = rounds * each
    figures = {
        name: Figure(statistics.median(times), statistics.quantiles(times, n=20)[-1], cpus[name] / count * 1000)
        for name, times in walls.items()
    }
    return Pair(figures["real"], figures["floor"])


def crowd(port: int, token: str, ask: Ask, *, clients: int = 8, each: int = 25) -> Figure:
    """CLIENTS at once, EACH requests a head."""
    times: list[float] = []

    def run() -> None:
        client = Client(port, token)
        times.extend(milliseconds(lambda: ask(client)) for _ in range(each))

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Figure(statistics.median(times), statistics.quantiles(times, n=20)[-1], 0.0)


def megabytes(process: psutil.Process) -> tuple[float, float]:
    """(RSS, USS) of PROCESS in MB; USS is what would come free if it ended."""
    memory = process.memory_full_info()
    return memory.rss / 2**20, memory.uss / 2**20
