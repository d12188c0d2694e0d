"""What waits for somebody who mediates or directs: in the files that one reads, and in no others."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from mediation.choices.deeds import Performance
from mediation.choices.files import NEAR, Consent, FileState, PartyRole
from mediation.models import Mediation, Party, Session, Task

MOST, AHEAD = 8, dt.timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """How many, and the first few."""

    count: int
    rows: list[Any]


def waits_for(user: User, at: dt.datetime, today: dt.date) -> dict[str, Waiting]:
    """By what it is; two queries each."""
    files = Mediation.objects.visible_to(user)
    running = files.filter(state=FileState.RUNNING)
    keys = running.order_by().values("pk")
    sessions = Session.objects.planned().filter(mediation__in=keys)
    silent = Party.objects.filter(mediation__in=files.open().order_by().values("pk"), consent=Consent.ASKED)
    owed = Task.objects.filter(mediation__in=files.order_by().values("pk"), state=Performance.OPEN)
    asked: dict[str, QuerySet] = {
        "to_accept": files.filter(state=FileState.APPLIED).for_list().order_by("applied_at", "pk"),
        "ahead": sessions.filter(ends_at__gte=at).for_list().order_by("starts_at", "pk"),
        "to_record": sessions.filter(ends_at__lt=at).for_list().order_by("starts_at", "pk"),
        "near": running.filter(due_at__lte=at + NEAR).for_list().order_by("due_at", "pk"),
        "silent": silent.exclude(role=PartyRole.THIRD).for_list().order_by("pk"),
        "owed": owed.filter(due_on__lte=today + AHEAD).for_list().order_by("due_on", "pk"),
    }
    return {name: Waiting(rows.count(), list(rows[:MOST])) for name, rows in asked.items()}
