"""The figures of handbook 3.5: each with what it counts, out of how many, and what that means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.choices.figures import GRID_TARGET, HOURS, LEAST_RATINGS, SCORE_WEIGHTS, TIMES

Sums = Mapping[str, int]
_HUNDREDTH = Decimal("0.01")


class Kind(Enum):
    RATE = "rate"  # percent
    COUNT = "count"
    HOURS = "hours"
    SCORE = "score"  # of 100


@dataclass(frozen=True)
class Definition:
    """A figure: `top` of `bottom` are measures (cases.choices.figures)."""

    name: str
    label: Any
    text: Any
    kind: Kind
    top: str = ""
    bottom: str = ""
    target: Decimal | None = None
    least: int = 1
    quantile: float = 0.0


@dataclass(frozen=True)
class Figure:
    """A definition's answer. `value` is None where there is nothing to divide by, or too little to say a rate."""

    definition: Definition
    numerator: int | Decimal | None
    denominator: int | None
    value: Decimal | None

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where there is none, or no value."""
        target = self.definition.target
        return None if target is None or self.value is None else self.value >= target


def _rate(name: str, label: Any, top: str, bottom: str, text: Any, **more: Any) -> Definition:
    return Definition(name, label, text, Kind.RATE, top, bottom, **more)


def _count(name: str, label: Any, top: str, text: Any, **more: Any) -> Definition:
    return Definition(name, label, text, Kind.COUNT, top, **more)


_RATINGS = {"least": LEAST_RATINGS}
DEFINITIONS: tuple[Definition, ...] = (
    _rate("on_time_rate", _("on-time rate"), "due_on_time", "due", _(
        "Of the cases due in the period, those completed by their due moment and never overdue before. Overdue open cases "
        "count as not on time; the completion decides, not the closing; what was overdue before an extension stays overdue. "
        "Merged, rejected, voided, excluded and standing cases are left out.")),
    _rate("close_rate", _("closing rate"), "due_closed", "due", _(
        "Of the cases due in the period, those that are closed by now. Of the current period only what was due before the "
        "moment of asking. Merged, rejected, voided, excluded and standing cases are left out.")),
    _count("due_suspended", _("suspended, beside the rates"), "due_suspended", _(
        "Cases due in the period whose clock stands still until a set day. In no rate; they count when they run again.")),
    _count("due_parked", _("parked, beside the rates"), "due_parked", _(
        "Cases due in the period that are parked as hard cases. In no rate; they count when they run again.")),
    _count("due_excluded", _("excluded, beside the rates"), "due_excluded", _(
        "Cases due in the period that were excluded from the figures on application. In no rate.")),
    _rate("extension_rate", _("extension rate"), "due_extended", "due", _(
        "Of the cases due in the period, those with an approved extension.")),
    _rate("finish_rate", _("finish rate"), "completed", "accepted", _(
        "Cases completed in the period against cases accepted in the period, whether or not they are the same; may be more "
        "than 100 %.")),
    _rate("file_rate", _("filing rate"), "reported_accepted", "reported", _(
        "Of the cases reported in the period, those accepted by now. What still waits and what was rejected counts as not "
        "filed; merged, voided and excluded ones are left out.")),
    _rate("self_found_rate", _("self-found rate"), "accepted_own", "accepted", _(
        "Of the cases accepted in the period, those found by grid workers on their rounds and visits.")),
    _rate("rework_rate", _("rework rate"), "completed_reworked", "completed", _(
        "Of the cases completed in the period, those that failed a verification at least once.")),
    _rate("return_rate", _("return rate"), "sent_returned", "sent", _(
        "Of the orders sent in the period, leading and assisting, those that were returned. By unit: of the unit the order "
        "was sent to. A worker's own order from capture is none.")),
    _rate("response_rate", _("response rate"), "answer_in_time", "answer_due", _(
        "Of the reports whose time for acceptance ran out in the period, those accepted or rejected with a reason within it. "
        "What was captured in the own grid has no such time.")),
    _rate("solve_rate", _("solution rate"), "called_solved", "called", _(
        "Of the callbacks of the period that got an answer, those that said “solved”.")),
    _rate("callback_rate", _("callback rate"), "completed_called", "completed", _(
        "Of the cases completed in the period, those whose reporter was reached by a callback.")),
    _rate("satisfaction_rate", _("satisfaction rate"), "rated_good", "rated", _(
        "Of the ratings of the period, the very, the plainly and the basically satisfied. Fewer than 5 ratings are told as a "
        "count."), **_RATINGS),
    _rate("basically_satisfied_rate", _("basically satisfied, apart"), "rated_basic", "rated", _(
        "The “basically satisfied” of the ratings of the period, shown apart. Fewer than 5 ratings are told as a count."),
        **_RATINGS),
    Definition("three_rate_score", _("score of the three rates"), _(
        "Accepted in time × 10 %, solved × 45 % and satisfied × 45 %; none where one of the three has no value."), Kind.SCORE),
    _rate("grid_solved_rate", _("rate kept in the grid"), "closed_in_grid", "closed", _(
        "Of the cases closed in the period, those of tiers A and B. The aim is 60 %."), target=GRID_TARGET),
    Definition("mean_handling_time", _("mean handling time"), _(
        "Hours from the start of the clock to completion, without the times the case stood still, of the cases completed in "
        "the period."), Kind.HOURS, "seconds", "completed"),
    Definition("median_handling_time", _("median handling time, about"), _(
        "Half of the cases completed in the period took no longer. Approximate: worked out from classes of time."),
        Kind.HOURS, "", "completed", quantile=0.5),
    Definition("p90_handling_time", _("90th percentile of handling time, about"), _(
        "Nine out of ten cases completed in the period took no longer. Approximate: worked out from classes of time."),
        Kind.HOURS, "", "completed", quantile=0.9),
)  # fmt: skip
BY_NAME = {definition.name: definition for definition in DEFINITIONS}


def figure_of(name: str, sums: Sums) -> Figure:
    """The rate, count or hours NAME that SUMS tell."""
    definition = BY_NAME[name]
    return _MAKE[definition.kind](definition, sums)


def figures_of(sums: Sums) -> list[Figure]:
    """Every figure that SUMS (cases.reports.tallies.read) tell, in the order of DEFINITIONS."""
    found: dict[str, Figure] = {}
    for definition in DEFINITIONS:
        if definition.kind != Kind.SCORE:
            found[definition.name] = figure_of(definition.name, sums)
    score = BY_NAME["three_rate_score"]
    found[score.name] = _score(score, found)
    return [found[definition.name] for definition in DEFINITIONS]


def _as_rate(definition: Definition, sums: Sums) -> Figure:
    top, bottom = sums.get(definition.top, 0), sums.get(definition.bottom, 0)
    value = _round(Decimal(100) * top / bottom) if bottom >= definition.least else None
    return Figure(definition, top, bottom, value)


def _as_count(definition: Definition, sums: Sums) -> Figure:
    count = sums.get(definition.top, 0)
    return Figure(definition, count, None, Decimal(count))


def _as_hours(definition: Definition, sums: Sums) -> Figure:
    count = sums.get("completed", 0)
    if definition.quantile:
        value = quantile([sums.get(name, 0) for name in TIMES], definition.quantile)
        return Figure(definition, None, count, value)
    hours = _round(Decimal(sums.get("seconds", 0)) / 3600)
    return Figure(definition, hours, count, _round(hours / count) if count else None)


def _score(definition: Definition, found: Mapping[str, Figure]) -> Figure:
    """The weighted mean of the three rates; numerator and denominator are of the weights."""
    total = sum(SCORE_WEIGHTS.values())
    values = [(found[name].value, weight) for name, weight in SCORE_WEIGHTS.items()]
    if any(value is None for value, _weight in values):
        return Figure(definition, None, total, None)
    reached = _round(sum((value or Decimal(0)) * weight for value, weight in values) / Decimal(100))
    return Figure(definition, reached, total, _round(reached * 100 / total))


_MAKE: dict[Kind, Callable[[Definition, Sums], Figure]] = {
    Kind.RATE: _as_rate, Kind.COUNT: _as_count, Kind.HOURS: _as_hours,
}  # fmt: skip


def quantile(classes: list[int], share: float) -> Decimal | None:
    """The hours within which SHARE of what is counted in CLASSES of time lies, as if spread evenly in its class; in the
    open last class its lower end. None of nothing."""
    wanted, passed = Decimal(str(share)) * sum(classes), 0
    if not wanted:
        return None
    for number, count in enumerate(classes):
        if count and passed + count >= wanted:
            low = Decimal(HOURS[number - 1] if number else 0)
            high = Decimal(HOURS[number]) if number < len(HOURS) else low
            return _round(low + (high - low) * (wanted - passed) / count)
        passed += count
    return None


def _round(value: Decimal | int) -> Decimal:
    return Decimal(value).quantize(_HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Part:
    """One line of a breakdown; `asked` is what gets it alone."""

    asked: Any
    code: str
    label: str
    figures: list[Figure] = field(default_factory=list)
