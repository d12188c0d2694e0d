"""The electronic archive 电子档案 of a case: all that happened, on paper, with masked people."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable

from accounts.models import User
from cases.choices import CardLevel, Clock
from cases.models import Case, Photo
from cases.reports.asking import asked_for
from cases.reports.closing import calls, merged_into
from cases.reports.explanation import Explanation, explain_all
from cases.reports.history import TimelineRow, timeline
from cases.reports.looks import five_steps
from gridgov.core import pdf
from gridgov.core.masking import mask_text

_NONE = "—"
Section = Callable[[Case], Iterator[Flowable]]


def archive(case: Case, *, by: User, at: dt.datetime) -> bytes:
    """The archive of CASE, a whole one (`whole_case`), as a PDF printed by BY at AT. People are masked, and so are the
    numbers in what was written."""
    printed = _("%(no)s · printed by %(who)s (%(account)s) on %(when)s") % {
        "no": case.no, "who": by.full_name or by.username, "account": by.username, "when": _moment(at),
    }  # fmt: skip
    mark = f"{case.no} {by.full_name or by.username} {localtime(at):%Y-%m-%d}"
    return pdf.document(archive_parts(case), title=f"{_('Case archive')} {case.no}", footer=printed, watermark=mark)


def archive_parts(case: Case) -> list[Flowable]:
    """What stands in the archive, in its order."""
    return [pdf.text(_("Case archive"), "title"), *(part for section in _SECTIONS for part in section(case))]


def _facts(case: Case) -> Iterator[Flowable]:
    path = [step.name for step in (case.street, case.total, case.comprehensive, case.grid) if step is not None]
    reporter = getattr(case, "reporter", None)
    known = [] if reporter is None else [reporter.masked["name"], reporter.masked["phone"]]
    if reporter is not None and reporter.anonymous:
        known.append(_("anonymous"))
    if reporter is not None and reporter.confidential:
        known.append(_("confidential"))
    yield pdf.text(case.title, "h2")
    yield _pairs(
        (_("number"), case.no),
        (_("state"), case.get_state_display()),
        (_("tier"), case.get_tier_display()),
        (_("urgency"), case.get_urgency_display()),
        (_("category"), f"{case.category.label} {case.category.code}"),
        (_("channel"), case.get_channel_display()),
        (_("place"), case.place),
        (_("grid"), " › ".join(path)),
        (_("entered by"), f"{case.reported_by} · {_moment(case.reported_at)}"),
        (_("Reporter"), " ".join(filter(None, known))),
        (_("stands still"), f"{case.get_hold_display()} → {_moment(case.hold_until)}" if case.hold else ""),
        (_("leading case"), case.leading.no if case.leading else ""),
        (_("Merged into this case"), " ".join(one.no for one in merged_into(case))),
        (_("why not accepted"), case.get_reject_reason_display()),
        (_("reworked"), str(case.rework_count or "")),
    )


def _words(case: Case) -> Iterator[Flowable]:
    read = case.leading or case
    told = [
        (_("What was reported"), case.text), (_("What was done"), case.result), (_("outcome"), case.get_outcome_display()),
        (_("Public reply"), read.reply),
    ]  # fmt: skip
    for title, words in told:
        if words:
            yield from _heading(title)
            yield _said(words)


def _steps(case: Case) -> Iterator[Flowable]:
    yield from _heading(_("The five steps"))
    steps = five_steps(case.leading or case)
    rows = [[str(view.step.label) for view in steps], [_moment(view.done_at) for view in steps]]
    yield pdf.table(rows, [pdf.page_width() / len(steps)] * len(steps))


def _clocks(case: Case) -> Iterator[Flowable]:
    for why in explain_all(case.deadlines.all()):
        row = why.deadline
        yield from _heading(f"{Clock(row.clock).label} {why.to} · {why.limit_words} · {_stands(why)}")
        lines = [
            [_moment(line.at), line.text, line.by, f"{line.moved_seconds:+d} s", _moment(line.due_at)]
            for line in why.rows
        ]
        head = [_("time"), _("why"), _("by"), _("moved"), _("due")]
        yield pdf.table([head, *lines], [28 * mm, None, 24 * mm, 22 * mm, 28 * mm])


def _stands(why: Explanation) -> str:
    row = why.deadline
    parts = [f"{_('due')} {_moment(row.due_at)}"]
    parts += [f"{_('overdue since')} {_moment(row.breached_at)}"] if row.breached_at else []
    parts += [f"{_('met')} {_moment(row.met_at)}"] if row.met_at else []
    parts += [f"{_('dropped')} {_moment(row.dropped_at)}"] if row.dropped_at else []
    parts += [_("provisional")] if row.provisional else []
    return " · ".join(parts)


def _orders(case: Case) -> Iterator[Flowable]:
    rows = [
        [
            f"{order}\n{order.get_part_display()} · {order.get_state_display()}",
            f"{_moment(order.sent_at)}\n{order.sent_by}",
            f"{_moment(order.signed_at)}\n{order.handler or ''}",
            _moment(order.ended_at),
            _lines(order.note, order.result, order.excuse, order.return_reason),
        ]
        for order in case.orders.all()
    ]
    head = [_("order"), _("sent"), _("signed in"), _("ended"), _("content")]
    yield from _table(_("Orders"), head, rows, [36 * mm, 28 * mm, 28 * mm, 28 * mm, None])


def _applications(case: Case) -> Iterator[Flowable]:
    rows = [
        [
            row.get_kind_display(), _lines(asked_for(row), row.reason), f"{row.by}\n{_moment(row.at)}",
            _lines(row.get_state_display(), f"{row.decided_by or ''} {_moment(row.decided_at)}" if row.decided_at else "", row.note),
        ]
        for row in case.applications.all()
    ]  # fmt: skip
    head = [_("application"), _("what is asked for"), _("applicant"), _("decision")]
    yield from _table(_("Applications"), head, rows, [24 * mm, None, 32 * mm, 46 * mm])
    pauses = [
        [row.get_kind_display(), row.get_cause_display(), f"{_moment(row.started_at)} – {_moment(row.ended_at)}", row.plan]
        for row in case.pauses.all()
    ]  # fmt: skip
    head = [_("kind"), _("why it waits"), _("time"), _("plan")]
    yield from _table(_("Times it stood still"), head, pauses, [20 * mm, 36 * mm, 58 * mm, None])


def _supervision(case: Case) -> Iterator[Flowable]:
    rows = [
        [
            _lines(row.get_kind_display(), row.get_level_display() if row.level else ""),
            _lines(f"{row.by} → {row.to}", _moment(row.at)), row.words,
            _lines(row.reply, f"{row.replied_by or ''} {_moment(row.replied_at)}" if row.replied_at else _NONE),
        ]
        for row in case.supervisions.all()
    ]  # fmt: skip
    yield from _table(
        _("Supervision"), [_("kind"), _("by"), _("content"), _("answer")], rows, [20 * mm, 42 * mm, None, None]
    )
    cards = [[str(CardLevel(card.level).label), _moment(card.at)] for card in case.cards.all()]
    yield from _table(_("Cards"), [_("card"), _("time")], cards, [30 * mm, 40 * mm])


def _team(case: Case) -> Iterator[Flowable]:
    for team in case.teams.all():
        yield from _heading(_("special team"))
        people = [f"{row['name']} {row['task']}".strip() for row in team.member_rows]  # type: ignore[attr-defined]
        held = [f"{review.due_on} {review.note}".strip() for review in team.reviews.all()]
        yield _pairs(
            (_("leads it"), team.lead), (_("plan"), team.plan), (_("member"), "\n".join(people)),
            (_("review days"), "\n".join(held)),
        )  # fmt: skip


def _answers(case: Case) -> Iterator[Flowable]:
    rows = [
        [_moment(call.at), call.by.full_name, _reached(call.reached, call.solved), call.note] for call in calls(case)
    ]
    head = [_("time"), _("called by"), _("is it solved?"), _("note")]
    yield from _table(_("Calls back"), head, rows, [28 * mm, 26 * mm, 26 * mm, None])
    rating = getattr(case, "rating", None)
    if rating is not None:
        yield from _heading(_("Rating"))
        solved = _("solved") if rating.solved else _("not solved")
        yield _said(
            f"{rating.get_score_display()} · {solved} · {rating.by} · {_moment(rating.at)}\n{rating.text}".strip()
        )


def _reached(reached: bool, solved: bool | None) -> str:
    if not reached:
        return _("nobody reached")
    return _("solved") if solved else _("not solved")


def _photos(case: Case) -> Iterator[Flowable]:
    yield from _heading(_("Photos"))
    width = pdf.page_width() / 2
    cells = [[*_picture(photo, width - 4 * mm)] for photo in case.photos.all()]
    rows = [[*cells[n : n + 2], ""][:2] for n in range(0, len(cells), 2)]
    yield pdf.table(rows, [width, width], head=False) if rows else pdf.text(_("no photo"), "quiet")


def _picture(photo: Photo, width: float) -> Iterator[Flowable]:
    """The copy that everybody sees, never what is under the blur."""
    file = Path(settings.MEDIA_ROOT) / photo.file
    if file.is_file():
        yield pdf.picture(str(file), width, 70 * mm)
    else:
        yield pdf.text(_("The file of this photo is missing."), "quiet")
    yield pdf.text(f"{photo.get_kind_display()} · {photo.by} · {_moment(photo.at)}", "quiet")


def _story(case: Case) -> Iterator[Flowable]:
    rows = [[_moment(row.at), row.by, _event(row)] for row in timeline(case)]
    yield from _table(_("What happened"), [_("time"), _("by"), _("what")], rows, [28 * mm, 30 * mm, None])


def _event(row: TimelineRow) -> str:
    changes = [f"{change.name}: {change.before} → {change.after}" for change in row.changes]
    return _lines(f"{row.verb.label} {f'→ {row.to}' if row.to else ''}".strip(), row.note, *changes)


_SECTIONS: tuple[Section, ...] = (
    _facts, _words, _steps, _photos, _orders, _applications, _supervision, _team, _answers, _clocks, _story,
)  # fmt: skip


def _moment(at: dt.datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else _NONE


def _heading(title: str) -> Iterator[Flowable]:
    """Not alone at the foot of a page, and yet without drawing all of a long table over to the next."""
    yield CondPageBreak(45 * mm)
    made = pdf.text(title, "h3")
    made.keepWithNext = 0
    yield made


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _said(words: str) -> Flowable:
    return pdf.text(mask_text(words))


def _pairs(*pairs: tuple[Any, Any]) -> Flowable:
    return pdf.facts([(name, mask_text(str(value))) for name, value in pairs if value], pdf.page_width())


def _table(title: str, head: list[str], rows: list[list[str]], widths: list[float | None]) -> Iterator[Flowable]:
    """Nothing where there are no ROWS."""
    if rows:
        yield from _heading(title)
        yield pdf.table([head, *([mask_text(cell) for cell in row] for row in rows)], widths)
