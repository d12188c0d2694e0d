"""The load: cases by the API and reports at the door, each request under a key of its own and repeated under it until it is
answered, as telephones do. What was promised in an answer is written down, to be asked for afterwards."""

import contextlib
import io
import itertools
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from PIL import Image

CLIENT_SECONDS = 8.0
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass
class Cast:
    """Who works: tokens of a worker, a street and a unit, and where."""

    worker: str
    street: str
    unit_staff: str
    unit: int
    grid: str
    category: str


@dataclass
class Journal:
    """What the clients met. `promised`: marker → number of the case as the API answered it, 0 where the door did; `done`:
    cases whose completion was confirmed; `photos`: their ids."""

    sent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    promised: dict[str, int] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    photos: list[int] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def first_after(self, moment: float) -> float | None:
        """Seconds from MOMENT (monotonic) to the first answer as wanted."""
        return next((one - moment for one in sorted(self.answered) if one > moment), None)


class GaveUp(Exception):
    """The house did not answer for longer than a drill waits."""


class Refused(Exception):
    """An answer that says no: under a fault nothing may be refused that would else be done."""


def picture(colour: int) -> bytes:
    out = io.BytesIO()
    noise = random.Random(colour).randbytes(160 * 120 * 3)
    Image.frombytes("RGB", (160, 120), noise).save(out, "JPEG", quality=90)
    return out.getvalue()


def form(fields: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    mark = uuid.uuid4().hex
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    for name, content in files.items():
        of_file = f'{head}"{name}"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(of_file.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


class Clients:
    """THREADS clients at work from `start` to `stop`; everything that was begun is brought to its end."""

    def __init__(
        self, port: int, cast: Cast, threads: int = 4, *, photos: bool = True, patience: float = 180.0
    ) -> None:
        self.port, self.cast, self.journal, self.photos, self.patience = port, cast, Journal(), photos, patience
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._numbers = itertools.count(1)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        self.errors: list[str] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(self.patience + 60)

    def give_up(self) -> None:
        """End without insisting: the drill itself broke."""
        self.patience = 0.0
        self.stop()

    def _work(self) -> None:
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=CLIENT_SECONDS)) as connection:
            while not self._stop.is_set():
                try:
                    self._case(connection, next(self._numbers))
                except (GaveUp, Refused) as error:
                    self.errors.append(str(error))
                time.sleep(random.random() * 0.2)

    def _case(self, connection: HTTPConnection, number: int) -> None:
        """One matter: by the worker alone, through the street to a unit, or from a resident at the door."""
        marker = f"演练{uuid.uuid4().hex}"
        if number % 5 == 0:
            self._door(connection, marker, number)
            return
        by_street = number % 5 == 1
        who = self.cast.street if by_street else self.cast.worker
        body = {"category": self.cast.category, "text": marker, "grid": self.cast.grid, "place": "3号楼"}
        case = int(self._verb(connection, who, "", body)["id"])
        with self._lock:
            self.journal.promised[marker] = case
        if self.photos and number % 2:
            self._photo(connection, who, case, number)
        if by_street:
            self._verb(connection, self.cast.street, f"{case}/accept/", {})
            self._verb(connection, self.cast.street, f"{case}/dispatch/", {"unit": self.cast.unit})
            self._verb(connection, self.cast.unit_staff, f"{case}/sign-in/", {})
        if by_street or number % 5 == 2:
            handler = self.cast.unit_staff if by_street else self.cast.worker
            self._verb(connection, handler, f"{case}/complete/", {"result": "已清理"})
            with self._lock:
                self.journal.done.append(case)

    def _verb(self, connection: HTTPConnection, token: str, path: str, body: object) -> dict[str, Any]:
        said = {**JSON, "Authorization": f"Token {token}", "Idempotency-Key": uuid.uuid4().hex}
        return dict(json.loads(self._insist(connection, f"/api/v1/cases/{path}", json.dumps(body).encode(), said)))

    def _photo(self, connection: HTTPConnection, token: str, case: int, number: int) -> None:
        body, kind = form({"kind": "before"}, {"photo": picture(number)})
        said = {"Content-Type": kind, "Accept": "application/json", "Authorization": f"Token {token}",
                "Idempotency-Key": uuid.uuid4().hex}  # fmt: skip
        found = json.loads(self._insist(connection, f"/api/v1/cases/{case}/photos/", body, said))
        with self._lock:
            self.journal.photos.append(int(found["id"]))

    def _door(self, connection: HTTPConnection, marker: str, number: int) -> None:
        key, path = str(uuid.uuid4()), "/r/report/"
        token = uuid.uuid4().hex  # a cookie of one's own choosing is as good as one given out, where both are the same
        fields = {"g": self.cast.grid, "m": self.cast.category[:2], "text": marker, "key": key}
        body, kind = form(fields, {"photos": picture(number)} if self.photos and number % 2 else {})
        said = {
            "Content-Type": kind,
            "Cookie": f"csrftoken={token}",
            "X-CSRFToken": token,
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        self._insist(connection, path, body, said)
        with self._lock:
            self.journal.promised[marker] = 0

    def _insist(self, connection: HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """POST under one key until the answer is as wanted. Raises GaveUp, Refused."""
        end = time.monotonic() + self.patience
        for again in itertools.count():
            if time.monotonic() > end:
                raise GaveUp(path)
            with self._lock:
                self.journal.sent += 1
                self.journal.repeated += bool(again)
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (HTTPException, OSError) as error:
                connection.close()
                with self._lock:
                    self.journal.unknown[type(error).__name__] += 1
                time.sleep(0.2 + random.random() * 0.5)
                continue
            if answer.status < 300:
                with self._lock:
                    self.journal.answered.append(time.monotonic())
                return content
            with self._lock:
                tally = self.journal.failed if answer.status >= 500 else self.journal.refused
                tally[str(answer.status)] += 1
                if len(self.journal.words) < 20 and answer.status != 503:
                    self.journal.words.append(f"{path} {answer.status} {content[:300]!r}")
            if answer.status < 500:
                raise Refused(f"{path}: {answer.status} {content[:200]!r}")
            time.sleep(0.2 + random.random() * 0.5)
        raise GaveUp(path)
