"""How a line of somebody's day looks in a list."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from fieldwork.choices import DailyState

CHIPS = {
    DailyState.ORDINARY: "gg-light-calm",
    DailyState.ZERO: "gg-light-calm",
    DailyState.MISSING: "gg-light-late",
}


def who(row: Any) -> str:
    return str(row.user)


def where(row: Any) -> str:
    return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', row.grid.name, row.grid.code)


def moment(at: dt.datetime | None) -> str:
    return format_html('<span class="gg-nowrap">{}</span>', f"{timezone.localtime(at):%Y-%m-%d %H:%M}") if at else "—"


def state_chip(state: DailyState) -> str:
    return format_html('<span class="gg-chip {}">{}</span>', CHIPS.get(state, ""), state.label)
