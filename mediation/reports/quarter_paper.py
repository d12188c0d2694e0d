"""The report of a quarter, printed."""

import datetime as dt
from collections.abc import Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from gridgov.core import pdf
from mediation.reports.figures import Counts
from mediation.reports.quarter import COLUMNS, QuarterReport, cells, notes

# Of the page's width, for the names of lines.
NAMES = 0.2


def quarter_paper(found: QuarterReport, *, by: str, at: dt.datetime) -> bytes:
    """As a PDF on its side; BY is who printed it."""
    footer = _("Printed by %(name)s, %(time)s") % {"name": by, "time": f"{localtime(at):%Y-%m-%d %H:%M}"}
    return pdf.document(_story(found), title=found.title, footer=footer, across=True)


def _story(found: QuarterReport) -> Iterator[Flowable]:
    width = pdf.page_width(across=True)
    yield pdf.text(found.title, "title")
    span = {"first": found.now.first.isoformat(), "last": found.now.last.isoformat()}
    yield pdf.text(_("From %(first)s to %(last)s") % span, "quiet")
    heads = ["", _("this quarter"), _("quarter before")]
    yield pdf.table([heads, *(list(line) for line in found.headlines)], [width * NAMES] * 3)
    own = [width * NAMES, *[width * (1 - NAMES) / len(COLUMNS)] * len(COLUMNS)]
    for title, lines in found.tables:
        yield pdf.text(title, "h2")
        rows = [_row(line.name, line.counts) for line in lines]
        yield pdf.table(
            [["", *(str(label) for _name, label, _rate in COLUMNS)], *rows, _row(_("together"), found.now.total)], own
        )
    for words in notes():
        yield pdf.text(words, "quiet")


def _row(name: str, counts: Counts) -> list[str]:
    return [name, *cells(counts)]
