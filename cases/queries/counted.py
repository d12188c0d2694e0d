"""Which cases a measure of the figures counts: the same as migration 0005 says to the database (ADR 0005)."""

from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q

from cases.choices import OWN_CHANNELS, CaseState, Clock, Hold, OrderState, Part
from cases.choices.figures import GRID_TIERS

ALIVE = ~Q(state__in=(CaseState.MERGED, CaseState.VOIDED))
_COUNTS = ALIVE & ~Q(state=CaseState.REJECTED) & Q(excluded=False)
_STANDS = _COUNTS & Q(hold=Hold.NONE)
_ON_TIME = Q(completed_at__lte=F("due_at"), breached_at=None)
_CLOSED = _COUNTS & Q(state=CaseState.CLOSED)
# Measure → the case's moment by which it belongs to a day, and the condition.
OF_CASES: dict[str, tuple[str, Q]] = {
    "due": ("due_at", _STANDS),
    "due_closed": ("due_at", _STANDS & Q(state=CaseState.CLOSED)),
    "due_on_time": ("due_at", _STANDS & _ON_TIME),
    "due_late": ("due_at", _STANDS & (Q(completed_at=None) | Q(completed_at__gt=F("due_at")) | Q(breached_at__isnull=False))),
    "due_extended": ("due_at", _STANDS & Q(extended__gt=0)),
    "due_suspended": ("due_at", _COUNTS & Q(hold=Hold.SUSPENDED)),
    "due_parked": ("due_at", _COUNTS & Q(hold=Hold.PARKED)),
    "due_excluded": ("due_at", ALIVE & ~Q(state=CaseState.REJECTED) & Q(excluded=True)),
    "reported": ("reported_at", ALIVE & Q(excluded=False)),
    "reported_accepted": ("reported_at", ALIVE & Q(excluded=False, accepted_at__isnull=False)),
    "accepted": ("accepted_at", _COUNTS),
    "accepted_own": ("accepted_at", _COUNTS & Q(channel__in=OWN_CHANNELS)),
    "completed": ("completed_at", _COUNTS),
    "completed_reworked": ("completed_at", _COUNTS & Q(rework_count__gt=0)),
    "closed": ("closed_at", _CLOSED),
    "closed_in_grid": ("closed_at", _CLOSED & Q(tier__in=GRID_TIERS)),
    "rated": ("rating__at", _COUNTS),
    "rated_good": ("rating__at", _COUNTS & Q(rating__score__gte=2)),
    "rated_basic": ("rating__at", _COUNTS & Q(rating__score=2)),
}  # fmt: skip
_OPEN_COUNTS = Q(excluded=False) & ALIVE


def _of_case(condition: Q) -> Q:
    """CONDITION on a case as one on the row that belongs to it."""
    children: list[Any] = list(condition.children)
    parts = [_of_case(part) if isinstance(part, Q) else (f"case__{part[0]}", part[1]) for part in children]
    return Q(*parts, _connector=condition.connector, _negated=condition.negated)


_ANSWER = Q(clock=Clock.RESPONSE, dropped_at=None)
# A worker's own order from capture was sent to nobody else.
_SENT = Q(handler=None) | ~Q(handler=F("sent_by"))
# Units that were called to a case, each with a time to report in.
_WHISTLE = Q(clock=Clock.REPORT_IN, dropped_at=None, order__part=Part.ASSIST)
_SAID = Q(reached=True, solved__isnull=False)
# Measure → of which table's rows, their moment, the condition on the row, that on its case, the row's own unit (else the case's).
OF_ROWS: dict[str, tuple[str, str, Q, Q, str]] = {
    "answer_due": ("Deadline", "due_at", _ANSWER, _of_case(_OPEN_COUNTS), ""),
    "answer_in_time": (
        "Deadline", "due_at", _ANSWER & Q(met_at__lte=F("due_at"), breached_at=None), _of_case(_OPEN_COUNTS), "",
    ),
    "sent": ("Order", "sent_at", _SENT, _of_case(_COUNTS), "unit_id"),
    "sent_returned": ("Order", "sent_at", _SENT & Q(state=OrderState.RETURNED), _of_case(_COUNTS), "unit_id"),
    "whistled": ("Deadline", "started_at", _WHISTLE, Q(), "order__unit_id"),
    "called": ("Callback", "at", _SAID, _of_case(_COUNTS), ""),
    "called_solved": ("Callback", "at", _SAID & Q(solved=True), _of_case(_COUNTS), ""),
}  # fmt: skip
# A case can have several orders, calls for help and callbacks: the list shows it once, and can be shorter than the number.
SEVERAL = frozenset({"sent", "sent_returned", "whistled", "called", "called_solved"})
# What ended after the moment of asking is not due yet.
NOT_AHEAD = "due_at"
REACHED = "completed_called"
LISTED = frozenset({*OF_CASES, *OF_ROWS, REACHED})


def reached() -> Exists:
    """The reporter was reached in the case's present round."""
    calls = apps.get_model("cases", "Callback")._default_manager
    return Exists(calls.filter(case=OuterRef("pk"), round=OuterRef("round"), reached=True))
