"""How far a report has come, for whoever holds its slip: the five steps in plain words, and what the office answered."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.choices import CaseState, RejectReason, Step
from cases.models import Case, Rating
from cases.reports import five_steps
from cases.reports.published import Published, result_of
from cases.rules import rated_before
from door.choices import PLAIN_STATE, SlipKind
from door.models import Slip, Words
from door.rules import can_withdraw
from grids.choices import HOTLINE

# (what is done, what is under way, what is to come) of each step.
STEPS: dict[str, tuple[Promise, Promise, Promise]] = {
    Step.FIND: (_("You reported it"), _("You report it"), _("You report it")),
    Step.CLASSIFY: (
        _("The office has taken it on"), _("The office looks at it and decides who handles it"),
        _("The office looks at it and decides who handles it"),
    ),
    Step.HANDLE: (_("It was handled"), _("It is being handled"), _("Somebody handles it")),
    Step.SUPERVISE: (
        _("The result was checked"), _("The result is being checked by somebody else"), _("Somebody else checks the result"),
    ),
    Step.PUBLISH: (_("Closed: you can rate it"), _("Closed: you can rate it"), _("It is closed, and you rate it")),
}  # fmt: skip
# Where whoever was not taken on is to turn.
ADVICE: dict[str, str | Promise] = {
    RejectReason.NOT_IN_SCOPE: _("Please call the hotline %(hotline)s: they know who is responsible."),
    RejectReason.EMERGENCY_REDIRECT: _("In danger call 110, 119 or 120 at once."),
    RejectReason.LEGAL_CHANNEL: _(
        "Court, arbitration or the office for petitions decide this; the hotline %(hotline)s tells where."
    ),
    RejectReason.NO_CONTENT: _("Please report it again and say where it is and what you saw."),
    RejectReason.DUPLICATE: _("It is being handled under an earlier report."),
}


@dataclass(frozen=True)
class StepLine:
    """One of the five steps; `state` is done, here or ahead."""

    words: Promise
    at: dt.datetime | None
    state: str


@dataclass(frozen=True)
class Progress:
    """What the holder of a slip is shown. `rating` is the one of this round."""

    slip: Slip
    case: Case
    state: "str | Promise"
    steps: tuple[StepLine, ...]
    ended: str
    advice: str
    reply: str
    rating: Rating | None
    words: tuple[Words, ...]
    own: bool
    released: Published | None

    @property
    def closed(self) -> bool:
        return self.case.state == CaseState.CLOSED

    @property
    def takes_photos(self) -> bool:
        return bool(self.slip.case.can_move("add_photo"))

    @property
    def may_withdraw(self) -> bool:
        return bool(can_withdraw(self.slip))

    @property
    def has_contact(self) -> bool:
        reporter = getattr(self.slip.case, "reporter", None) if self.own else self.slip
        return bool(reporter and (reporter.name or reporter.phone))


def progress(slip: Slip) -> Progress:
    """Of a slip read by `for_page`; a merged case walks with the one that leads it. Three queries at most."""
    own = slip.kind == SlipKind.REPORT
    case = slip.case.leading or slip.case
    rating = getattr(slip.case, "rating", None) if own else None
    if rating is not None and (case.state != CaseState.CLOSED or rated_before(case, rating)):
        rating = None
    rejected = case.state == CaseState.REJECTED
    return Progress(
        slip, case, PLAIN_STATE[CaseState(case.state)], tuple(_lines(case)),
        ended=str(case.get_reject_reason_display()) if rejected else "",
        advice=str(ADVICE.get(case.reject_reason, "")) % {"hotline": HOTLINE} if rejected else "",
        reply=slip.case.reply or case.reply, rating=rating, words=tuple(slip.words.all()) if own else (), own=own,
        released=result_of(case.no) if case.state == CaseState.CLOSED else None,
    )  # fmt: skip


def _lines(case: Case) -> "list[StepLine]":
    """Up to where it ended, if it ended before the last step."""
    lines = []
    for view in five_steps(case):
        done, under_way, ahead = STEPS[view.step]
        if view.here:
            lines.append(StepLine(under_way, None, "here"))
        elif view.done_at:
            lines.append(StepLine(done, view.done_at, "done"))
        elif case.state not in {CaseState.REJECTED, CaseState.VOIDED}:
            lines.append(StepLine(ahead, None, "ahead"))
    return lines
