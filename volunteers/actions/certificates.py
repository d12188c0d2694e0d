"""Papers: the official record of hours, honours with their publicity, objections, withdrawal; and who signs for them."""

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.codes import ALPHABET
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.telling import tell
from volunteers.choices.honours import (
    LETTERS,
    NOTICE_HONOURED,
    NOTICE_ISSUED,
    NOTICE_WITHDRAWN,
    PUBLICITY,
    CertificateKind,
    CertificateState,
    ObjectionState,
)
from volunteers.models import Candidate, Certificate, Issuer, Objection, Panel, Volunteer
from volunteers.reports.certificates import issuer_for, service_of
from volunteers.rules import certificates as rules
from volunteers.rules.feedback import check_words
from volunteers.rules.organising import can_organise

# Eighty bits: not to be guessed.
CODE_SIGNS = 16


@transaction.atomic
def set_issuer(
    *, grid: Grid, name: str, responsible: str, handler: str, contact: str, by: User, at: dt.datetime
) -> Issuer:
    """Say who signs for papers of GRID and what lies below, unless a grid there has one of its own. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    said = {"name": name, "responsible": responsible, "handler": handler, "contact": contact}
    rules.check_issuer(said).insist()
    values: dict[str, Any] = {key: words.strip() for key, words in said.items()} | {"set_by": by, "set_at": at}
    row, _made = Issuer.objects.update_or_create(grid=grid, defaults=values)
    record("volunteers.issuer_set", row, by=by, at=at, data={"name": row.name})
    return row


@transaction.atomic
def issue_record(
    *, volunteer: Volunteer | int, first: dt.date, last: dt.date, by: User, at: dt.datetime
) -> Certificate:
    """The official record 志愿服务记录证明 of the hours from FIRST to LAST, free and at once, by the ledger as it stands. Asked
    for again on the same day with the same hours, it is the same paper.

    Raises Forbidden, Invalid for such days, Conflict where there are no hours or nobody to sign.
    """
    row: Volunteer = Volunteer.objects.visible_to(by).for_list().locked(volunteer)
    rules.can_ask(by, row).insist()
    rules.check_record(first, last, localdate(at)).insist()
    minutes, lines = service_of(row, first, last)
    rules.has_hours(minutes).insist()
    issuer = _issuer(row.grid)
    said = {"first": first.isoformat(), "last": last.isoformat(), "minutes": minutes, "lines": lines, **_signed(issuer)}
    if by.pk != row.user_id:
        said["handler"] = by.full_name
    earlier = Certificate.objects.filter(volunteer=row, kind=CertificateKind.HOURS, state=CertificateState.ISSUED)
    same: Certificate | None = earlier.filter(said=said, made_at__date=localdate(at)).for_list().first()
    if same is not None:
        return same
    made = _make(row, CertificateKind.HOURS, said=said, by=by, at=at, state=CertificateState.ISSUED, issued_at=at)
    record("volunteers.certificate_issued", made, by=by, at=at, data={"no": made.no, "minutes": minutes})
    return made


@transaction.atomic
def honour(
    *, panel: Panel | int, candidate: int, title: str, words: str = "", by: User, at: dt.datetime
) -> Certificate:
    """Honour CANDIDATE (the key) of a closed panel: the name stands open for PUBLICITY, then the certificate is issued.

    Raises Forbidden, Invalid, and Conflict while the panel scores or where the volunteer is honoured already.
    """
    held: Panel = Panel.objects.visible_to(by).for_list().locked(panel)
    rules.can_honour(by, held).insist()
    rules.check_honour(title, words).insist()
    chosen = (
        Candidate.objects.filter(panel=held, pk=candidate).select_related("volunteer__grid", "volunteer__user").first()
    )
    if chosen is None:
        raise Invalid(_("This volunteer is no candidate here."), field="candidate")
    standing = Certificate.objects.filter(panel=held, volunteer=chosen.volunteer)
    already = standing.exclude(state=CertificateState.WITHDRAWN).exists()
    rules.can_be_honoured(chosen, already=already).insist()
    said = {"words": words.strip(), "panel": held.title, **_signed(_issuer(chosen.volunteer.grid))}
    until = localdate(at + PUBLICITY)
    made = _make(
        chosen.volunteer, CertificateKind.HONOUR, said=said, by=by, at=at, state=CertificateState.PUBLICITY,
        title=title.strip(), panel=held, public_until=until,
    )  # fmt: skip
    record("volunteers.honoured", made, by=by, at=at, data={"no": made.no, "title": made.title})
    _tell(made, NOTICE_HONOURED, at, name=made.title, day=until.isoformat())
    return made


@transaction.atomic
def issue_certificate(*, certificate: Certificate | int, by: User, at: dt.datetime) -> Certificate:
    """Issue an honour after its publicity. Raises Forbidden, and Conflict before, or while an objection waits."""
    row = _held(certificate, by)
    can_organise(by, row.volunteer.grid).insist()
    return _issue(row, by, at)


@transaction.atomic
def issue_due(*, by: User, at: dt.datetime) -> list[Certificate]:
    """What the house issues by itself: honours whose publicity is over without an objection that waits."""
    due = list(Certificate.objects.to_issue(localdate(at)).order_by("pk").values_list("pk", flat=True))
    return [_issue(Certificate.objects.for_list().locked(pk), by, at) for pk in due]


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate | int, reason: str, by: User, at: dt.datetime) -> Certificate:
    """Take a paper back, with a reason that its page says from now on. Raises Forbidden, Invalid, Conflict."""
    row = _held(certificate, by)
    rules.can_withdraw(by, row).insist()
    check_words(reason, least=2).insist()
    return _withdraw(row, reason.strip(), by, at)


@transaction.atomic
def object_to(*, certificate: Certificate | int, words: str, voice: str, by: User, at: dt.datetime) -> Objection:
    """Somebody objects to an honour that stands open; BY is the door's account. Raises Conflict, Invalid."""
    row: Certificate = Certificate.objects.for_list().locked(certificate)
    spoken = Objection.objects.filter(certificate=row, voice=voice).exists()
    rules.can_object(row, spoken=spoken, today=localdate(at)).insist()
    check_words(words, least=2).insist()
    made = Objection.objects.create(certificate=row, words=words.strip(), voice=voice, at=at)
    record("volunteers.objected", row, by=by, at=at, data={"objection": made.pk})
    return made


