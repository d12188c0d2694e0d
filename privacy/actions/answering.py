"""The street office answers: verifies who asks, looks what there is, decides, carries out, answers."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.jobs import withdraw
from gridgov.core.looking import record_look
from gridgov.core.models import Record
from gridgov.core.records import record, subject_type
from privacy import rules
from privacy.actions.asking import KIND
from privacy.choices import COPY_KEPT, REQUEST_KEPT, Ask, Verified
from privacy.models import Part, Request
from privacy.reports.found import Found, found_for, is_here, person_of, rows_of

SEARCHED, ONCE_IN = "privacy.searched", dt.timedelta(hours=1)


def _take(request: Request | int, by: User) -> Request:
    row: Request = Request.objects.visible_to(by).select_related("grid").locked(request)
    return row


@transaction.atomic
def verify_request(*, request: Request | int, how: str, by: User, at: dt.datetime) -> Request:
    """Note how it was made sure who asks. No number and no picture of a document is kept."""
    row = _take(request, by)
    rules.can_verify(by, row).insist()
    rules.is_proof(how).insist()
    row.move("verify", verified=Verified(how), verified_by=by, verified_at=at)
    record("privacy.verified", row, by=by, at=at, data={"how": row.verified})
    return row


@transaction.atomic
def show_person(*, request: Request | int, by: User, at: dt.datetime) -> Request:
    """Who asks, in full, for whoever must call back; the look is recorded."""
    row = _take(request, by)
    rules.can_answer(by).insist()
    record_look(SEARCHED, row, by=by, at=at, data={"what": "person"})
    return row


@transaction.atomic
def search_for(*, request: Request | int, by: User, at: dt.datetime) -> list[Found]:
    """What there is about the person, by the phone of the request. It is a look at their data; one record an hour says so."""
    row = _take(request, by)
    rules.can_search(by, row).insist()
    lately = Record.objects.filter(
        subject_type=subject_type(row), subject_id=row.pk, verb=SEARCHED, actor=by, at__gt=at - ONCE_IN, data__what="found"
    )  # fmt: skip
    if not lately.exists():
        record_look(SEARCHED, row, by=by, at=at, data={"what": "found"})
    return found_for(row)


@transaction.atomic
def decide_request(
    *, request: Request | int, decisions: Mapping[str, tuple[str, str]], by: User, at: dt.datetime
) -> Request:
    """Decide each thing that is asked: {ask: (ground of the refusal or "", reason)}. May be decided anew until the answer."""
    row = _take(request, by)
    rules.can_decide(by, row).insist()
    if set(decisions) != set(row.asks):
        raise Invalid(_("Decide each thing that is asked."))
    for ask, (ground, reason) in decisions.items():
        rules.fits_decision(ask, ground, reason).insist()
        values = {"ground": ground, "reason": reason.strip() if ground else "", "decided_by": by, "decided_at": at}
        Part.objects.update_or_create(request=row, ask=Ask(ask), defaults=values)
    row.move("decide")
    record(
        "privacy.decided", row, by=by, at=at, data={"grounds": {ask: ground for ask, (ground, _w) in decisions.items()}}
    )
    return row


@transaction.atomic
def strike_out(*, request: Request | int, rows: Sequence[str], by: User, at: dt.datetime) -> tuple[int, list[str]]:
    """Strike out the chosen ROWS ("kind:key") by each room's own action; how many went, and why others did not. Only what is
    about the person can be chosen."""
    held = _take(request, by)
    parts = list(held.parts.all())
    rules.can_strike_out(by, held, parts).insist()
    gone, kept = 0, []
    counts: dict[str, int] = {}
    for chosen in dict.fromkeys(rows):
        name, _colon, key = chosen.partition(":")
        kind = next((kind for kind in keeping.kinds() if kind.name == name), None)
        if kind is None or kind.ways.erase is None or not key.isdecimal():
            raise Invalid(_("Choose from what there is."), field="rows")
        row = rows_of(kind, person_of(held)).filter(pk=int(key)).first()
        if row is None or not is_here(kind, row, held.grid.code):
            continue
        try:
            with transaction.atomic():
                kind.ways.erase(row, by=by, at=at)
        except Refusal as refusal:
            kept.append(f"{kind.title} {kind.ways.label(row)}: {refusal}")
        else:
            gone += 1
            counts[name] = counts.get(name, 0) + 1
    record("privacy.struck", held, by=by, at=at, data={"gone": counts, "kept": len(kept)})
    return gone, kept


@transaction.atomic
def note_done(*, request: Request | int, note: str, by: User, at: dt.datetime) -> Request:
    """What was granted is carried out; NOTE says how, without a word about the person."""
    row = _take(request, by)
    parts = list(row.parts.all())
    rules.can_note_done(by, row, parts).insist()
    rules.is_reason(note, "note").insist()
    done = [part for part in parts if part.granted and part.done_at is None and part.ask != Ask.COPY]
    for part in done:
        part.change(done_at=at, note=note.strip())
    record("privacy.carried_out", row, by=by, at=at, data={"asks": [part.ask for part in done], "note": note.strip()})
    return row


@transaction.atomic
def answer_request(*, request: Request | int, answer: str, by: User, at: dt.datetime) -> Request:
    """Answer in words; where a copy was granted it can be fetched from now on, once. Reminders end."""
    row = _take(request, by)
    parts = list(row.parts.all())
    rules.can_send_answer(by, row, parts).insist()
    if not answer.strip():
        raise Invalid(_("Write what the person is told."), field="answer")
    copies = any(part.granted and part.ask in {Ask.COPY, Ask.RELATIVE} for part in parts)
    row.move(
        "answer", answer=answer.strip(), answered_by=by, answered_at=at, forget_at=at + REQUEST_KEPT,
        copy_until=at + COPY_KEPT if copies else None,
    )  # fmt: skip
    withdraw(KIND, [row.pk])
    late = at > row.due_at
    record("privacy.answered", row, by=by, at=at, data={"late": late, "copy": copies})
    return row
