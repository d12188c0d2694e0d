"""What people wait for: report, list, depth, detail, a transition, search — at one size."""

import datetime as dt
import itertools
import json
from dataclasses import dataclass
from urllib.parse import quote

from bench.measure import Client, Figure, Pair, crowd, megabytes, together
from bench.stage import Stage, say
from bench.tables import TABLES

RARE = "青羽鹤鸣"
PAGES = 1000


@dataclass
class WebFigures:
    """One size's figures; `deep_page` is the number of the deep page (the last one of a small list)."""

    cases: int
    pairs: dict[str, Pair]
    crowd: dict[str, Figure]
    deep_page: int
    memory: list[tuple[str, float, float]]


def measure_web(stage: Stage, cases: int) -> WebFigures:
    stage.one(TABLES)
    setting = Setting(stage)
    with stage.web() as (port, server):
        client = Client(port, setting.token)
        deep, page = _walk(client)
        pairs = {
            "report": together(server, client, setting.report, lambda c: c.post("/floor/report/", {"text": "x"})),
            "list, page 1": together(server, client, lambda c: c.get("/api/v1/cases/"), lambda c: c.get("/floor/list/")),
            f"list, page {page}": together(
                server, client, lambda c: c.get(deep), lambda c: c.get(f"/floor/list/?before={setting.middle}")
            ),
            "list of a lead": together(
                server, Client(port, setting.lead), lambda c: c.get("/api/v1/cases/"), lambda c: c.get("/floor/list/")
            ),
            "detail": together(
                server, client, lambda c: c.get(f"/api/v1/cases/{setting.pick()}/"),
                lambda c: c.get(f"/floor/detail/{setting.pick()}/"),
            ),
            "transition": together(
                server, client, setting.accept, lambda c: c.post("/floor/change/", {}), rounds=6,
            ),
            "search, rare word": _search(server, client, RARE, " ".join(RARE[i : i + 2] for i in range(3))),
            "search, frequent word": _search(server, client, "楼道", "楼道"),
            "figures of a month": together(
                server, client, lambda c: c.get(f"/api/v1/figures/?month={setting.month}"),
                lambda c: c.get(f"/floor/figures/?month={setting.month}"), rounds=4, each=10,
            ),
            "search, no hit": _search(server, client, "鲲鹏展翅", "鲲鹏 鹏展 展翅"),
        }  # fmt: skip
        at_once = {
            "report": crowd(port, setting.token, setting.report),
            "list, page 1": crowd(port, setting.token, lambda c: c.get("/api/v1/cases/")),
        }
        memory = [("web worker", *megabytes(child)) for child in server.children()]
    for name, pair in pairs.items():
        say(
            f"  {cases:>9,} {name:<22} {pair.real.median:7.2f} ms  floor {pair.floor.median:6.2f} ms  ×{pair.ratio:4.1f}"
        )
    return WebFigures(cases, pairs, at_once, page, memory)


def _search(server: object, client: Client, word: str, terms: str) -> Pair:
    return together(
        server, client, lambda c: c.get(f"/api/v1/cases/?q={quote(word)}"),
        lambda c: c.get(f"/floor/search/?q={quote(terms)}"), rounds=4,
    )  # fmt: skip


def _walk(client: Client) -> tuple[str, int]:
    """The address of page 1000, or of the last full page of a shorter list."""
    path, number = "/api/v1/cases/", 1
    while number < PAGES:
        following = client.get(path)["next"]
        if not following:
            break
        path, number = "/" + str(following).split("/", 3)[3], number + 1
    return path, number


class Setting:
    """Who asks, and what for, in the loaded district."""

    def __init__(self, stage: Stage) -> None:
        script = """
import json
from django.utils import timezone
from rest_framework.authtoken.models import Token
from accounts.models import User
from cases import actions
from cases.models import Case
from grids.models import Grid, Post, Unit
staff, _made = User.objects.get_or_create(username="district", defaults={"role": "street", "full_name": "区"})
Post.objects.get_or_create(user=staff, kind="district_staff", area_prefix="990101", valid_from="2020-01-01")
lead = Post.objects.filter(kind="root_grid_lead", valid_to=None).order_by("pk")[7]
grid = Grid.objects.filter(kind="micro").first().code
for n in range(3):
    report = actions.Report(category="0602", text="楼道里有人养了一只叫RARE的鸟", grid=grid, place="1号楼")
    actions.report_case(report=report, by=staff, at=timezone.now())
print(json.dumps({
    "token": Token.objects.get_or_create(user=staff)[0].key,
    "lead": Token.objects.get_or_create(user=lead.user)[0].key,
    "grid": grid,
    "unit": Post.objects.filter(
        kind="unit_staff", valid_to=None, unit__is_active=True, unit__in=Unit.objects.serving(grid[:9])
    ).first().unit_id,
    "ids": list(Case.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, Case.objects.count() // 500)][:500]),
    "middle": Case.objects.order_by("pk").values_list("pk", flat=True)[Case.objects.count() // 2],
}))
""".replace("RARE", RARE)
        found = json.loads(stage.manage("shell", "--no-imports", "-c", script).splitlines()[-1])
        # Since a month that is over changes no more, it is what is asked for most.
        self.month = f"{dt.date.today().replace(day=1) - dt.timedelta(days=1):%Y-%m}"
        self.token, self.lead, self.middle, self._grid = found["token"], found["lead"], found["middle"], found["grid"]
        self.unit = found["unit"]
        self._ids = itertools.cycle(found["ids"])
        self._reported: list[int] = []

    def pick(self) -> int:
        return next(self._ids)

    def new_case(self, client: Client) -> int:
        body = {"category": "0602", "text": "楼道里堆了很多纸箱,走路不方便", "grid": self._grid, "place": "3号楼2单元"}
        body |= {"channel": "phone", "reporter_name": "王小明", "reporter_phone": "138****0001"}
        return int(str(client.post("/api/v1/cases/", body)["id"]))

    def report(self, client: Client) -> None:
        self._reported.append(self.new_case(client))

    def accept(self, client: Client) -> None:
        client.post(f"/api/v1/cases/{self._reported.pop()}/accept/", {})