@transaction.atomic
def answer_objection(*, objection: Objection | int, upheld: bool, answer: str, by: User, at: dt.datetime) -> Objection:
    """Answer it; where it is UPHELD the honour is withdrawn, with the answer as the reason. Raises Forbidden, Conflict, Invalid."""
    seen: Objection = Objection.objects.visible_to(by).for_list().locked(objection)
    rules.can_answer(by, seen).insist()
    check_words(answer, least=2).insist()
    row = _held(seen.certificate_id, by)
    state = ObjectionState.UPHELD if upheld else ObjectionState.REFUSED
    seen.change(state=state, answer=answer.strip(), answered_by=by, answered_at=at)
    record("volunteers.objection_answered", row, by=by, at=at, data={"objection": seen.pk, "upheld": upheld})
    if upheld and rules.can_withdraw(by, row):
        _withdraw(row, answer.strip(), by, at)
    return seen


@transaction.atomic
def note_print(*, certificate: Certificate | int, by: User, at: dt.datetime) -> Certificate:
    """Write down that the paper was fetched, for the name stands on it. Raises Forbidden, and Conflict unless it holds."""
    row = _held(certificate, by)
    rules.can_print(by, row).insist()
    record("volunteers.certificate_printed", row, by=by, at=at, data={"no": row.no})
    return row


def _held(certificate: Certificate | int, by: User) -> Certificate:
    row: Certificate = (
        Certificate.objects.visible_to(by).for_list().select_related("volunteer__user").locked(certificate)
    )
    return row


def _issuer(grid: Grid) -> Issuer:
    found = issuer_for(grid)
    if found is None:
        raise Conflict(_("The street office has not said yet who issues certificates here."), code="no_issuer")
    return found


def _signed(issuer: Issuer) -> dict[str, Any]:
    return {
        "issuer": issuer.name, "responsible": issuer.responsible, "handler": issuer.handler, "contact": issuer.contact,
    }  # fmt: skip


def _make(volunteer: Volunteer, kind: CertificateKind, *, by: User, at: dt.datetime, **values: Any) -> Certificate:
    """Number after number in a street and year: 990101001-H2026-00001."""
    street = volunteer.grid.code[:9]
    advisory_lock("volunteers.certificate", street)
    begins = f"{street}-{LETTERS[kind]}{localdate(at).year}-"
    last = Certificate.objects.filter(no__startswith=begins).order_by("-no").values_list("no", flat=True).first()
    number = int(last.removeprefix(begins)) + 1 if last else 1
    code = "".join(secrets.choice(ALPHABET) for _sign in range(CODE_SIGNS))
    named = {"no": f"{begins}{number:05}", "code": code, "made_by": by, "made_at": at}
    return Certificate.objects.create(volunteer=volunteer, kind=kind, **named, **values)


def _issue(row: Certificate, by: User, at: dt.datetime) -> Certificate:
    objected = row.objections.open().exists()
    rules.can_issue(row, objected=objected, today=localdate(at)).insist()
    row.change(state=CertificateState.ISSUED, issued_at=at)
    record("volunteers.certificate_issued", row, by=by, at=at, data={"no": row.no})
    _tell(row, NOTICE_ISSUED, at, number=row.no)
    return row


def _withdraw(row: Certificate, reason: str, by: User, at: dt.datetime) -> Certificate:
    row.change(state=CertificateState.WITHDRAWN, withdrawn_at=at, reason=reason)
    record("volunteers.certificate_withdrawn", row, by=by, at=at, data={"no": row.no, "reason": reason})
    _tell(row, NOTICE_WITHDRAWN, at, number=row.no, note=reason[:100])
    return row


def _tell(row: Certificate, text: str, at: dt.datetime, **words: str) -> None:
    tell(row.volunteer.user_id, text, f"certificate:{row.pk}:{row.state}", row, at, **words)
