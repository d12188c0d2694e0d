"""What the house sends out: only where it may, to the address that was judged, and never for longer or more than it said."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridgov.core.outgoing import MAX_BODY, Failed, Refused, send
from tests.receivers import Receiver, certificate, receiving, speaking

# What nobody may be led to, in the spellings that have led others there.
INWARD = [
    "https://127.0.0.1/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.100.100.200/",
    "https://169.254.169.254/latest/meta-data/", "https://0.0.0.0/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fec0::1]/", "https://[ff02::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1:0:0:f5ff:fffe]/", "https://[::127.0.0.1]/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/",
    "https://localhost/", "https://localhost./", "https://127.0.0.1./",
]  # fmt: skip
NO_ADDRESS = [
    "", "receiver.example", "//receiver.example/", "ftp://receiver.example/", "file:///etc/passwd", "gopher://127.0.0.1/",
    "https://", "https:///path", "https://user:pass@receiver.example/", "https://a b.example/", "https://x.example/\r\nX: 1",
    "https://x.example:99999/", "https://[::1/", "https://a..b/", "https://x.example\\@127.0.0.1/", "https://x.example:22/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def house(settings: Any) -> Any:
    settings.OUTGOING_ALLOWED, settings.OUTGOING_CA = (), ""
    return settings


@pytest.fixture
def receiver(house: Any) -> Iterator[Receiver]:
    house.OUTGOING_ALLOWED = ("127.0.0.1",)
    with receiving() as found:
        yield found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """names("10.0.0.1"): from now on every name leads there; the list tells which were looked up."""

    def lead_to(*addresses: str) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, *_args: Any, **_more: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return lead_to


@pytest.mark.parametrize("url", INWARD)
def test_nothing_is_sent_inwards(url: str) -> None:
    with pytest.raises(Refused):
        send("POST", url, body=b"x", timeout=1)


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        send("POST", url, timeout=1)


def test_a_refused_target_is_never_reached() -> None:
    with receiving() as found:
        for url in (found.url, found.url.replace("http://", "https://")):
            with pytest.raises(Refused):
                send("POST", url, timeout=1)
    assert found.got == []


@pytest.mark.parametrize("inward", ["10.0.0.8", "127.0.0.1", "169.254.169.254"])
def test_one_private_address_among_public_ones_is_one_too_many(names: Callable[..., list[str]], inward: str) -> None:
    names("93.184.216.34", inward)
    with pytest.raises(Refused):
        send("GET", "https://receiver.example/", timeout=1)


def test_the_cloud_s_secrets_are_refused_even_where_the_name_is_allowed(
    names: Callable[..., list[str]], house: Any
) -> None:
    house.OUTGOING_ALLOWED = ("receiver.example", "169.254.0.0/16")
    names("169.254.169.254")
    with pytest.raises(Refused):
        send("GET", "https://receiver.example/", timeout=1)
    with pytest.raises(Refused):
        send("GET", "https://receiver.example/", timeout=1, allow_private=True)


def test_a_request_arrives_whole_and_its_answer_comes_back(receiver: Receiver) -> None:
    receiver.answer = lambda got: (202, {"X-Kind": "taken"}, b"thanks")
    answer = send("POST", f"{receiver.url}/in?a=1&b=街", headers={"X-Sign": "s"}, body=b"\x00body", timeout=5)
    assert (answer.status, answer.ok, answer.headers["x-kind"], answer.body) == (202, True, "taken", b"thanks")
    [got] = receiver.got
    assert (got.method, got.path, got.body) == ("POST", "/in?a=1&b=%E8%A1%97", b"\x00body")
    assert (got.headers["host"], got.headers["x-sign"]) == (receiver.url.removeprefix("http://"), "s")
    assert got.headers["accept-encoding"] == "identity"


def test_a_name_is_looked_up_once_and_named_to_the_receiver(
    names: Callable[..., list[str]], house: Any, tmp_path: Path
) -> None:
    """The connection goes to the address that was judged; TLS and the Host header speak of the name."""
    file = certificate(tmp_path, "receiver.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    heard = []
    context.sni_callback = lambda _sock, name, _context: heard.append(name)
    house.OUTGOING_ALLOWED, house.OUTGOING_CA = ("127.0.0.0/8",), str(file)
    with receiving(tls=context) as found:
        port = found.url.rsplit(":", 1)[1]
        asked = names("127.0.0.1")
        assert send("POST", f"https://Receiver.example:{port}/x", body=b"1", timeout=5).status == 200
        with pytest.raises(Failed) as wrong_name:
            send("POST", f"https://other.example:{port}/x", body=b"2", timeout=5)
        house.OUTGOING_CA = ""
        with pytest.raises(Failed) as unknown:
            send("POST", f"https://receiver.example:{port}/x", body=b"3", timeout=5)
    assert all(isinstance(fault.value.__cause__, ssl.SSLCertVerificationError) for fault in (wrong_name, unknown))
    assert asked == ["receiver.example", "other.example", "receiver.example"]
    assert heard == ["receiver.example", "other.example", "receiver.example"]
    assert [(got.headers["host"], got.body) for got in found.got] == [(f"receiver.example:{port}", b"1")]


def test_redirects_are_answers(receiver: Receiver) -> None:
    receiver.answer = lambda got: (302, {"Location": "http://127.0.0.1:1/admin"}, b"")
    answer = send("POST", receiver.url, timeout=5)
    assert (answer.status, answer.ok, answer.headers["location"]) == (302, False, "http://127.0.0.1:1/admin")
    assert len(receiver.got) == 1


def test_a_huge_body_is_cut(receiver: Receiver) -> None:
    receiver.answer = lambda got: (200, {}, b"x" * 5_000_000)
    assert len(send("GET", receiver.url, timeout=5).body) == MAX_BODY


def _slowly(sock: socket.socket, start: bytes, piece: bytes) -> None:
    """START, and then PIECE every 30 ms for as long as anybody listens, two minutes at most."""
    sock.sendall(start)
    sock.settimeout(0.03)
    for _turn in range(4000):
        sock.sendall(piece)
        try:
            if not sock.recv(1):
                return
        except TimeoutError:
            continue


DRIPS = {
    "silence": lambda sock: _slowly(sock, b"", b""),
    "a body by the byte": lambda sock: _slowly(sock, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    "an endless body by the byte": lambda sock: _slowly(sock, b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": lambda sock: _slowly(sock, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "headers by the byte": lambda sock: _slowly(sock, b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "please wait": lambda sock: _slowly(sock, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
WRECKS = {
    "nothing": lambda sock: None,
    "no http": lambda sock: sock.sendall(b"SSH-2.0-OpenSSH\r\n"),
    "half a body": lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
    "half a chunk": lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf"),
    "endless headers": lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000),
    "endless waiting": lambda sock: sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000),
}


@pytest.mark.parametrize("how", DRIPS)
def test_whoever_drips_is_left_in_time(house: Any, how: str) -> None:
    house.OUTGOING_ALLOWED = ("127.0.0.0/8",)
    with speaking(DRIPS[how]) as url, pytest.raises(Failed) as fault:
        send("POST", url, body=b"x", timeout=0.3)
    assert isinstance(fault.value.__cause__, TimeoutError)


@pytest.mark.parametrize("how", WRECKS)
def test_half_an_answer_is_none(house: Any, how: str) -> None:
    house.OUTGOING_ALLOWED = ("127.0.0.0/8",)
    with speaking(WRECKS[how]) as url, pytest.raises(Failed):
        send("POST", url, body=b"x", timeout=5)


def test_nobody_there(house: Any) -> None:
    house.OUTGOING_ALLOWED = ("127.0.0.1",)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(Failed):
        send("POST", f"http://127.0.0.1:{port}/", timeout=2)


def test_headers_that_would_turn_the_request_are_refused(receiver: Receiver) -> None:
    with pytest.raises(Refused):
        send("POST", receiver.url, headers={"Host": "internal"}, timeout=2)
    with pytest.raises(Failed):
        send("POST", receiver.url, headers={"X-A": "1\r\nX-B: 2"}, timeout=2)
    assert receiver.got == []
