"""Who does what to a case of the demo: the same answer for the past that is written in bulk and for what is played."""

from dataclasses import dataclass

from accounts.models import User
from cases.rules import owes_answer
from grids.models import Grid, Unit

from .parts import Plan
from .people import login

RETURN_REASON = "不属于本单位职责，请转有处置权限的单位。"
# Whose it is, whom one spoke to there, and by which rule.
RETURN_TOLD = {"whose": "有处置权限的单位", "contact": "对方值班室", "basis": "街道权责清单"}
REWORK_REASON = "现场核查：问题没有彻底解决，请继续处理。"
REOPEN_REASON = "回访时反映问题又出现了，重新办理。"
ANSWER = "已查明原因：材料和人手没有到位。已另行安排，三个工作日内办完并反馈。"
HUB_CREW = 4


def public_reply(channel: str, contact: str, result: str) -> str:
    """What the reporter reads when a case is closed; nothing where nobody waits for an answer."""
    return f"您反映的问题已办结。{result}" if owes_answer(channel, "", contact) else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A micro-grid with the grids above it (keys), and the people who answer for it."""

    pk: int
    code: str
    name: str
    street: int
    total: int
    comprehensive: int
    worker: int
    lead: int
    total_lead: int
    crew: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit (key and name) and the one who takes its orders."""

    pk: int
    name: str
    staff: int


class Cast:
    """The people, places and units of a plan as they stand in the tables: `places` by grid code, `desks` by unit code."""

    def __init__(self, plan: Plan) -> None:
        self.system = User.objects.system().pk
        users = dict(User.objects.values_list("username", "pk"))
        grids = dict(Grid.objects.values_list("code", "pk"))
        units = dict(Unit.objects.values_list("name", "pk"))
        lead = {post.grid: users[post.username] for post in plan.posts if post.role in ("root_grid_lead", "grid_lead")}
        worker = {post.grid: users[post.username] for post in plan.posts if post.role == "grid_worker_ft"}
        self.places: dict[str, Place] = {}
        for grid in plan.of_kind("micro"):
            above = plan.grid(grid.parent)
            street = grid.code[:9]
            crew = tuple(users[login(street, "hub", str(number))] for number in range(1, HUB_CREW + 1))
            self.places[grid.code] = Place(
                pk=grids[grid.code], code=grid.code, name=grid.name, street=grids[street], total=grids[above.parent],
                comprehensive=grids[above.code], worker=worker[grid.code], lead=lead[above.code],
                total_lead=lead[above.parent], crew=crew,
            )  # fmt: skip
        staff = {person.unit: users[person.username] for person in plan.people if person.role == "staff"}
        for unit in plan.units:
            if unit.code.endswith("-hub"):
                staff[unit.code] = users[login(unit.area_code, "desk")]
            elif unit.code.endswith("-party_service"):
                staff[unit.code] = users[login(unit.area_code, "party_service", "1")]
        self.desks = {unit.code: Desk(units[unit.name], unit.name, staff[unit.code]) for unit in plan.units}

    def reporter(self, channel: str, place: Place, number: int) -> int:
        """Who enters a report: the worker what was found on the own ground, the lead what a visit brought up, the hub
        all that residents send or say."""
        if channel == "grid_worker":
            return place.worker
        return place.lead if channel == "visit" else place.crew[number % HUB_CREW]

    def decider(self, tier: str, place: Place, number: int) -> int:
        """Who accepts, dispatches, verifies and closes: the leads of the tier."""
        if tier == "A":
            return place.lead
        return place.total_lead if tier == "B" else place.crew[number % HUB_CREW]

    def handler(self, unit: str, place: Place) -> int:
        """Who signs in and completes: the unit's staff, or the worker of the place."""
        return self.desks[unit].staff if unit else place.worker
