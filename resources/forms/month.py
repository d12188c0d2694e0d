"""Which month a page is about."""

import datetime as dt

from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid

YEARS_ROUND = 5


def first_of(asked: str, today: dt.date) -> dt.date:
    """The first day of the month ASKED for, like 2026-11; of today's for none. Raises Invalid for what is no month, or one
    that is more than some years away."""
    if not asked:
        return today.replace(day=1)
    try:
        first = dt.datetime.strptime(asked, "%Y-%m").date() if asked.isascii() else None
    except ValueError:
        first = None
    if first is None or abs(first.year - today.year) > YEARS_ROUND:
        raise Invalid(_("There is no such month here; please write it like 2026-01."), field="month")
    return first
