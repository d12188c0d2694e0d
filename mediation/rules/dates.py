"""From which day an agreement holds, and until when the court may be asked: reckoning with days, and nothing else."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from gridgov.core.calendar import WorkCalendar
from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import CONFIRM_DAYS, AgreementForm

# No holiday is longer; beyond it a mistake in the calendar must not move the day for ever.
LONGEST_HOLIDAY = 21


def effective_on(signed: Iterable[dt.date]) -> dt.date:
    """The day of the last signature or seal (人民调解法 29). Raises ValueError where there is none."""
    return max(signed)


def check_effective(said: dt.date, signed: Iterable[dt.date]) -> Verdict:
    """Whether an agreement SIGNED on these days can say that it takes effect on the day SAID."""
    last = effective_on(signed)
    if said == last:
        return YES
    words = _(
        "An agreement takes effect on the day of the last signature or seal, %(day)s, and on no other"
        " (People's Mediation Law, art. 29)."
    )
    return Verdict.reject(words % {"day": last.isoformat()}, field="effective_on")


def check_reached(form: str, reached: dt.date | None, *, begun: dt.date, today: dt.date) -> Verdict:
    """Whether an agreement of FORM, noted TODAY, can have been REACHED on that day; the dispute was accepted on the day BEGUN."""
    if reached is None or (form == AgreementForm.ORAL and begun <= reached <= today):
        return YES
    if form != AgreementForm.ORAL:
        words = _(
            "In writing it takes effect when it is signed: no other day is named (People's Mediation Law, art. 29)."
        )
    else:
        words = _(
            "An agreement by word of mouth holds from the day on which it was reached: between the day on which the dispute was"
            " accepted and today (People's Mediation Law, art. 30)."
        )
    return Verdict.reject(words, field="reached_on")


def last_days(effective: dt.date) -> tuple[dt.date, dt.date]:
    """The days of the calendar that `confirm_by` looks at."""
    last = effective + dt.timedelta(days=CONFIRM_DAYS)
    return last, last + dt.timedelta(days=LONGEST_HOLIDAY)


def confirm_by(effective: dt.date, days: WorkCalendar) -> dt.date:
    """The last day on which the parties may ask the court: the thirtieth after EFFECTIVE, which isn't counted itself
    (人民调解法 33); where nobody works on it, the first working day after it (民事诉讼法 85)."""
    first, last = last_days(effective)
    ahead = (first + dt.timedelta(days=n) for n in range((last - first).days))
    return next((day for day in ahead if days.day(day).works), last)
