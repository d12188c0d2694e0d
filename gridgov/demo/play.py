"""Playing cases through the real actions, in the past: each verb at its own time, and the clocks struck in between.

What the worker would have done at each moment (`cases.deadline` jobs) is done here at that moment, so that a case that
is entered afterwards is late when it was late, not when it was entered.
"""

import datetime as dt
from collections.abc import Callable

from accounts.models import User
from cases import actions
from cases.actions.clocks import KIND
from cases.choices import Ask, AskState
from cases.models import Case, Deadline, Supervision
from gridgov.core import jobs
from gridgov.core.models import Job

from .cast import ANSWER, REOPEN_REASON, RETURN_REASON, RETURN_TOLD, REWORK_REASON, Cast, Place, public_reply


class Player:
    """Plays one case: who acts follows from the cast, when is said with each verb."""

    def __init__(self, cast: Cast, number: int) -> None:
        self.cast, self.number = cast, number
        self.case: Case
        self.place: Place
        self.last: dt.datetime
        self.unit = ""
        self.contact = self.result = ""

    def report(self, report: actions.Report, at: dt.datetime, by: int | None = None) -> None:
        self.place = self.cast.places[report.grid]
        self.contact = report.reporter_phone
        who = by or self.cast.reporter(report.channel, self.place, self.number)
        self.case, self.last = actions.report_case(report=report, by=_user(who), at=at), at

    def accept(self, at: dt.datetime) -> None:
        self._do(actions.accept_case, self._decider(), at)

    def merge(self, at: dt.datetime, leading: int, reason: str) -> None:
        self._do(actions.merge_case, self._decider(), at, leading=leading, reason=reason)

    def dispatch(self, at: dt.datetime, unit: str, note: str = "") -> None:
        """UNIT is its code in the plan; "" sends the case to the post-holders of its grid."""
        self.unit = unit
        to = {"unit": self.cast.desks[unit].pk} if unit else {"grid": self.place.code}
        self._do(actions.dispatch_case, self._decider(), at, **to, note=note)

    def give_back(self, at: dt.datetime) -> None:
        """Ask for it, and have it allowed at once."""
        self._do(actions.ask, self._handler(), at, kind=Ask.RETURN, reason=RETURN_REASON, **RETURN_TOLD)
        row = self.case.applications.get(kind=Ask.RETURN, state=AskState.PENDING)
        actions.decide(application=row, approve=True, by=_user(self._decider()), at=at)

    def sign_in(self, at: dt.datetime) -> None:
        self._do(actions.sign_in_case, self._handler(), at)

    def progress(self, at: dt.datetime, note: str) -> None:
        self._do(actions.note_progress, self._handler(), at, note=note)

    def raise_tier(self, at: dt.datetime, tier: str, reason: str) -> None:
        self._do(actions.raise_tier, self._handler(), at, tier=tier, reason=reason)

    def answer(self, at: dt.datetime) -> None:
        """Answer the supervision that is open."""
        self.strike_until(at)
        row = Supervision.objects.open().get(case=self.case)
        actions.answer_supervision(supervision=row.pk, reply=ANSWER, by=_user(self._handler()), at=at)
        self.last = at

    def complete(self, at: dt.datetime, result: str) -> None:
        self.result = result
        self._do(actions.complete_case, self._handler(), at, result=result)

    def verify(self, at: dt.datetime) -> None:
        self._do(actions.verify_case, self._decider(), at)

    def rework(self, at: dt.datetime) -> None:
        self._do(actions.rework_case, self._decider(), at, reason=REWORK_REASON)

    def close(self, at: dt.datetime) -> None:
        reply = public_reply(self.case.channel, self.contact, self.result)
        self._do(actions.close_case, self._decider(), at, reply=reply)

    def rate(self, at: dt.datetime, score: int, text: str = "") -> None:
        self._do(actions.rate_case, self._decider(), at, score=score, solved=score > 1, text=text)

    def reopen(self, at: dt.datetime) -> None:
        self._do(actions.reopen_case, self._decider(), at, reason=REOPEN_REASON)

    def strike_until(self, at: dt.datetime) -> None:
        """Do what the clocks would have done by AT."""
        while due := self._next_due(keys := self._keys(), at):
            moment = max(due, self.last)
            rows = Job.objects.filter(kind=KIND, key__in=keys, done_at=None, due_at__lte=moment)
            struck = [int(key) for key in rows.values_list("key", flat=True)]
            again = actions.strike(deadlines=struck, by=User.objects.system(), at=moment)
            jobs.withdraw(KIND, [pk for pk in struck if pk not in again])
            if again:
                jobs.rearm(KIND, again)

    def end(self, at: dt.datetime) -> None:
        """The present: strike what is due, and leave no jobs to clocks that have stopped."""
        self.strike_until(at)
        stopped = Deadline.objects.filter(case=self.case).exclude(met_at=None, dropped_at=None)
        jobs.withdraw(KIND, stopped.values_list("pk", flat=True))

    def _do(self, action: Callable[..., object], by: int, at: dt.datetime, **more: object) -> None:
        self.strike_until(at)
        action(case=self.case.pk, by=_user(by), at=at, **more)
        self.last = at

    def _keys(self) -> list[str]:
        """The jobs of the clocks there are; what is struck may start another."""
        return [str(pk) for pk in Deadline.objects.filter(case=self.case).values_list("pk", flat=True)]

    def _next_due(self, keys: list[str], at: dt.datetime) -> dt.datetime | None:
        rows = Job.objects.filter(kind=KIND, key__in=keys, done_at=None, due_at__lte=at)
        return rows.order_by("due_at").values_list("due_at", flat=True).first()

    def _decider(self) -> int:
        tier = Case.objects.values_list("tier", flat=True).get(pk=self.case.pk)
        return self.cast.decider(tier, self.place, self.number)

    def _handler(self) -> int:
        return self.cast.handler(self.unit, self.place)


def _user(pk: int) -> User:
    return User.objects.get(pk=pk)
