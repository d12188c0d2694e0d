"""Cases made plainly for tests of figures: a row each with just the moments that count."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from cases.models import Callback, Case, Deadline, Order, Pause, Rating
from cases.reports import Asked, Figure, statistics
from grids.models import Grid, Unit
from tests.factories import Cast, at

_numbers = itertools.count(1)
# "Now" in these tests: a Wednesday at noon, in the middle of a month.
NOW = at("2026-09-16 12:00")
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)


def moment(text: str | None) -> dt.datetime | None:
    """'09-03 10:00' in 2026, in China; None of nothing."""
    return at(f"2026-{text}") if text else None


def put(cast: Cast, *, unit: Unit | None = None, grid: Grid | None = None, **values: Any) -> Case:
    """A case with VALUES; texts of moments are read by `moment`, with a leading order to UNIT if one is named."""
    times = ("reported_at", "accepted_at", "started_at", "due_at", "completed_at", "closed_at", "breached_at")
    values |= {name: moment(values.get(name)) for name in times}
    values["reported_at"] = values["reported_at"] or values["accepted_at"] or at("2026-09-01 08:00")
    values["started_at"] = values["started_at"] or values["accepted_at"]
    grid = grid or cast.place.micros[0]
    place = {"street": cast.place.street, "total": cast.place.totals[0], "comprehensive": cast.place.comprehensives[0]}
    defaults = {
        "no": f"T{next(_numbers):08}", "state": "handling", "category": cast.category, "tier": "B", "urgency": "normal",
        "channel": "phone", "title": "t", "text": "t", "reported_by": cast.street, "grid": grid, **place,
    }  # fmt: skip
    case = Case.objects.create(**{**defaults, **values})
    if unit is not None:
        order = send(case, cast.street, unit, case.accepted_at or case.reported_at)
        Case.objects.filter(pk=case.pk).update(lead_order=order)
    return case


def send(case: Case, by: User, unit: Unit, when: dt.datetime, **values: Any) -> Order:
    return Order.objects.create(case=case, unit=unit, sent_by=by, sent_at=when, **{"state": "done", **values})


def answer(case: Case, due: str, met: str | None = None, breached: str | None = None) -> Deadline:
    """The response clock of CASE."""
    return Deadline.objects.create(
        case=case, clock="response", value=4, unit="natural_hour", started_at=case.reported_at,
        original_due_at=moment(due), due_at=moment(due), met_at=moment(met), breached_at=moment(breached),
    )  # fmt: skip


def rate(case: Case, by: User, score: int, when: str) -> Rating:
    return Rating.objects.create(case=case, score=score, solved=score > 1, by=by, at=moment(when))


def call(case: Case, by: User, when: str, *, reached: bool = True, solved: bool | None = None) -> Callback:
    return Callback.objects.create(
        case=case, round=case.round, reached=reached, solved=solved, by=by, at=moment(when)
    )  # fmt: skip


def pause(case: Case, by: User, start: str, end: str) -> Pause:
    return Pause.objects.create(
        case=case, kind="suspended", cause="weather", by=by, started_at=moment(start), until=moment(end),
        ended_at=moment(end), ended_by=by,
    )  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What somebody sees: figures by name, and those of each part by its label."""

    whole: dict[str, Figure]
    parts: dict[str, dict[str, Figure]]

    def shares(self, *names: str) -> list[tuple[Any, Any]]:
        return [(self.whole[name].numerator, self.whole[name].denominator) for name in names]

    def part(self, label: str, name: str) -> tuple[Any, Any]:
        return self.parts[label][name].numerator, self.parts[label][name].denominator


def see(user: User, now: dt.datetime = NOW, **asked: Any) -> Seen:
    """The figures of September 2026 as USER sees them NOW."""
    found = statistics(asked=Asked(**{"first": FIRST, "last": LAST, **asked}), by=user, at=now)
    assert found is not None
    whole = {figure.name: figure for figure in found.figures}
    return Seen(whole, {part.label: {f.name: f for f in part.figures} for part in found.parts})
