"""The street's people as one process of their own: `python -m bench.street.client PORT RATE SECONDS SEED`, PEOPLE as JSON on stdin.

Open loop: requests are sent at moments drawn before (Poisson), whether or not the house has answered those before, and each is
measured from the moment it was *meant* to be sent, so that a house that falls behind can't hide it. Connections are kept.
"""

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from bench.street.mix import Asked, Street

CONNECTIONS = 96
# The server parts with a connection that idles for five seconds; so do we, before it.
IDLE_SECONDS = 3.0
WARM_UP = 4.0
PATIENCE = 30.0


@dataclass
class Line:
    """One kept connection."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    used: float = 0.0

    async def ask(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body). Raises OSError, ValueError, asyncio.IncompleteReadError."""
        if self.writer is None or time.perf_counter() - self.used > IDLE_SECONDS:
            self.part()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        assert self.reader is not None
        assert self.writer is not None
        self.writer.write(raw)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:] if line)
        }
        status = int(head[0].split()[1])
        body = await self._body(headers, status)
        self.used = time.perf_counter()
        if headers.get("connection", "").lower() == "close":
            self.part()
        return status, headers, body

    async def _body(self, headers: dict[str, str], status: int) -> bytes:
        assert self.reader is not None
        if status in {204, 304}:
            return b""
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while size := int(await self.reader.readline(), 16):
                parts.append((await self.reader.readexactly(size + 2))[:-2])
            await self.reader.readline()
            return b"".join(parts)
        return await self.reader.readexactly(int(headers.get("content-length", "0")))

    def part(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


@dataclass
class Seen:
    """What came of it: (kind, seconds from the meant moment) of those that were answered well, and faults by their words."""

    times: list[tuple[str, float]] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)

    def fault(self, word: str) -> None:
        self.faults[word] = self.faults.get(word, 0) + 1


async def worker(
    port: int, queue: "asyncio.Queue[tuple[float, Asked] | None]", street: Street, seen: Seen, from_: float
) -> None:
    line = Line(port)
    while (taken := await queue.get()) is not None:
        meant, asked = taken
        try:
            status, headers, body = await asyncio.wait_for(line.ask(asked.raw), PATIENCE)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as error:
            line.part()
            seen.fault(f"{asked.kind}: {type(error).__name__}")
            continue
        if status not in asked.fine:
            seen.fault(f"{asked.kind}: {status}")
            continue
        if asked.tag:
            street.tags[asked.tag] = headers.get("etag", "")
        if status == 201:
            street.reported.append(int(json.loads(_plain(body, headers))["id"]))
        if meant >= from_:
            seen.times.append((asked.kind, time.perf_counter() - meant))
    line.part()


def _plain(body: bytes, headers: dict[str, str]) -> bytes:
    if headers.get("content-encoding") == "gzip":
        import gzip

        return gzip.decompress(body)
    return body


async def run(port: int, rate: float, seconds: float, seed: int, people: dict[str, Any]) -> dict[str, Any]:
    street, seen, draw = Street(people, seed), Seen(), random.Random(seed)
    queue: asyncio.Queue[tuple[float, Asked] | None] = asyncio.Queue()
    begin = time.perf_counter() + 0.2
    workers = [asyncio.create_task(worker(port, queue, street, seen, begin + WARM_UP)) for _ in range(CONNECTIONS)]
    meant, sent = begin, 0
    while meant < begin + WARM_UP + seconds:
        await asyncio.sleep(max(0.0, meant - time.perf_counter()))
        queue.put_nowait((meant, street.next()))
        sent += meant >= begin + WARM_UP
        meant += draw.expovariate(rate)
    for _ in workers:
        queue.put_nowait(None)
    await asyncio.gather(*workers)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "times": seen.times,
        "faults": seen.faults,
        "sent": sent,
        "cpu": used.ru_utime + used.ru_stime,
        "shares": street.names(),
    }


def main() -> None:
    port, rate, seconds, seed = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    print(json.dumps(asyncio.run(run(port, rate, seconds, seed, json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
