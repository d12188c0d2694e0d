"""How a case looks in a line: chips, the light with its word, the time left in words."""

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.choices import OPEN_STATES, AskState, CardLevel, CaseState, Light, Urgency
from cases.models import Application, Case, Deadline
from cases.reports import NEAR_SHARE, light

# Colour is never the only signal (handbook 1.11): each light has its own shape and its word.
LIGHT_ICONS = {
    Light.CALM: "schedule",
    Light.NEAR: "hourglass_bottom",
    Light.LATE: "error",
    Light.DONE: "task_alt",
    Light.HELD: "pause_circle",
}


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


def light_chip(case: Case, at: dt.datetime) -> SafeString:
    if case.state == CaseState.SUBMITTED:
        # Only the response clock runs, which a line of a list doesn't know.
        return format_html('<span class="gg-light">{}</span>', _("clock not started"))
    return chip_of(light(case, at))


def chip_of(shown: Light) -> SafeString:
    return format_html(
        '<span class="gg-light gg-light-{}"><span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>',
        shown.value, LIGHT_ICONS[shown], shown.label,
    )  # fmt: skip


def clock_light(started: dt.datetime, due: dt.datetime, at: dt.datetime) -> Light:
    """How any running clock looks, from STARTED to DUE."""
    if at > due:
        return Light.LATE
    return Light.NEAR if at - started >= (due - started) * NEAR_SHARE else Light.CALM


def deadline_left(deadline: Deadline, at: dt.datetime) -> str:
    """What a clock other than the case's own says, with its name before."""
    words = _("%(time)s left") if deadline.due_at >= at else _("%(time)s over")
    return f"{deadline.get_clock_display()} {words % {'time': span(deadline.due_at - at)}}"


def clock_cell(case: Case, at: dt.datetime) -> SafeString:
    """Light over time left."""
    return format_html(
        '<div class="gg-clock">{}<span class="gg-left">{}</span></div>', light_chip(case, at), time_left(case, at)
    )


def state_chip(case: Case) -> SafeString:
    """The state; of a merged case, into which."""
    words = _("merged into %(no)s") % {"no": case.leading.no} if case.leading else case.get_state_display()
    return format_html('<span class="gg-chip gg-state-{}">{}</span>', case.state, words)


def tier_chip(case: Case) -> SafeString:
    return format_html(
        '<span class="gg-tier gg-tier-{}" title="{}">{}</span>', case.tier, case.get_tier_display(), case.tier
    )


def application_chip(row: Application) -> SafeString:
    look = {AskState.PENDING: "near", AskState.APPROVED: "calm"}.get(AskState(row.state), "done")
    return format_html('<span class="gg-chip gg-standing-{}">{}</span>', look, row.get_state_display())


def urgency_chip(case: Case) -> SafeString | str:
    if case.urgency == Urgency.NORMAL:
        return ""
    return format_html('<span class="gg-chip gg-urgency-{}">{}</span>', case.urgency, case.get_urgency_display())


def card_chip(case: Case) -> SafeString | str:
    if case.card == CardLevel.NONE:
        return ""
    return format_html(
        '<span class="gg-chip gg-card-{}"><span class="material-symbols-outlined" aria-hidden="true">style</span>{}</span>',
        case.card, case.get_card_display(),
    )  # fmt: skip
