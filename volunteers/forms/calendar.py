"""Shifts as a calendar file (RFC 5545), for the calendar of a phone or of an office."""

import datetime as dt
from collections.abc import Iterable

from django.http import HttpResponse

from volunteers.models import Shift

_LINE = 75


def as_ics(shifts: Iterable[Shift], *, at: dt.datetime) -> HttpResponse:
    """SHIFTS, which come with their projects, as a file; it names nobody."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//gridgov//volunteers//ZH", "CALSCALE:GREGORIAN"]
    for shift in shifts:
        cancelled = shift.state == "cancelled"
        lines += [
            "BEGIN:VEVENT", f"UID:shift-{shift.pk}@gridgov", f"DTSTAMP:{_moment(at)}", f"DTSTART:{_moment(shift.starts_at)}",
            f"DTEND:{_moment(shift.ends_at)}", f"SUMMARY:{_text(shift.project.title)}", f"LOCATION:{_text(shift.place)}",
            f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    body = "".join(f"{part}\r\n" for line in lines for part in _folded(line))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"], answer["Cache-Control"] = 'attachment; filename="shifts.ics"', "no-store"
    return answer


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())


def _folded(line: str) -> list[str]:
    """LINE in pieces of at most 75 octets, each but the first after a space; no character is cut in two."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > _LINE:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]
