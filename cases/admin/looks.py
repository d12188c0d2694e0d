"""How a case looks in a line: chips, the light with its word, the time left in words."""

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.choices import AskState, CardLevel, CaseState, Light, Urgency
from cases.models import Application, Case
from cases.reports import light, time_words

# Colour is never the only signal (handbook 1.11): each light has its own shape and its word.
LIGHT_ICONS = {
    Light.CALM: "schedule",
    Light.NEAR: "hourglass_bottom",
    Light.LATE: "error",
    Light.DONE: "task_alt",
    Light.HELD: "pause_circle",
}


def light_chip(case: Case, at: dt.datetime) -> SafeString:
    # Of what is not accepted yet only the response clock runs, which a line of a list doesn't know.
    return light_or_none(None if case.state == CaseState.SUBMITTED else light(case, at))


def light_or_none(shown: Light | None) -> SafeString:
    return chip_of(shown) if shown else format_html('<span class="gg-light">{}</span>', _("clock not started"))


def chip_of(shown: Light) -> SafeString:
    return format_html(
        '<span class="gg-light gg-light-{}"><span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>',
        shown.value, LIGHT_ICONS[shown], shown.label,
    )  # fmt: skip


def clock_cell(case: Case, at: dt.datetime) -> SafeString:
    """Light over time left."""
    return format_html(
        '<div class="gg-clock">{}<span class="gg-left">{}</span></div>',
        light_chip(case, at),
        time_words.time_left(case, at),
    )


def state_chip(case: Case) -> SafeString:
    """The state; of a merged case, into which."""
    chip = format_html('<span class="gg-chip gg-state-{}">{}</span>', case.state, case.get_state_display())
    return format_html('{} <small class="gg-no">{}</small>', chip, case.leading.no) if case.leading else chip


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
