"""/m/cases/: the cases that somebody sees, a page at a time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.choices import CASE_ROLES
from accounts.models import User
from cases.choices import Clock
from cases.models import Case
from cases.reports.queues import BY_NAME, MINE, Queue, queues_of
from cases.reports.waiting import by_time_left
from cases.views.phone.lines import lines
from gridgov.core.keyset import Keyset
from gridgov.core.phone import phone_page

PAGE, LONGEST_WORDS = 20, 60
WAITING, OPEN, DONE = "waiting", "open", "done"


@dataclass(frozen=True)
class Tab:
    """A list of its own: its address and whether it is the one that is shown."""

    name: str
    label: Any
    url: str
    here: bool


_LABELS = {WAITING: _("waits for me"), OPEN: _("all open ones"), DONE: _("done by me")}


@phone_page(CASE_ROLES)
@require_safe
def show_cases(request: HttpRequest) -> HttpResponse:
    """?tab= waiting, open, done; ?queue= a queue of the workbench; ?q= words, the number or its end; ?after= a mark."""
    user, at = request.user, timezone.now()
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_WORDS]
    queue = next((one for one in queues_of(user) if one.name == request.GET.get("queue")), None)
    tab = request.GET.get("tab", "")
    tab = tab if tab in _LABELS else "" if queue or words else WAITING
    if tab == WAITING:
        queue = BY_NAME[MINE]
    asked = {"tab": tab} if tab else {"queue": queue.name} if queue else {}
    asked |= {"q": words} if words else {}
    page = Keyset(_rows(user, tab, queue, words, at)).page(PAGE, **_mark(request))
    context = {
        "lines": lines(page.rows, at, {}), "tabs": _tabs(tab, words), "queue": None if tab else queue, "words": words, "asked": asked,
        "newer": _query(asked, before=page.before), "older": _query(asked, after=page.after),
    }  # fmt: skip
    return render(request, "cases/m/cases.html", context)


def _rows(user: User, tab: str, queue: Queue | None, words: str, at: dt.datetime) -> QuerySet:
    """What waits and what is open by the time left; all else the newest first."""
    rows = Case.objects.visible_to(user).search(words).for_list()
    if queue and tab in {"", WAITING}:
        return by_time_left(rows.open().filter(queue.holds(user, at)), queue.clocks)
    if tab == OPEN:
        return by_time_left(rows.open(), (Clock.CASE,))
    return by_time_left(rows.done_by(user) if tab == DONE else rows, (Clock.CASE,)).order_by("-id")


def _mark(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("after", "before")}


def _tabs(here: str, words: str) -> list[Tab]:
    more = {"q": words} if words else {}
    return [Tab(name, label, f"?{urlencode({'tab': name, **more})}", name == here) for name, label in _LABELS.items()]


def _query(asked: dict[str, str], **mark: str) -> str:
    """The query of the page at MARK; "" where there is none."""
    return f"?{urlencode({**asked, **mark})}" if all(mark.values()) else ""
