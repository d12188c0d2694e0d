"""What clocks say, in words: how long is left, how long it took, and how a deadline stands."""

import datetime as dt

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.choices import OPEN_STATES, CaseState, Clock, Light
from cases.models import Case, Deadline
from cases.reports.looks import NEAR_SHARE, light


def span(length: dt.timedelta) -> str:
    """2天3小时, 5小时20分, 12分: the two largest parts."""
    minutes = int(abs(length.total_seconds())) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(days)dd %(hours)dh") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)dh %(minutes)dmin") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)dmin") % {"minutes": minutes}


def time_left(case: Case, at: dt.datetime) -> str:
    """What the case clock says, in words."""
    if case.state == CaseState.SUBMITTED:
        return _("waiting for %(time)s") % {"time": span(at - case.reported_at)}
    if case.due_at is None:
        return ""
    if case.hold and case.hold_until:
        return _("until %(day)s") % {"day": f"{localtime(case.hold_until):%m-%d %H:%M}"}
    if case.completed_at:
        early = case.due_at - case.completed_at
        words = _("%(time)s early") if early >= dt.timedelta() else _("%(time)s late")
        return words % {"time": span(early)}
    if case.state not in OPEN_STATES:
        return ""
    left = case.due_at - at
    return (_("%(time)s left") if left >= dt.timedelta() else _("%(time)s over")) % {"time": span(left)}


def clock_light(started: dt.datetime, due: dt.datetime, at: dt.datetime) -> Light:
    """How any running clock looks, from STARTED to DUE."""
    if at > due:
        return Light.LATE
    return Light.NEAR if at - started >= (due - started) * NEAR_SHARE else Light.CALM


def deadline_left(deadline: Deadline, at: dt.datetime) -> str:
    """What a clock other than the case's own says, with its name before."""
    words = _("%(time)s left") if deadline.due_at >= at else _("%(time)s over")
    return f"{deadline.get_clock_display()} {words % {'time': span(deadline.due_at - at)}}"


def standing(deadline: Deadline, case: Case, at: dt.datetime) -> tuple[str, str]:
    """(light, words) of one deadline at AT."""
    if deadline.dropped_at:
        return Light.DONE, _("dropped")
    if deadline.met_at:
        late = deadline.breached_at or deadline.met_at > deadline.due_at
        length = span(deadline.due_at - deadline.met_at)
        return (
            (Light.LATE, _("met, %(time)s late") % {"time": length})
            if late
            else (Light.DONE, _("met, %(time)s early") % {"time": length})
        )
    if deadline.paused_at and deadline.breached_at is None:
        return Light.HELD, _("stands still, %(time)s left") % {"time": span(deadline.due_at - deadline.paused_at)}
    length = span(deadline.due_at - at)
    if deadline.breached_at or at > deadline.due_at:
        return Light.LATE, _("%(time)s over") % {"time": length}
    shown = light(case, at) if deadline.clock == Clock.CASE else Light.CALM
    return shown, _("%(time)s left") % {"time": length}
