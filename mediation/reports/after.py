"""What the page of a file tells of what comes after the agreement."""

import datetime as dt
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from mediation.choices.deeds import CONFIRM_WARNING, Performance
from mediation.choices.files import FileState
from mediation.models import Mediation
from mediation.reports.completeness import missing

OVER = frozenset({FileState.ENDED, FileState.FILED})


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/after.html; nothing before mediation is over. What a volume lacks is told while it can be
    added."""
    if mediation.state not in OVER:
        return {"after": False}
    today, held = localdate(at), getattr(mediation, "agreement", None)
    gaps = missing(mediation) if mediation.state == FileState.ENDED else []
    return {
        "after": True,
        "tasks": [(task, task.state == Performance.OPEN and task.due_on < today) for task in mediation.tasks.all()],
        "follow_ups": mediation.follow_ups.all(),
        "gaps": gaps,
        "gaps_required": mediation.state == FileState.FILED or any(gap.required for gap in gaps),
        **(_court(held.confirm_by, today) if held and held.confirm_by else {}),
    }


def _court(until: dt.date, today: dt.date) -> dict[str, Any]:
    """How much time is left to ask the court."""
    left = until - today
    light = "gg-light-done" if left.days < 0 else "gg-light-near" if left <= CONFIRM_WARNING else ""
    return {"court_left": left.days, "court_over": left.days < 0, "court_light": light}
