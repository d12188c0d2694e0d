"""Looks at who somebody is: each is a record, and of those that show a name or a number a person has so many an hour.

A room declares its looks once (`looks`), and its actions record them by `record_look` in place of `record`. What counts is what
stands in the records, under a lock of whoever looks: two tabs at once don't get one look more than the limit.
"""

import datetime as dt
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from rest_framework import status

from gridgov.core.errors import Refusal
from gridgov.core.locks import advisory_lock
from gridgov.core.models import LOOKS, Record, Recordable
from gridgov.core.questions import Question
from gridgov.core.records import Subject, record

HOUR = dt.timedelta(hours=1)
# What is recorded where somebody has come to the end of the hour's looks.
REFUSED, LIMIT = "core.look_refused", "core.look_limit"


class LookedOften(Refusal):
    """The hour's looks are used up; `again` is when there is one more."""

    status = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "looked_often"


@dataclass(frozen=True)
class Look:
    """A kind of look: the `verb` of its records; COUNTED where it shows a name or a number and falls under the limit.
    `named(keys)` answers {key of its subject: what it is called, without a word about the person}. `own(user)` is which of
    them are about USER: (type of subject, keys)."""

    verb: str
    counted: bool = False
    named: Callable[[list[int]], dict[int, str]] | None = None
    own: Callable[[Any], tuple[str, Any]] | None = None


_looks: dict[str, Look] = {}
# (user's key, instant) → whether the limit is lifted for that person then.
lifted: Question[[int, dt.datetime], bool] = Question()
# Refusals of the request that runs: its transaction is undone, and they must stand all the same.
_refused: ContextVar[list[tuple[Any, str, dt.datetime]] | None] = ContextVar("refused_looks", default=None)


def looks(look: Look) -> None:
    """Declare LOOK. Its verb stands in `gridgov.core.models.LOOKS`, by which looks are found."""
    if look.verb not in LOOKS:
        raise ValueError(f"{look.verb} is no look: add it to gridgov.core.models.LOOKS")
    _looks[look.verb] = look


def declared() -> dict[str, Look]:
    return dict(_looks)


def counted() -> list[str]:
    """The verbs that fall under the limit."""
    return sorted(verb for verb, look in _looks.items() if look.counted)


def record_look(
    verb: str, subject: Recordable | Subject, *, by: Any, at: dt.datetime, data: dict[str, Any] | None = None
) -> Record:
    """`record` for a look at somebody's data. Raises LookedOften where BY has used up the hour's looks: nothing is shown then."""
    if _looks[verb].counted and not by.is_client:
        _insist(by, verb, at)
    return record(verb, subject, by=by, at=at, data=data)


def _insist(by: Any, verb: str, at: dt.datetime) -> None:
    # After the row's own lock and before nothing else, so that two of one person can't wait for each other.
    advisory_lock(LIMIT, by.pk)
    most: int = settings.REVEALS_PER_HOUR
    rows = Record.objects.filter(Q(verb__in=LOOKS), actor=by, at__gt=at - HOUR, verb__in=counted()).order_by("-at")
    latest = list(rows.values_list("at", flat=True)[:most])
    if len(latest) < most or any(lifted.ask(by.pk, at)):
        return
    asked = _refused.get()
    if asked is not None:
        asked.append((by, verb, at))
    words = {"most": most, "time": f"{localtime(latest[-1] + HOUR):%H:%M}"}
    raise LookedOften(
        _("You have looked at %(most)s people's data within an hour. Again at %(time)s; if work needs more today, the street "
          "office's lead or the security administrator can lift the limit, with a reason.") % words
    )  # fmt: skip


class LooksMiddleware:
    """Writes down refused looks once the transaction in which they were asked for is undone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: list[tuple[Any, str, dt.datetime]] = []
        token = _refused.set(asked)
        try:
            answer = self.get_response(request)
        finally:
            _refused.reset(token)
        for by, verb, at in asked:
            with transaction.atomic():
                advisory_lock(LIMIT, by.pk)
                record(REFUSED, Subject(LIMIT, by.pk), by=by, at=at, data={"verb": verb})
        return answer


def looks_at(kind: str, keys: Any) -> Any:
    """Records of looks at subjects of KIND with KEYS, the newest first."""
    return Record.objects.filter(subject_type=kind, subject_id__in=keys, verb__in=LOOKS).order_by("-id")
