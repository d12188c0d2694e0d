"""Certificates on paper: the official record of hours 志愿服务记录证明 and the honour certificate 荣誉证书, with a QR code by which
anybody can check them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from gridgov.core import pdf
from grids.forms.codes import origin_of
from grids.forms.printed import Printed
from volunteers.choices.honours import CertificateKind
from volunteers.models import Certificate, Project
from volunteers.rules.certificates import hours_of

GOLD = "#8a6d1d"


class _Mark(Printed):
    """The QR code of ADDRESS, with the code to type below it."""

    def __init__(self, address: str, code: str, side: float) -> None:
        super().__init__(side, side + 11 * mm)
        self.address, self.said, self.side = address, code, side

    def draw(self) -> None:
        below = self.code(self.address, 0, self.height, self.side)
        below = self.line(self.said, below, 8, pdf.INK)
        self.line(_("Scan to check"), below, 7.5, pdf.QUIET)


def print_certificate(row: Certificate, address: str) -> bytes:
    """ROW, with its volunteer, as a PDF; ADDRESS is that of the page which verifies it."""
    return (_record if row.kind == CertificateKind.HOURS else _honour)(row, address)


def paper_of(request: HttpRequest, row: Certificate) -> HttpResponse:
    """ROW as a file for whoever asks; its code leads to where the house is reached."""
    address = f"{origin_of(request)}{reverse('v-certificate', args=[row.code])}"
    answer = HttpResponse(print_certificate(row, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{row.no}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _spaced(code: str) -> str:
    return " ".join(code[first : first + 4] for first in range(0, len(code), 4))


def _issued(row: Certificate) -> dt.date:
    return localdate(row.issued_at or row.made_at)


def _record(row: Certificate, address: str) -> bytes:
    said, width, who = row.said, pdf.page_width(), row.volunteer
    title = str(CertificateKind.HOURS.label)
    pairs = [
        (_("name of the volunteer"), who.name), (_("volunteer number"), who.no),
        (_("number in the national record"), who.national_no), (_("time"), f"{said['first']} – {said['last']}"),
        (_("hours of service"), _("%(hours)s hours") % {"hours": hours_of(said["minutes"])}),
    ]  # fmt: skip
    lines = [
        (line["title"] or _("other service"), f"{line['first']} – {line['last']}", str(line["hours"]))
        for line in said["lines"]
    ]
    head = (_("content of service"), _("days of service"), _("hours"))
    signed = [
        (_("issuer (seal)"), said["issuer"]), (_("responsible person"), said["responsible"]), (_("handler"), said["handler"]),
        (_("contact"), said["contact"]), (_("day of issue"), _issued(row).isoformat()),
    ]  # fmt: skip
    story: list[Flowable] = [
        pdf.text(title, "title"), pdf.text(_("Certificate number: %(number)s") % {"number": row.no}, "quiet"), Spacer(1, 6 * mm),
        _facts([pair for pair in pairs if pair[1]], width), Spacer(1, 4 * mm),
        pdf.table([head, *lines], (None, width * 0.3, width * 0.12), name="body"), Spacer(1, 4 * mm),
        _beside(_facts(signed, width - 45 * mm), _Mark(address, _spaced(row.code), 36 * mm), width), Spacer(1, 4 * mm),
        pdf.text(_("Hours by the house's ledger of service, in half hours, rounded down; ways there and back don't count. "
                   "Free of charge. Without a valid page behind the code this paper proves nothing."), "quiet"),
    ]  # fmt: skip
    return pdf.document(story, title=title, footer=f"{row.no}  {said['issuer']}")


def _facts(pairs: Iterable[tuple[Any, Any]], width: float) -> Table:
    """As `pdf.facts`, larger: a paper that is shown at a counter."""
    quiet, plain = (ParagraphStyle(f"paper{n}", pdf.style(n), fontSize=11.5, leading=18) for n in ("quiet", "body"))
    rows = [[Paragraph(pdf.text(name).text, quiet), Paragraph(pdf.text(value).text, plain)] for name, value in pairs]
    made = Table(rows, colWidths=[36 * mm, width - 36 * mm], hAlign="LEFT")
    made.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, pdf.RULE), ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    return made


def _beside(left: Flowable, right: Flowable, width: float) -> Table:
    made = Table([[left, right]], colWidths=[width - 42 * mm, 42 * mm])
    made.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    return made


def _centred(words: str, size: float, colour: Any = pdf.INK) -> Paragraph:
    look = ParagraphStyle(
        f"centred{size}", pdf.style("body"), fontSize=size, leading=size * 1.6, alignment=TA_CENTER, textColor=colour
    )
    plain = pdf.text(words)
    return Paragraph(plain.text, look)


class _Frame(Flowable):
    """Two lines around the page, on which the rest stands."""

    def wrap(self, *_room: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        left, low = self.canv.absolutePosition(0, 0)
        wide, tall = landscape(A4)
        self.canv.setStrokeColor(GOLD)
        for inset, thick in ((5 * mm, 2.2), (6.5 * mm, 0.6)):
            self.canv.setLineWidth(thick)
            self.canv.rect(inset - left, inset - low, wide - 2 * inset, tall - 2 * inset)


def _honour(row: Certificate, address: str) -> bytes:
    said, width = row.said, pdf.page_width(across=True)
    title = str(CertificateKind.HONOUR.label)
    words = said["words"] or _("for service to the neighbours")
    story: list[Flowable] = [
        _Frame(), Spacer(1, 14 * mm), _centred(title, 34, GOLD), Spacer(1, 6 * mm),
        _centred(f"{row.volunteer.name} {row.volunteer.no}", 18), Spacer(1, 5 * mm),
        _centred(_("is honoured as"), 13), _centred(row.title, 24, GOLD), _centred(words, 13), Spacer(1, 8 * mm),
    ]  # fmt: skip
    signed = [
        (_("issuer (seal)"), said["issuer"]), (_("responsible person"), said["responsible"]), (_("panel"), said["panel"]),
        (_("number of the certificate"), row.no), (_("day of issue"), _issued(row).isoformat()),
    ]  # fmt: skip
    story.append(_beside(_facts(signed, width - 45 * mm), _Mark(address, _spaced(row.code), 34 * mm), width))
    return pdf.document(story, title=title, footer=f"{row.no}  {said['issuer']}", across=True)


class _Plate(Printed):
    """An activity's title and the code by which residents say how it was, on an A4 page."""

    def __init__(self, project: Project, address: str, width: float, height: float) -> None:
        super().__init__(width, height)
        self.project, self.address = project, address

    def draw(self) -> None:
        below = self.line(_("How was it?"), self.height - 20 * mm, 30, pdf.INK)
        below = self.line(self.project.title, below - 4 * mm, 20, pdf.INK)
        below = self.line(self.project.grid.name, below, 12, pdf.QUIET)
        side = 110 * mm
        below = self.code(self.address, (self.width - side) / 2, below - 4 * mm, side)
        below = self.line(_("Scan and give one to five stars"), below - 4 * mm, 16, pdf.INK)
        self.line(_("No name is asked. Each device speaks once."), below, 12, pdf.QUIET)


def print_feedback_code(project: Project, address: str) -> bytes:
    """The page to hang up at PROJECT; ADDRESS is that of its feedback."""
    plate = _Plate(project, address, pdf.page_width(), 250 * mm)
    return pdf.document([plate], title=_("How was it?"))
