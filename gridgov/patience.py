"""The web server's worker, for clients that are slow: none of them holds one of its few threads, or its loop, for long.

gunicorn's threads (27.0) read a request from the socket themselves and wait for its next byte without end: eight clients that stop in
the middle of a head stop a house of two processes with four threads; and its loop stands still for two seconds whenever a client
doesn't end a connection that we have ended. So here a connection waits in the loop, which costs no
thread, until the head of its request has come, and its body too where that is small. What a thread then still reads or writes keeps
a pace, which grows sharper when hardly a thread is left (docs/threats.md has what was measured). A proxy in front that takes
requests whole knows how to do all of it better.
"""

import contextlib
import errno
import re
import selectors
import socket
import threading
import time
from functools import partial
from select import POLLIN, POLLOUT, poll
from typing import Any, NamedTuple

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

# How long, in seconds, the head of a request may take, and how much of a request, in bytes, is waited for without a thread.
HEAD_SECONDS, HELD_BYTES = 10.0, 16_384
# How long a connection that we have ended may take to end on its side; a browser takes one round.
LINGER_SECONDS, LINGER_BYTES = 2.0, 65_536
# How long a thread reads on what the house had not read of a body when it answered.
DRAIN_SECONDS = 0.3
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
# Whoever sends this sends the body once it is told to go on.
_ASKS_FIRST = re.compile(rb"\r\nExpect:[ \t]*100-continue", re.IGNORECASE)


class Pace(NamedTuple):
    """For how many seconds a thread waits for a client; what comes or goes gives them back, a second for BYTES_A_SECOND."""

    seconds: float
    bytes_a_second: int


CALM, CROWDED = Pace(20.0, 500), Pace(2.0, 16_000)


class Waiting:
    """How many of the THREADS of this process wait for a client."""

    def __init__(self, threads: int) -> None:
        self._most, self._now, self._lock = max(1, threads - 1), 0, threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self._now += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._now -= 1

    @property
    def pace(self) -> Pace:
        return CROWDED if self._now >= self._most else CALM


class Paced(socket.socket):
    """A client's connection. Whoever is too slow for a thread is as good as gone: ConnectionResetError, as gunicorn knows it."""

    def __init__(self, taken: socket.socket, waiting: Waiting) -> None:
        super().__init__(fileno=taken.detach())
        self._waiting = waiting
        self._left = 0.0

    def begin(self) -> None:
        """Another request, with its own patience."""
        self._left = CALM.seconds

    def recv(self, size: int, flags: int = 0) -> bytes:
        # With a time of its own (gunicorn's, when it drains) or without waiting, that holds.
        if self.gettimeout() is None:
            self._wait(POLLIN)
        found = super().recv(size, flags)
        self._give_back(len(found))
        return found

    def sendall(self, data: Any, flags: int = 0) -> None:
        left = memoryview(data)
        while left:
            self._wait(POLLOUT)
            with contextlib.suppress(BlockingIOError):
                sent = self.send(left, flags | socket.MSG_DONTWAIT)
                self._give_back(sent)
                left = left[sent:]

    def _give_back(self, moved: int) -> None:
        self._left = min(CALM.seconds, self._left + moved / self._waiting.pace.bytes_a_second)

    def _wait(self, for_what: int) -> None:
        asked = poll()
        asked.register(self, for_what)
        if asked.poll(0):
            return
        with self._waiting:
            while True:
                self._left = min(self._left, self._waiting.pace.seconds)
                if self._left <= 0:
                    raise ConnectionResetError(errno.ECONNRESET, "the client is too slow")
                began = time.monotonic()
                # Not longer, for the pace may change meanwhile.
                came = asked.poll(int(min(self._left, 1.0) * 1000) + 1)
                self._left -= time.monotonic() - began
                if came:
                    return


class PatientWorker(ThreadWorker):
    """Threads that serve, and a loop that waits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = Waiting(self.cfg.threads)
        self._lingering: dict[Paced, tuple[float, int]] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """CONN, new or with another request, goes to a thread once enough of that has come."""
        if not isinstance(conn.sock, Paced):
            conn.sock = Paced(conn.sock, self._waiting)
            conn.close = partial(self._end, conn)
        if self._has_come(conn):
            conn.held, conn.data_ready = None, True
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            conn.sock.begin()
            super().enqueue_req(conn)
            return
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _has_come(self, conn: TConn) -> bool:
        """Whether a thread can begin with CONN; if not, it is asked again when more than now is there, or HEAD_SECONDS are over."""
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            return True  # it came with the request before
        conn.sock.setblocking(False)
        try:
            there = conn.sock.recv(HELD_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            there = None
        except OSError:
            return True  # a thread finds out what is the matter
        before = getattr(conn, "held", None)
        if before is None:
            conn.timeout = time.monotonic() + (HEAD_SECONDS if there else self.cfg.keepalive)
        elif before == 0:
            conn.timeout = time.monotonic() + HEAD_SECONDS
        if there is None:
            conn.held = 0
            return False
        # No more than before, though it was said that there is: the client has ended.
        if len(there) == before or _is_enough(there):
            return True
        conn.held = len(there)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(there) + 1)
        return False

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Whether another request may come on CONN: not where the rest of this one's body is still on its way."""
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + DRAIN_SECONDS))

    def murder_pending(self) -> None:
        """Part with those who have let us wait too long, before a thread or after."""
        now = time.monotonic()
        for conn in [one for one in self.pending_conns if one.timeout <= now]:
            self.pending_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            util.close(conn.sock)
        for sock in [one for one, (until, _bytes) in self._lingering.items() if until <= now]:
            self._let_go(sock)

    def _cap_keepalive(self, deadline: float) -> None:
        """Stopping, wait no longer for those who may never ask either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _end(self, conn: TConn, graceful: bool = False) -> None:
        """As TConn.close; but the loop, which calls it, does not wait for the other side."""
        if not graceful:
            util.close(conn.sock)
            return
        if len(self._lingering) >= self.worker_connections:
            self._let_go(next(iter(self._lingering)))
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            util.close(conn.sock)
            return
        self._lingering[conn.sock] = (time.monotonic() + LINGER_SECONDS, LINGER_BYTES)
        self.poller.register(conn.sock, selectors.EVENT_READ, self._drain)

    def _drain(self, sock: Paced) -> None:
        until, left = self._lingering[sock]
        try:
            found = len(sock.recv(LINGER_BYTES))
        except BlockingIOError:
            return
        except OSError:
            found = 0
        if not found or found >= left:
            self._let_go(sock)
        else:
            self._lingering[sock] = (until, left - found)

    def _let_go(self, sock: Paced) -> None:
        del self._lingering[sock]
        self.poller.unregister(sock)
        util.close(sock)


def _is_enough(there: bytes) -> bool:
    """Whether THERE, the beginning of a request, has its head, and its body where that is small."""
    end = there.find(_HEAD_END)
    if end < 0:
        return len(there) >= HELD_BYTES
    length = None if _ASKS_FIRST.search(there, 0, end + 2) else _LENGTH.search(there, 0, end + 2)
    whole = end + len(_HEAD_END) + (int(length[1]) if length else 0)
    return len(there) >= whole or whole > HELD_BYTES
