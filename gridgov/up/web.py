"""The web address: a listening socket that outlives the web server's restarts, and asking whether it answers."""

import errno
import socket
import urllib.error
import urllib.request

PORTS_TO_TRY = 20
BACKLOG = 256


def split_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:8000` as host and port. Raises ValueError with a plain word."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"GRIDGOV_BIND must be like 127.0.0.1:8000, not {text!r}")
    return host, int(port)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on PORT, or where it is taken on one of the next, or on any free one.

    The supervisor keeps it and lends it to the web server, so the port is known before the server starts, stays ours
    while it restarts, and who calls meanwhile waits instead of being refused.
    """
    for candidate in (*range(port, min(port + PORTS_TO_TRY, 65536)), 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return listener
    raise OSError(errno.EADDRINUSE, f"no free port on {host}")


def answers(address: str) -> bool:
    """Whether a GET of ADDRESS answers 200 within three seconds."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
