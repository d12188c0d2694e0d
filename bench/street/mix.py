"""What a street asks for in an hour of work, and in which proportion; who asks, and what the requests look like on the wire.

The weights are an estimate, written here to be argued with: two hundred open desks that ask what is new every 15 seconds are 13
requests a second by themselves, so they lead; then people who read, then those who write. Each write is a real one.
"""

import io
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

BOUNDARY, CSRF = "streetstreetstreet", "abcdefghijklmnopqrstuvwxyz012345"
WORDS = "楼道里堆了很多纸箱,走路不方便"

# Run inside the house: sessions, tokens and numbers of the first street; and nothing that keeps the mix from being measured.
PEOPLE = """
import json
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token
from accounts.models import User
from cases.models import Case, Category
from grids.actions import set_public_page
from grids.models import Grid, Post, PublicPage
def cookie(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
code = "990101001"
def holders(kind, most):
    posts = Post.objects.filter(kind=kind, valid_to=None, user__is_active=True)
    if kind != "unit_staff":
        posts = posts.filter(grid__code__startswith=code)
    return list(User.objects.filter(pk__in=posts.order_by("pk").values("user")).order_by("pk")[:most])
street = holders("street_staff", 8)
Category.objects.filter(code="0602").update(needs_place=False, needs_photo=False, needs_photo_before=False, public=True)
root = Grid.objects.get(code=code)
if not PublicPage.objects.filter(street=root, is_open=True).exists():
    set_public_page(street=root, is_open=True, phone="010-12345678", words="", by=street[0], at=timezone.now())
own = {}
for user in holders("grid_worker_ft", 30):
    rows = list(Case.objects.visible_to(user).order_by("-pk").values_list("pk", flat=True)[:20])
    grid = Post.objects.filter(user=user, kind="grid_worker_ft", valid_to=None).order_by("pk").first().grid.code
    own[cookie(user)] = {"cases": rows, "grid": grid}
seen = Case.objects.visible_to(street[0])
print(json.dumps({
    "desks": [cookie(user) for user in street + holders("root_grid_lead", 8) + holders("total_grid_lead", 4)],
    "clerks": [cookie(user) for user in street], "units": [cookie(user) for user in holders("unit_staff", 10)],
    "workers": own, "token": Token.objects.get_or_create(user=street[0])[0].key,
    "cases": list(seen.order_by("-pk").values_list("pk", flat=True)[:400]),
    "numbers": list(seen.order_by("-pk").values_list("no", flat=True)[:50]),
    "grid": Grid.objects.filter(kind="micro", code__startswith=code, valid_to=None).order_by("code").first().code,
}))
"""


@dataclass
class Asked:
    """One request: RAW as it goes over the line; KIND names it in the table; FINE are the answers that are none of a fault."""

    kind: str
    raw: bytes
    fine: tuple[int, ...] = (200,)
    # Where the answer's ETag is kept, for the next time.
    tag: str = ""


