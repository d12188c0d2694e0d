"""The one way out to other systems' addresses, which people of the office enter and which nobody must be able to turn inwards.

A name is looked up once, every address it leads to is judged, and the connection goes to one of those addresses: whoever
answers the name differently a moment later changes nothing. Redirects are not followed, proxies of the environment are not
asked, answers are cut, and the whole exchange has one deadline, however slowly the other side drips.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_BODY = 64 * 1024
# Of all that is read beside the body: what its chunks are wrapped in, and headers.
_MAX_BESIDE = 3 * MAX_BODY
_PIECE = 16 * 1024
_USUAL_PORTS = frozenset({80, 443})
# What is set here and by nobody else.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
# How 127.0.0.1 is written by those who hope that nobody notices: 2130706433, 0x7f.1, 0177.0.0.1, 127.1.
_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """This house doesn't send there; the text says why, for whoever entered the address."""


class Failed(Exception):
    """It was tried, and no whole answer came: not reached, cut off, too slow, or no HTTP. The text says which."""


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in small letters; BODY is the beginning of it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def begun(self, most: int) -> str:
        """The first MOST characters of the body, for people to read: what can't be read is marked."""
        text = self.body[: most * 4].decode("utf-8", "replace").replace("\ufffd", "·")
        return "".join(sign if sign.isprintable() or sign == "\n" else "·" for sign in text)[:most]


class Target(NamedTuple):
    """Where an address leads, as far as it says so itself."""

    secure: bool
    host: str
    port: int
    path: str


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float = 10.0,
    allow_private: bool = False,
    most: int = MAX_BODY,
) -> Answer:
    """Send one request and wait for its answer, TIMEOUT seconds in all; any status is an answer, of which MOST bytes are
    read. Raises Refused, Failed.

    Private and loopback targets are refused unless ALLOW_PRIVATE, or unless GRIDGOV_OUTGOING_ALLOWED names the host, the
    address or its network; unencrypted ones unless it does. Hold no database transaction open meanwhile.
    """
    deadline = time.monotonic() + timeout
    target = target_of(url)
    addresses = _judged(target, allow_private, deadline)
    if foreign := _OURS & {name.lower() for name in headers or {}}:
        raise Refused(_("The header %(name)s is not yours to set.") % {"name": min(foreign)})
    try:
        connection = _Connection(target, addresses, deadline, most)
        try:
            connection.request(method, target.path, body or None, {"Accept-Encoding": "identity", **(headers or {})})
            found = connection.getresponse()
            kept = found.read(most)
            if found.length and len(kept) < most:
                raise http.client.IncompleteRead(kept, found.length)
        finally:
            connection.hang_up()
    except (TimeoutError, http.client.HTTPException, OSError, ValueError) as error:
        raise Failed(_told(error)) from error
    return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, kept)


def target_of(url: str) -> Target:
    """URL taken apart. Raises Refused for what can't be sent to whatever the name leads to; looks nothing up."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:  # UnicodeError too
        raise Refused(_("This is no web address.")) from None
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[\x00-\x20\x7f\\]", url):
        raise Refused(_("This is no web address."))
    if "@" in parts.netloc:
        raise Refused(_("Name and password don't belong into an address."))
    if _NUMERIC.fullmatch(host) and _literal(host) is None:
        raise Refused(_("The address %(host)s is written in an unusual way.") % {"host": host})
    allowed = _allowed(host, [])
    if parts.scheme == "http" and not allowed:
        raise Refused(_("Only encrypted addresses (https://) are sent to."))
    if port < 1024 and port not in _USUAL_PORTS and not allowed:
        raise Refused(_("The port %(port)s is no web server's.") % {"port": port})
    return Target(parts.scheme == "https", host, port, _path(parts))


def _path(parts: SplitResult) -> str:
    """What stands in the request's first line; letters beyond ASCII are percent-encoded there."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return "".join(sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in path)


def _judged(target: Target, allow_private: bool, deadline: float) -> list[Address]:
    """The addresses of TARGET, all of them fit to be sent to; raises Refused where a single one is not."""
    literal = _literal(target.host)
    found = [literal] if literal else _looked_up(target.host, deadline)
    for address in found:
        meant = allow_private or _allowed(target.host, [address, _inner(address)])
        if not (is_public(address) or (meant and _is_private(address))):
            raise Refused(_("%(host)s leads into a private or reserved network.") % {"host": target.host})
    return found


