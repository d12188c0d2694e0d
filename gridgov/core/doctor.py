"""What the house says of its own health: questions that each room registers, asked one by one.

A check reads and answers a `Finding`. One that breaks (the broker is away, a table is locked) is shown as broken and
keeps the others from nothing: each has a savepoint and three seconds of the database's time.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

log = logging.getLogger("gridgov.doctor")
# What a check may ask of the database, in milliseconds.
PATIENCE = 3000


class State(models.TextChoices):
    """How a thing stands; the first three from best to worst."""

    OK = "ok", _("in order")
    WARN = "warn", _("look at it")
    BAD = "bad", _("act now")
    UNKNOWN = "unknown", _("not known")
    BROKEN = "broken", _("check failed")


# What a monitor should be woken by.
ALARMS = frozenset({State.BAD, State.BROKEN})


@dataclass(frozen=True)
class Finding:
    """`said`: how it stands, in one line; `advice`: what to do about it; `page` and `query`: where, in the admin; `code`:
    what to type, or to set."""

    state: State
    said: str
    advice: str = ""
    page: str = ""
    query: str = ""
    code: str = ""


Probe = Callable[[dt.datetime], Finding]


@dataclass(frozen=True)
class Check:
    """`reads`: whether it asks the database, and so can't be made without it. `names`: whether its words may name accounts or
    other systems, which are nothing for a monitor to read."""

    name: str
    title: Any
    probe: Probe
    reads: bool = True
    names: bool = False


@dataclass(frozen=True)
class Result:
    """A check and what it found."""

    check: Check
    finding: Finding


_checks: dict[str, Check] = {}


def check(name: str, title: Any, *, reads: bool = True, names: bool = False) -> Callable[[Probe], Probe]:
    """Register a probe as the check NAME; they are made in the order of their registering."""

    def register(probe: Probe) -> Probe:
        _checks[name] = Check(name, title, probe, reads, names)
        return probe

    return register


def examine(*, at: dt.datetime) -> list[Result]:
    """What every check finds AT this moment."""
    return [Result(one, _found(one, at)) for one in _checks.values()]


def ask(name: str, *, at: dt.datetime) -> Finding:
    """What the one check NAME finds."""
    return _found(_checks[name], at)


def _found(one: Check, at: dt.datetime) -> Finding:
    try:
        if not one.reads:
            return one.probe(at)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            return one.probe(at)
    except Exception as error:  # whatever breaks in a check is what the page is there to say
        log.warning("the check %s broke", one.name, exc_info=not isinstance(error, DatabaseError | OSError))
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return Finding(State.BROKEN, _t("The check itself failed (%(error)s).") % {"error": told})


def worst(results: list[Result]) -> State:
    """The state of the house: its worst, of those that are known."""
    states = {result.finding.state for result in results}
    return next((state for state in (State.BROKEN, State.BAD, State.WARN) if state in states), State.OK)


def as_data(results: list[Result], tells: Callable[[Check], bool] = lambda check: True) -> dict[str, Any]:
    """RESULTS for a machine: {state, checks: [{name, state, said, advice}]}; the last two empty of a check that TELLS nothing."""
    return {
        "state": worst(results).value,
        "checks": [
            {
                "name": result.check.name,
                "state": result.finding.state.value,
                "said": result.finding.said if tells(result.check) else "",
                "advice": _advice(result.finding) if tells(result.check) else "",
            }
            for result in results
        ],
    }


def _advice(finding: Finding) -> str:
    return " ".join(filter(None, (finding.advice, finding.code)))
