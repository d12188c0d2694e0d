"""What the places of a template stand for where that is more than words: a list of blocks."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from mediation.choices.deeds import SignedBy
from mediation.models import Signature
from mediation.reports.document import Block, Rows, Sign, Words
from mediation.reports.templates import places
from mediation.reports.values import day, described
from mediation.reports.whole import Sheet

Part = Callable[[Sheet], Iterator[Block]]


def _parties(sheet: Sheet) -> Iterator[Block]:
    for party in sheet.file.parties:
        yield Words(described(party, sheet.at))
        if party.agent_name:
            told = {"name": party.agent_name, "phone": party.agent_phone}
            yield Words(_("Agent: %(name)s %(phone)s") % told)


def _signed(sheet: Sheet) -> list[Signature]:
    """Those below this very text: the record of a session, or the agreement."""
    session = sheet.held.session.pk if sheet.held else None
    return [row for row in sheet.file.signatures if row.session_id == session]


def _signatures(sheet: Sheet) -> Iterator[Block]:
    """A line for each who has to sign; whoever has signed stands with it and the day."""
    signed = _signed(sheet)
    by_party = {row.party_id: row for row in signed if row.by_whom == SignedBy.PARTY}
    by_mediator = {row.mediator_id: row for row in signed if row.by_whom == SignedBy.MEDIATOR}
    for party in sheet.file.parties:
        yield _line(_("Party (signature or fingerprint)"), party.name, by_party.get(party.pk))
    seated = {row.mediator_id: row.mediator for row in sheet.file.assignments if row.until is None}
    mediators = sheet.held.mediators if sheet.held else seated.values()
    for mediator in mediators:
        yield _line(_("Mediator (signature)"), mediator.name, by_mediator.get(mediator.pk))
    if sheet.held is None:
        seal = next((row for row in signed if row.by_whom == SignedBy.SEAL), None)
        yield _line(_("Seal of the committee"), sheet.file.mediation.committee.name, seal)


def _line(label: str, name: str, row: Signature | None) -> Sign:
    return Sign(label, name, row.file, day(row.signed_on)) if row else Sign(label, name)


def _told(sheet: Sheet) -> Iterator[Block]:
    """A line for each party that was told, or for the one it is written to."""
    for party in [sheet.party] if sheet.party else sheet.file.parties:
        yield Sign(_("Received by (signature)"), party.name, day=day(party.told_at))


def _tasks(sheet: Sheet) -> Iterator[Block]:
    rows = tuple((row.party.name, row.what, day(row.due_on), row.get_state_display()) for row in sheet.file.tasks)
    if rows:
        head = (_("party"), _("what has to be performed"), _("to be performed until"), _("performance"))
        yield Rows(head, rows, (0.18, 0.42, 0.2, 0.2))


def _follow_ups(sheet: Sheet) -> Iterator[Block]:
    rows = tuple(
        (
            day(row.on), row.visitor.full_name, row.get_performance_display(), row.get_satisfaction_display() or "—",
            "\n".join(filter(None, [_("the dispute began anew") if row.relapsed else "", row.note])),
        )
        for row in sheet.file.follow_ups
    )  # fmt: skip
    head = (_("date"), _("asked by"), _("performance"), _("satisfaction"), _("what was found"))
    yield Rows(head, rows or (("", "", "", "", ""),), (0.2, 0.14, 0.16, 0.14, 0.36))


def _contents(sheet: Sheet) -> Iterator[Block]:
    rows = tuple(
        (str(number), entry.title, "" if entry.page is None else str(entry.page))
        for number, entry in enumerate(sheet.contents, 1)
    )
    yield Rows(
        (_("place in the list"), _("title of the paper"), _("page number")), rows or (("", "", ""),), (0.12, 0.73, 0.15)
    )


def _struck(sheet: Sheet) -> Iterator[Block]:
    struck = [paper for paper in sheet.file.papers if paper.struck_at]
    for paper in struck:
        told = {"title": paper.title, "day": day(paper.struck_at), "reason": paper.struck_reason}
        yield Words(_("“%(title)s” was struck out on %(day)s: %(reason)s") % told)
    if not struck:
        yield Words(_("No paper of this volume was struck out."))


PARTS: dict[str, Part] = {
    "parties": _parties,
    "signatures": _signatures,
    "told": _told,
    "tasks": _tasks,
    "follow_ups": _follow_ups,
    "contents": _contents,
    "struck": _struck,
}


def parts() -> frozenset[str]:
    """The names, as the office writes them, of the places that become several lines."""
    return frozenset(place.name for place in places().values() if place.key in PARTS)
