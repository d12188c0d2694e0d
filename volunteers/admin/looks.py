"""How volunteers and squads look in lists of the desk."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from volunteers.choices.people import WEEKDAYS, DayPart, Skill, SquadGap, VolunteerState

# What waits for somebody is seen first; colour is never the only sign.
CHIPS = {
    VolunteerState.APPLIED: "gg-light-near", VolunteerState.ACTIVE: "gg-light-calm",
    SquadGap.SHORT: "gg-light-late", SquadGap.OVER: "gg-light-near", SquadGap.NO_LEAD: "gg-light-near",
    SquadGap.NO_MICRO: "gg-light-near",
}  # fmt: skip


def chip(choice: Any) -> SafeString:
    return mark(CHIPS.get(choice, ""), choice.label)


def mark(look: str, words: Any) -> SafeString:
    """WORDS in a frame that looks like LOOK."""
    return format_html('<span class="gg-chip {}">{}</span>', look, words)


def chips(choices: Iterable[Any]) -> SafeString | str:
    return format_html_join(" ", "{}", ((chip(one),) for one in choices)) or "—"


def two(first: Any, second: Any) -> SafeString:
    return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', first, second)


def skills(row: Any) -> str:
    return " · ".join(str(Skill(skill).label) for skill in row.skills if skill in Skill.values) or "—"


def times(row: Any) -> str:
    """Free times by weekday: Monday morning, evening; …"""
    found = []
    for day, name in enumerate(WEEKDAYS, start=1):
        parts = [str(part.label) for part in DayPart if f"{day}{part.value}" in row.times]
        if parts:
            found.append(" ".join([str(name), *parts]))
    return " · ".join(found) or "—"


def hours(minutes: int) -> str:
    """Hours of service as people are told them: in halves (handbook 1.7)."""
    return _("%(hours)s h") % {"hours": f"{minutes // 30 / 2:g}"}


def somebody(user: User) -> str:
    """Who works here by name, a volunteer by the number: names of volunteers are shown for a reason alone."""
    return user.username if user.role == Role.VOLUNTEER else str(user)


def day(date: dt.date | None) -> str:
    return f"{date:%Y-%m-%d}" if date else "—"


def moment(at: dt.datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"