def is_public(address: Address) -> bool:
    """Whether ADDRESS, and whatever address is wrapped in it, lies on the open net."""
    inner = _inner(address)
    if inner != address:
        return is_public(inner)
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not odd and not getattr(address, "is_site_local", False)


def _is_private(address: Address) -> bool:
    """Own networks, which an office may mean; never those that no server of an office has (link-local: cloud metadata)."""
    inner = _inner(address)
    odd = inner.is_multicast or inner.is_unspecified or inner.is_link_local
    return not odd and (inner.is_private or inner.is_loopback)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one wraps (mapped, NAT64, 6to4, Teredo), or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def _allowed(host: str, addresses: list[Address]) -> bool:
    """Whether the office's list names HOST, or an address of its, alone or by its network."""
    for entry in settings.OUTGOING_ALLOWED:
        if entry == host:
            return True
        network = _network(entry)
        literal = _literal(host)
        if network and any(one in network for one in [*addresses, *([literal] if literal else [])]):
            return True
    return False


@lru_cache(maxsize=256)
def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry)
    except ValueError:
        return None


def _literal(host: str) -> Address | None:
    """HOST as an address, where it is one in the ordinary spelling."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _looked_up(host: str, deadline: float) -> list[Address]:
    """The addresses of a name. In a thread: the resolver has a patience of its own that nobody can shorten."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.extend(row[4][0] for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except OSError as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(deadline - time.monotonic(), 0))
    if not found or isinstance(found[0], OSError):
        raise Failed(_("The name %(host)s is not known.") % {"host": host})
    return [ipaddress.ip_address(text) for text in dict.fromkeys(found)]


class _Connection(http.client.HTTPConnection):
    """Goes to one of ADDRESSES, whatever the name leads to by now; the name is what TLS and the Host header say."""

    def __init__(self, target: Target, addresses: list[Address], deadline: float, most: int) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.secure else 80
        self._target, self._addresses, self._deadline, self._most = target, addresses, deadline, most
        self._open: socket.socket | None = None

    def connect(self) -> None:
        self._open = self._reached()
        if self._target.secure:
            self._open.settimeout(_left(self._deadline))
            self._open = _tls(settings.OUTGOING_CA).wrap_socket(self._open, server_hostname=self.host)
        self.sock: Any = _BoundedSocket(self._open, self._deadline, self._most + _MAX_BESIDE)

    def hang_up(self) -> None:
        if self._open is not None:
            self._open.close()

    def _reached(self) -> socket.socket:
        last: OSError = TimeoutError()
        for address in self._addresses:
            reached = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)
            try:
                reached.settimeout(_left(self._deadline))
                reached.connect((str(address), self._target.port))
                reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return reached
            except OSError as error:
                reached.close()
                last = error
        raise last


class _BoundedSocket:
    """What http.client needs of a socket; every wait ends at DEADLINE, and reading after MOST bytes."""

    def __init__(self, sock: socket.socket, deadline: float, most: int) -> None:
        self._sock, self._deadline, self._most = sock, deadline, most

    def sendall(self, data: bytes) -> None:
        for start in range(0, len(data), _PIECE):
            self._sock.settimeout(_left(self._deadline))
            self._sock.sendall(data[start : start + _PIECE])

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._sock, self._deadline, self._most))

    def close(self) -> None:
        """http.client calls this before it has read the body; `hang_up` closes."""


class _BoundedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float, most: int) -> None:
        self._sock, self._deadline, self._left = sock, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left < 0:
            raise http.client.HTTPException("too much")
        self._sock.settimeout(_left(self._deadline))
        count = self._sock.recv_into(buffer)
        self._left -= count
        return count


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@lru_cache(maxsize=4)
def _tls(authority: str) -> ssl.SSLContext:
    """Trusts whom the machine trusts, and the office's own AUTHORITY (a file) if there is one."""
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    return context


def _told(error: Exception) -> str:
    """What went wrong, in words for the delivery log."""
    if isinstance(error, TimeoutError):
        return _("No whole answer came in time.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("The certificate can't be trusted: %(why)s.") % {"why": error.verify_message}
    if isinstance(error, ConnectionRefusedError):
        return _("Nobody answers at this address.")
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return _("The connection was cut before a whole answer came (%(kind)s).") % {"kind": type(error).__name__}
    return _("The address could not be reached (%(kind)s).") % {"kind": type(error).__name__}
