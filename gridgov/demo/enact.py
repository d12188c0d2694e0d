"""The sample cases of the field kit, entered through the actions and walked to where ways.py wants them."""

import datetime as dt
from dataclasses import dataclass

import shapely
from django.db import connection

from cases.actions import Report
from cases.choices import CaseState
from cases.models import Case

from .cast import Cast
from .catalogue import Category, categories
from .history import SHANGHAI
from .parts import Plan
from .play import Player
from .samples import Sample, samples
from .ways import DONE, DUPLICATE_NOTE, FRESH, OPEN_WAYS, PLAIN, RAISE_REASON, RESULTS, Done, Fresh

HOUR = dt.timedelta(hours=1)
MORNING, EVENING = 8, 20
UNIT_HOURS = {"natural_hour": 1, "natural_day": 24, "work_day": 24 * 1.8}


@dataclass(frozen=True, slots=True)
class Booked:
    """A sample with the moment it is reported at and the key its case will have."""

    sample: Sample
    at: dt.datetime


def booked(plan: Plan, now: dt.datetime) -> list[Booked]:
    """The samples in the order they are reported: the fresh ones just before NOW, the others at the last return of their
    own date that leaves time to close them."""
    kinds = {kind.code: kind for kind in categories()}
    found = [Booked(sample, _moment(sample, kinds[sample.category], now)) for sample in samples(plan)]
    return sorted(found, key=lambda row: (row.at, row.sample.number))


def _moment(sample: Sample, kind: Category, now: dt.datetime) -> dt.datetime:
    if sample.number in FRESH:
        return (now - FRESH[sample.number].hours * HOUR).replace(microsecond=0)
    latest = now - (kind.limit * UNIT_HOURS[kind.limit_unit] * 1.5 + 48) * HOUR
    own = sample.reported_at.astimezone(SHANGHAI)
    for year in range(latest.year, latest.year - 2, -1):
        if (at := own.replace(year=year)) <= latest:
            return at
    return own.replace(year=latest.year - 2)


def enact(
    plan: Plan, cast: Cast, row: Booked, *, number: int, key: int, now: dt.datetime, entered: dict[str, int]
) -> Case:
    """Enter one sample as case KEY and take it as far as it has come by NOW. ENTERED are the keys of samples by their number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('cases_case_id_seq', %s, false)", [key])
    sample, player = row.sample, Player(cast, number)
    micro = plan.grid(sample.micro) if sample.micro else plan.children(sample.grid)[0]
    point = shapely.point_on_surface(micro.boundary)
    report = Report(
        category=sample.category, text=sample.text, channel=sample.channel, title=sample.title, urgency=sample.urgency,
        grid=micro.code, place=sample.place, lng=round(point.x, 6), lat=round(point.y, 6),
        reporter_phone="" if sample.anonymous else sample.contact, anonymous=sample.anonymous,
    )  # fmt: skip
    player.report(report, row.at)
    # The number says the day of entry, and the database takes today's: this case was entered back then.
    Case.objects.filter(pk=player.case.pk).update(no=f"{row.at.astimezone(SHANGHAI):%Y%m%d}{key:06d}")
    entered[sample.number] = key
    scene = _Scene(plan, player, sample, micro.code, entered)
    if fresh := FRESH.get(sample.number):
        scene.go(fresh)
    else:
        scene.finish(DONE.get(sample.number, PLAIN[number % len(PLAIN)]))
    player.end(now)
    return player.case


class _Scene:
    """One sample on its way."""

    def __init__(self, plan: Plan, player: Player, sample: Sample, grid: str, entered: dict[str, int]) -> None:
        self.entered = entered
        self.plan, self.player, self.sample, self.grid = plan, player, sample, grid
        self.unit = self._unit(sample.department)
        self.result = RESULTS[sample.tier]

    def go(self, fresh: Fresh) -> None:
        at = self.player.last
        for verb, hours in OPEN_WAYS[fresh.way]:
            if self._spared(verb):
                continue
            at += hours * HOUR
            astray = (
                fresh.mistaken and verb == "dispatch" and not Case.objects.get(pk=self.player.case.pk).dispatched_at
            )
            getattr(self, f"_{verb}")(at, self._unit(fresh.mistaken) if astray else self.unit, fresh.note)

    def finish(self, done: Done) -> None:
        player = self.player
        start = player.last
        if not self._spared("accept"):
            player.accept(start := self._waking(start + (0.2 if self.sample.urgency != "normal" else 0.7) * HOUR))
        if not self._spared("dispatch"):
            if done.detour and done.detour != "rework":
                player.dispatch(start := start + 0.4 * HOUR, self._unit(done.detour))
                player.give_back(start := start + 0.8 * HOUR)
            player.dispatch(start := start + 0.2 * HOUR, self.unit)
            player.sign_in(start := start + (0.1 if self.sample.urgency == "emergency" else 1.1) * HOUR)
        end = self._share(done.share)
        if done.detour == "rework":
            player.complete(start := start + (end - start) * 0.5, self.result)
            player.rework(start + (end - start) * 0.3)
        player.complete(end, self.result)
        player.verify(end := self._waking(end + 3 * HOUR))
        player.close(end := end + 0.3 * HOUR)
        if done.score:
            player.rate(self._waking(end + 14 * HOUR), done.score, done.words)

    def _share(self, share: float) -> dt.datetime:
        """The moment at which SHARE of the limit is over, to the second."""
        started, due = Case.objects.values_list("started_at", "due_at").get(pk=self.player.case.pk)
        assert started is not None and due is not None
        return max((started + (due - started) * share).replace(microsecond=0), self.player.last + 0.2 * HOUR)

    def _spared(self, verb: str) -> bool:
        """What a captured case needs no more: it was accepted, and in tier A signed in, by being reported."""
        state = Case.objects.values_list("state", flat=True).get(pk=self.player.case.pk)
        return (verb == "accept" and state != CaseState.SUBMITTED) or (
            verb in ("dispatch", "sign_in") and state == CaseState.HANDLING
        )

    def _waking(self, at: dt.datetime) -> dt.datetime:
        """AT, or the next morning: at night only what is urgent is seen to."""
        local = at.astimezone(SHANGHAI)
        if self.sample.urgency != "normal" or MORNING <= local.hour < EVENING:
            return at
        morning = local.replace(hour=MORNING, minute=20 + local.minute // 2)
        return morning if local.hour < MORNING else morning + dt.timedelta(days=1)

    def _unit(self, department: str) -> str:
        unit = self.plan.unit_for(department, self.grid)
        return unit.code if unit else ""

    def _accept(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.accept(at)

    def _merge(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.merge(at, self.entered[self.sample.duplicate_of], DUPLICATE_NOTE)

    def _dispatch(self, at: dt.datetime, unit: str, _note: str) -> None:
        self.player.dispatch(at, unit)

    def _give_back(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.give_back(at)

    def _sign_in(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.sign_in(at)

    def _progress(self, at: dt.datetime, _unit: str, note: str) -> None:
        self.player.progress(at, note)

    def _raise_tier(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.raise_tier(at, "B", RAISE_REASON)

    def _complete(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.complete(at, self.result)

    def _verify(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.verify(at)

    def _rework(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.rework(at)

    def _close(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.close(at)

    def _rate(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.rate(at, 1, "又堆满了，跟没清一样。")

    def _reopen(self, at: dt.datetime, _unit: str, _note: str) -> None:
        self.player.reopen(at)
