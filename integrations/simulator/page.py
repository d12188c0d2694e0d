"""The simulated hotline's own door: callbacks come in here, and a page shows what it knows."""

import html
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from integrations.simulator.city import WORDS, City

LONGEST = 2**20
STYLE = "body{font:15px sans-serif;margin:2rem}td,th{text-align:left;vertical-align:top;padding:.3rem .8rem;border-bottom:1px solid #ccc}"


def page(city: City) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(number)}</td><td>{_lines(known.sent)}</td><td>{_lines(known.heard)}</td></tr>"
        for number, known in reversed(list(city.orders.items()))
    )
    head = "".join(f"<th>{WORDS[name]}</th>" for name in ("number", "sent", "heard"))
    return (
        f"<!doctype html><html lang='zh'><meta charset='utf-8'><meta http-equiv='refresh' content='5'><title>{WORDS['page']}</title>"
        f"<style>{STYLE}</style><h1>{WORDS['page']}</h1><p>{WORDS['orders']} {len(city.orders)} · {WORDS['bad']} {city.bad}</p>"
        f"<table><tr>{head}</tr>{rows}</table></html>"
    )


def _lines(words: list[str]) -> str:
    return "<br>".join(html.escape(one) for one in words)


def server(city: City, port: int) -> ThreadingHTTPServer:
    """Listens on this machine only; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, "text/html; charset=utf-8", page(city).encode())

        def do_POST(self) -> None:
            size = min(int(self.headers.get("Content-Length", 0)), LONGEST)
            status, body = city.hear(self.path, self.headers, self.rfile.read(size))
            self._answer(status, "application/json", json.dumps(body).encode())

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet: the page tells it all."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