class Street:
    """Draws requests in the proportions of MIX."""

    def __init__(self, people: dict[str, Any], seed: int) -> None:
        self.people = people
        self.tags: dict[str, str] = {}
        self._draw = random.Random(seed)
        self._photos = [photo(number) for number in range(6)]
        # Reported by API and not accepted yet.
        self.reported: list[int] = []
        self._kinds: list[tuple[str, float, Callable[[], Asked]]] = [
            ("desk: what is new?", 26, self._live),
            ("desk: workbench", 5, lambda: self._page("desk: workbench", "desks", "/admin/")),
            ("desk: case list", 8, lambda: self._page("desk: case list", "desks", "/admin/cases/case/")),
            ("desk: search", 3, self._search),
            ("desk: a case", 11, self._case),
            ("desk: one map", 1, lambda: self._page("desk: one map", "clerks", "/admin/map/")),
            ("unit: case list", 3, lambda: self._page("unit: case list", "units", "/admin/cases/case/")),
            ("phone: today", 9, lambda: self._phone("phone: today", "/m/")),
            ("phone: own cases", 7, lambda: self._phone("phone: own cases", "/m/cases/")),
            ("phone: a case", 7, self._phone_case),
            ("phone: report with a photo", 2, self._report),
            ("API: list", 5, lambda: self._api("API: list", "/api/v1/cases/")),
            ("API: one", 5, lambda: self._api("API: one", f"/api/v1/cases/{self._of('cases')}/")),
            ("API: report", 2, self._api_report),
            ("API: accept", 1, self._accept),
            ("door: home", 2, lambda: Asked("door: home", get("/r/"))),
            ("door: form", 2, lambda: Asked("door: form", get(f"/r/report/?g={people['grid']}&m=06"))),
            ("door: report with a photo", 1, self._door),
        ]
        self._weights = [weight for _name, weight, _make in self._kinds]

    def next(self) -> Asked:
        return self._draw.choices(self._kinds, self._weights)[0][2]()

    def names(self) -> list[tuple[str, float]]:
        """Each kind with its share of all requests."""
        total = sum(self._weights)
        return [(name, weight / total) for name, weight, _make in self._kinds]

    def _of(self, what: str) -> Any:
        return self._draw.choice(self.people[what])

    def _page(self, kind: str, who: str, path: str) -> Asked:
        return Asked(kind, get(path, session=self._of(who)))

    def _live(self) -> Asked:
        session = self._of("desks")
        return Asked(
            "desk: what is new?",
            get("/admin/live/", session=session, tag=self.tags.get(session, "")),
            (200, 304),
            session,
        )

    def _search(self) -> Asked:
        return self._page("desk: search", "clerks", f"/admin/cases/case/?q={self._of('numbers')}")

    def _case(self) -> Asked:
        return self._page("desk: a case", "clerks", f"/admin/cases/case/{self._of('cases')}/change/")

    def _worker(self) -> str:
        return self._draw.choice(list(self.people["workers"]))

    def _phone(self, kind: str, path: str) -> Asked:
        return Asked(kind, get(path, session=self._worker()))

    def _phone_case(self) -> Asked:
        session = self._worker()
        rows = self.people["workers"][session]["cases"]
        return Asked(
            "phone: a case", get(f"/m/cases/{self._draw.choice(rows)}/" if rows else "/m/cases/", session=session)
        )

    def _api(self, kind: str, path: str) -> Asked:
        return Asked(kind, get(path, token=self.people["token"]))

    def _api_report(self) -> Asked:
        body = {
            "category": "0602",
            "text": WORDS,
            "grid": self.people["grid"],
            "place": "3号楼2单元",
            "channel": "phone",
        }
        return Asked("API: report", post_json("/api/v1/cases/", body, self.people["token"]), (201,))

    def _accept(self) -> Asked:
        if not self.reported:
            return self._api_report()
        path = f"/api/v1/cases/{self.reported.pop()}/accept/"
        return Asked("API: accept", post_json(path, {}, self.people["token"]))

    def _report(self) -> Asked:
        session = self._worker()
        grid = self.people["workers"][session]["grid"]
        fields = {
            "idempotency_key": str(uuid.uuid4()),
            "category": "0602",
            "text": WORDS,
            "place": "3号楼",
            "grid": grid,
        }
        raw = post_form("/m/report/", fields, self._draw.choice(self._photos), session=session)
        return Asked("phone: report with a photo", raw, (302,))

    def _door(self) -> Asked:
        fields = {
            "key": str(uuid.uuid4()),
            "g": self.people["grid"],
            "m": "06",
            "text": f"{WORDS} {uuid.uuid4().hex[:6]}",
        }
        return Asked("door: report with a photo", post_form("/r/report/", fields, self._draw.choice(self._photos)))


def photo(seed: int) -> bytes:
    """A photo of 1280 × 960, some 250 KB: what a telephone sends after making it smaller."""
    out = io.BytesIO()
    noise = Image.effect_noise((1280, 960), 22).convert("RGB")
    noise.putpixel((0, 0), (seed, 0, 7))
    noise.save(out, "JPEG", quality=70)
    return out.getvalue()


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


def get(path: str, *, session: str = "", token: str = "", tag: str = "") -> bytes:
    headers = {"Accept": "application/json" if token else "text/html"}
    headers |= {"Cookie": f"sessionid={session}"} if session else {}
    headers |= {"Authorization": f"Token {token}"} if token else {}
    headers |= {"If-None-Match": tag} if tag else {}
    return _head("GET", path, headers)


def post_json(path: str, body: object, token: str) -> bytes:
    sent = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(sent)), "Authorization": f"Token {token}"}
    return _head("POST", path, headers) + sent


def post_form(path: str, fields: dict[str, str], picture: bytes, session: str = "") -> bytes:
    fields = {**fields, "csrfmiddlewaretoken": CSRF}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    sent = b"".join([*parts, head.encode(), picture, f"\r\n--{BOUNDARY}--\r\n".encode()])
    cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
    headers = {
        "Cookie": cookies,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(sent)),
    }
    return _head("POST", path, headers) + sent
