"""What the simulated hotline knows: the orders it sent, and what it was told about them."""

import hashlib
import hmac
import json
import random
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORDS = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
HEADERS = {name: f"X-Hotline-{name.capitalize()}" for name in ("timestamp", "nonce", "signature")}
DRIFT = 300


def sign(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(secret.encode(), b"\n".join([timestamp.encode(), nonce.encode(), body]), hashlib.sha256).hexdigest()


@dataclass
class Known:
    """One order as the hotline sees it."""

    body: dict[str, Any]
    sent: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


@dataclass
class City:
    """Sends to TO (…/exchange/<partner>) with SECRET, and hears with the same."""

    to: str
    secret: str
    grid: str
    orders: dict[str, Known] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    bad: int = 0
    dice: random.Random = field(default_factory=random.Random)
    say: Callable[[str], None] = lambda _line: None

    def send(self, operation: str, body: dict[str, Any]) -> str:
        """One signed message; what was answered."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex
        values = {"timestamp": timestamp, "nonce": nonce, "signature": sign(self.secret, timestamp, nonce, raw)}
        headers = {"Content-Type": "application/json", **{HEADERS[name]: value for name, value in values.items()}}
        request = urllib.request.Request(f"{self.to}/{operation}", raw, headers)  # noqa: S310 - who starts it names the address
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                told = f"{answer.status} {json.load(answer).get('data', {}).get('state', '')}"
        except (urllib.error.URLError, ValueError) as error:
            told = str(error)
        if known := self.orders.get(str(body.get("order_no"))):
            known.sent.append(f"{operation} v{body.get('version', '')}: {told}")
        self.say(f"→ {body.get('order_no')} {operation}: {told}")
        return told

    def make(self, number: str) -> dict[str, Any]:
        """A good order."""
        category, title, text = self.dice.choice(WORDS["matters"])
        caller = {
            "name": self.dice.choice(WORDS["callers"]),
            "phone": "13800000000",
            "confidential": self.dice.random() < 0.3,
        }
        body = {
            "order_no": number, "version": 2, "request_type": "complaint", "title": title, "content": text, "caller": caller,
            "address": f"{WORDS['place']}{self.dice.randint(1, 99)}", "grid_code": self.grid, "category_code": category,
            "urgency": "normal",
            "deadline": time.strftime("%Y-%m-%dT18:00:00+08:00", time.localtime(time.time() + 5 * 86400)),
        }  # fmt: skip
        self.orders[number] = Known(body)
        return body

    def play(self, count: int, pause: float) -> None:
        """Send COUNT orders, with repeats, older and newer versions, broken ones, urgings and recalls among them."""
        start = time.strftime("12345-%Y%m%d%H%M%S")
        for place in range(count):
            body = self.make(f"{start}-{place:05}")
            if place % 7 == 3:
                body |= {"category_code": "9999"} if place % 2 else {"urgency": "?"}
            self.send("orders", body)
            if place % 5 == 1:
                self.send("orders", body)
                self.send("orders", body | {"version": 1, "content": WORDS["older"]})
            if place % 7 == 5:
                self.send("orders", body | {"version": 3, "content": WORDS["newer"]})
            if place % 6 == 2:
                self.send("urges", {"order_no": body["order_no"], "content": WORDS["urge"]})
            if place % 11 == 4:
                self.send("recalls", {"order_no": body["order_no"], "reason": WORDS["recall"]})
            time.sleep(pause)

    def hear(self, path: str, headers: Any, raw: bytes) -> tuple[int, dict[str, Any]]:
        """What the house tells; the answer to it."""
        values = {name: headers.get(header, "") for name, header in HEADERS.items()}
        wanted = sign(self.secret, values["timestamp"], values["nonce"], raw)
        fresh = values["timestamp"].isdigit() and abs(time.time() - int(values["timestamp"])) < DRIFT
        if not fresh or not hmac.compare_digest(wanted.encode(), values["signature"].encode()):
            self.bad += 1
            return 403, {"success": False}
        body = json.loads(raw)
        if path == "/orders":
            number = f"12345-G{body['reference']}"
            self.orders[number] = Known(body, heard=[WORDS["requests"]])
            self.say(f"← {number} {WORDS['requests']}")
            return 200, {"success": True, "data": {"order_no": number}}
        if body["id"] not in self.seen:  # a repetition is known by its id
            self.seen.add(body["id"])
            known = self.orders.setdefault(str(body["order_no"]), Known({}))
            words = body.get("content") or body.get("result") or body.get("reason") or body.get("step") or ""
            known.heard.append(f"{path.rsplit('/', 1)[-1]} {words}".strip())
            self.say(f"← {body['order_no']} {known.heard[-1]}")
        return 200, {"success": True}
