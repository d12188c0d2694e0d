"""How resources and their days look in lists."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from resources.choices import ICONS, ResourceKind
from resources.models import Resource, Service
from resources.rules import contact_of


def kind_chip(kind: str) -> SafeString:
    sign = '<span class="gg-chip"><span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>'
    return format_html(sign, ICONS[ResourceKind(kind)], ResourceKind(kind).label)


def two(first: Any, second: Any) -> SafeString:
    return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', first, second)


def contact(row: Resource) -> SafeString | str:
    name, phone = contact_of(row)
    if name and phone:
        return two(name, phone)
    return name or phone or "—"


def when(row: Service) -> str:
    """On which days ROW takes place, and at what time."""
    if row.month_day is not None:
        days = _("each month on day %(day)s") % {"day": row.month_day}
    elif row.week is None:
        days = _("each %(weekday)s") % {"weekday": row.get_weekday_display()}
    else:
        days = _("%(weekday)s, %(week)s") % {"weekday": row.get_weekday_display(), "week": row.get_week_display()}
    return f"{days} {row.time}".strip()
