"""Originals under covers, as data that is kept for a time."""

import datetime as dt

from django.db.models import F, QuerySet

from cases.models import Photo
from gridgov.core import keeping

KIND = "cases.original"


def due_originals(at: dt.datetime) -> QuerySet[Photo]:
    """Photos whose original goes AT, with `goes_at`; without those whose case is held."""
    term = keeping.term_of(KIND)
    rows = Photo.objects.exclude(original="").filter(case__closed_at__lte=at - term)
    held = keeping.held("cases.case")
    rows = rows.exclude(case__in=held) if held else rows
    return rows.annotate(goes_at=F("case__closed_at") + term)
