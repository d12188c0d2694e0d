"""The desk in a browser: workbench, case list, case page and figures, and what two hundred open desks ask for."""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection

from bench.measure import Client, Pair, together
from bench.stage import Stage, say

DESKS, EVERY, MINUTE = 200, 15, 60
SIGN_IN = """
import json
from django.test import Client
from accounts.models import User
from grids.models import Post
def cookie(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
def holder(kind):
    return Post.objects.filter(kind=kind, valid_to=None).select_related("user").order_by("pk")[7 if kind != "street_staff" else 0].user
staff, _made = User.objects.get_or_create(username="district", defaults={"role": "street", "full_name": "区"})
Post.objects.get_or_create(user=staff, kind="district_staff", area_prefix="990101", valid_from="2020-01-01")
people = {"district": staff} | {kind: holder(kind) for kind in ("street_staff", "root_grid_lead", "unit_staff", "grid_worker_ft")}
from cases.models import Case
seen = Case.objects.visible_to(people["street_staff"]).order_by("-pk").values_list("pk", flat=True)
case = seen.filter(state="handling").first() or seen.first()  # of few cases none may be in somebody's hands just now
print(json.dumps({"case": case, **{kind: cookie(user) for kind, user in people.items()}}))
"""
# The name of a figure, whose desk it is, the address, and whether it asks with the version it has.
ASKED = (
    ("workbench of a street", "street_staff", "/admin/", False),
    ("workbench of the district", "district", "/admin/", False),
    ("workbench of a lead", "root_grid_lead", "/admin/", False),
    ("workbench of a unit", "unit_staff", "/admin/", False),
    ("workbench of a worker", "grid_worker_ft", "/admin/", False),
    ("case list of a street", "street_staff", "/admin/cases/case/", False),
    ("overdue cases of a street", "street_staff", "/admin/cases/case/?queue=late", False),
    ("case page", "street_staff", "/admin/cases/case/{case}/change/", False),
    ("charts of a street", "street_staff", "/admin/cases/frozenfigures/dashboard/", False),
    ("what changed, a street", "street_staff", "/admin/live/", False),
    ("nothing new, a street", "street_staff", "/admin/live/", True),
)


@dataclass
class Window:
    """A browser's kept connection with its session; `look` remembers the version of what it got."""

    port: int
    session: str
    connection: HTTPConnection = field(init=False)
    version: str = ""

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def look(self, path: str, *, knows: bool) -> int:
        headers = {"Cookie": f"sessionid={self.session}"}
        if knows and self.version:
            headers["If-None-Match"] = self.version
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status not in {200, 304}:
            raise RuntimeError(f"GET {path}: {answer.status}")
        self.version = answer.headers.get("ETag", self.version)
        return answer.status


def measure_desk(stage: Stage, cases: int) -> dict[str, Pair]:
    """Each page by turns with a bare list of fifty cases."""
    sessions = json.loads(stage.manage("shell", "--no-imports", "-c", SIGN_IN).splitlines()[-1])
    found = {}
    with stage.web() as (port, server):
        client = Client(port)
        for name, who, path, knows in ASKED:
            window, path = Window(port, sessions[who]), path.format(case=sessions["case"])  # noqa: PLW2901
            found[name] = together(
                server, client, lambda c, w=window, p=path, k=knows: w.look(p, knows=k), lambda c: c.get("/floor/list/"),
                rounds=8, each=8,  # short turns: the server parts with a connection that idles for two seconds
            )  # fmt: skip
    for name, pair in found.items():
        say(
            f"  {cases:>9,} {name:<26} {pair.real.median:7.2f} ms  floor {pair.floor.median:6.2f} ms  ×{pair.ratio:4.1f}"
        )
    return found


def busy_share(found: dict[str, Pair]) -> float:
    """How much of one core two hundred open desks take: each asks every fifteen seconds, and once a minute it is told all."""
    full, nothing = found["what changed, a street"].real.cpu, found["nothing new, a street"].real.cpu
    return DESKS * (full + (MINUTE / EVERY - 1) * nothing) / MINUTE / 1000


def desk_lines(desks: dict[int, dict[str, Pair]]) -> list[str]:
    """The part of docs/benchmarks.md about the pages of the desk."""
    lines = [
        "",
        "## The desk",
        "",
        "Whole pages with session, scope, sidebar and words, by turns with the same bare list as above. An open desk asks every "
        f"{EVERY} seconds for what changed: mostly nothing, and everything once a minute, for lights and times left.",
        "",
        "| page | cases | median ms | p95 ms | floor ms | ratio | CPU ms | floor CPU ms | CPU ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, *_rest in ASKED:
        for cases, found in desks.items():
            pair = found[name]
            lines.append(
                f"| {name} | {cases:,} | {pair.real.median:.1f} | {pair.real.p95:.1f} | {pair.floor.median:.1f} | ×{pair.ratio:.1f} "
                f"| {pair.real.cpu:.1f} | {pair.floor.cpu:.1f} | ×{pair.cpu_ratio:.1f} |"
            )
    shares = ", ".join(f"{busy_share(found):.0%} at {cases:,} cases" for cases, found in desks.items())
    return [*lines, "", f"{DESKS} open desks keep one core busy for {shares}."]


def desk_aims(desks: dict[int, dict[str, Pair]]) -> list[tuple[str, str, bool]]:
    last = desks[max(desks)]
    pages = {name: last[name].ratio for name, _who, path, _knows in ASKED if path != "/admin/live/"}
    return [
        *((f"{name} within ×20 of a bare view", f"×{ratio:.1f}", ratio <= 20) for name, ratio in pages.items()),
        (f"{DESKS} open desks take a quarter of a core at most", f"{busy_share(last):.0%}", busy_share(last) <= 0.25),
    ]
