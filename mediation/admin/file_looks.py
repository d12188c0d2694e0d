"""How files look at the desk."""

import datetime as dt

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mediation.choices.files import AGREED, NEAR, FileState
from mediation.models import Mediation

CHIPS = {FileState.APPLIED: "gg-light-near", FileState.RUNNING: "gg-light-calm", FileState.FILED: "gg-light-done"}


def state_chip(row: Mediation) -> SafeString:
    """The state; of a file that is over, how it ended."""
    if row.outcome:
        look = "gg-light-calm" if row.outcome in AGREED else "gg-light-done"
        words = row.get_outcome_display()
        return format_html('<span class="gg-chip {}">{}</span>', look, words)
    return format_html(
        '<span class="gg-chip {}">{}</span>', CHIPS.get(FileState(row.state), ""), row.get_state_display()
    )


def deadline(row: Mediation, at: dt.datetime) -> SafeString | str:
    """Until when a running file is to be over, and whether that is near or past; "" for others."""
    if row.state != FileState.RUNNING or row.due_at is None:
        return ""
    day = f"{timezone.localtime(row.due_at):%Y-%m-%d}"
    if row.due_at <= at:
        return format_html(
            '<span class="gg-chip gg-light-late">{}</span>', _("over the limit since %(day)s") % {"day": day}
        )
    days = (row.due_at - at).days
    look = "gg-light-near" if row.due_at - at <= NEAR else ""
    words = _("until %(day)s, %(days)s days left") % {"day": day, "days": days}
    return format_html('<span class="gg-chip {}">{}</span>', look, words)


def moment(at: dt.datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"
