"""What the places of a template stand for, in words. Papers are Chinese: the caller holds the language."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediation.choices.files import Consent, PartyRole
from mediation.choices.people import Sex
from mediation.models import Agreement, Attendance, Party, Session
from mediation.reports.whole import File, Sheet

Value = Callable[[Sheet], str]


def day(value: dt.date | dt.datetime | None) -> str:
    """VALUE as papers write a day."""
    if value is None:
        return ""
    return date_format(localtime(value) if isinstance(value, dt.datetime) else value, pgettext("on paper", "j F Y"))


def _joined(words: Iterable[object]) -> str:
    return "、".join(str(word) for word in words if str(word))


def _people(role: PartyRole) -> Value:
    return lambda sheet: _joined(party.name for party in sheet.file.parties if party.role == role)


def _agents(file: File) -> Iterable[str]:
    for party in file.parties:
        if party.agent_name:
            yield _("%(agent)s (for %(party)s)") % {"agent": party.agent_name, "party": party.name}


def _consents(file: File) -> Iterable[str]:
    for party in file.parties:
        told = Consent(party.consent).label
        yield f"{party.name}：{told} {day(party.consented_at)}".strip()


def _names(sheet: Sheet) -> str:
    return sheet.party.name if sheet.party else _joined(party.name for party in sheet.file.parties)


def _current(sheet: Sheet) -> str:
    """Whoever mediated to the end; those who were released before are in the records."""
    return _joined(row.mediator.name for row in sheet.file.assignments if row.until is None)


def _lead(sheet: Sheet) -> str:
    return _joined(row.mediator.name for row in sheet.file.assignments if row.until is None and row.is_lead)


def _of_session(told: Callable[[Session], str]) -> Value:
    return lambda sheet: told(sheet.held.session) if sheet.held else ""


def _there(fits: Callable[[Attendance], bool]) -> Value:
    """Those who were to come to the session and of whom FITS holds."""

    def told(sheet: Sheet) -> str:
        rows = sheet.held.attendances if sheet.held else ()
        return _joined(row.party or row.helper or "" for row in rows if fits(row))

    return told


def _of_agreement(told: Callable[[Agreement], str]) -> Value:
    return lambda sheet: told(sheet.file.agreement) if sheet.file.agreement else ""


def _time(session: Session) -> str:
    first, last = localtime(session.starts_at), localtime(session.ends_at)
    return f"{day(first)} {first:%H:%M}–{last:%H:%M}"


WORDS: dict[str, Value] = {
    "committee": lambda sheet: sheet.file.mediation.committee.name,
    "committee_place": lambda sheet: sheet.file.mediation.committee.place,
    "committee_phone": lambda sheet: sheet.file.mediation.committee.phone,
    "no": lambda sheet: sheet.file.mediation.no,
    "title": lambda sheet: sheet.file.mediation.title,
    "kind": lambda sheet: sheet.file.mediation.get_kind_display(),
    "source": lambda sheet: sheet.file.mediation.get_source_display(),
    "reference": lambda sheet: sheet.file.mediation.reference,
    "facts": lambda sheet: sheet.file.mediation.facts,
    "points": lambda sheet: sheet.file.mediation.points,
    "happened_at": lambda sheet: sheet.file.mediation.happened_at,
    "people": lambda sheet: str(sheet.file.mediation.people),
    "consents": lambda sheet: "\n".join(_consents(sheet.file)),
    "applied_on": lambda sheet: day(sheet.file.mediation.applied_at),
    "accepted_on": lambda sheet: day(sheet.file.mediation.accepted_at),
    "due_on": lambda sheet: day(sheet.file.mediation.due_at),
    "ended_on": lambda sheet: day(sheet.file.mediation.ended_at),
    "outcome": lambda sheet: sheet.file.mediation.outcome and sheet.file.mediation.get_outcome_display(),
    "reason": lambda sheet: sheet.file.mediation.reason,
    "informed_on": lambda sheet: day(sheet.file.mediation.informed_at),
    "mediators": _current,
    "lead": _lead,
    "applicants": _people(PartyRole.APPLICANT),
    "respondents": _people(PartyRole.RESPONDENT),
    "thirds": _people(PartyRole.THIRD),
    "names": _names,
    "agents": lambda sheet: _joined(_agents(sheet.file)),
    "helpers": lambda sheet: _joined(sheet.file.helpers),
    "today": lambda sheet: day(sheet.at),
    "session_time": _of_session(_time),
    "session_place": _of_session(lambda session: session.place or (session.room.name if session.room else "")),
    "openness": _of_session(lambda session: _("held in public") if session.is_open else _("not held in public")),
    "present": _there(lambda row: row.came and row.party is not None),
    "absent": _there(lambda row: not row.came and row.party is not None),
    "helpers_present": _there(lambda row: row.came and row.helper is not None and not row.on_panel),
    "panel": _there(lambda row: row.came and row.on_panel),
    "session_mediators": lambda sheet: _joined(sheet.held.mediators if sheet.held else ()),
    "recorder": _of_session(lambda session: session.recorded_by.full_name if session.recorded_by else ""),
    "record": _of_session(lambda session: session.record),
    "opinion": _of_session(lambda session: session.opinion),
    "agreed_facts": _of_agreement(lambda agreement: agreement.facts),
    "agreed_points": _of_agreement(lambda agreement: agreement.points),
    "duties": _of_agreement(lambda agreement: agreement.duties),
    "content": _of_agreement(lambda agreement: agreement.content),
    "manner": _of_agreement(lambda agreement: agreement.manner),
    "deadline": _of_agreement(lambda agreement: day(agreement.deadline)),
    "written_on": _of_agreement(lambda agreement: day(agreement.written_at)),
    "effective_on": _of_agreement(lambda agreement: day(agreement.effective_on)),
    "confirm_by": _of_agreement(lambda agreement: day(agreement.confirm_by)),
    "court": _of_agreement(lambda agreement: agreement.court),
    "court_no": _of_agreement(lambda agreement: agreement.court_no),
    "filer": lambda sheet: sheet.file.mediation.filed_by.full_name if sheet.file.mediation.filed_by else "",
    "filed_on": lambda sheet: day(sheet.file.mediation.filed_at),
    "statement": lambda sheet: sheet.file.mediation.statement,
    "retention": lambda sheet: sheet.file.mediation.get_retention_display(),
    "pages": lambda sheet: str(sheet.pages or ""),
    "count": lambda sheet: str(len(sheet.contents) or ""),
}


def described(party: Party, at: dt.datetime) -> str:
    """PARTY's basics, as 人民调解法 29 wants them and no more."""
    age = localtime(at).year - party.birth_year if party.birth_year else None
    told = [
        party.sex and str(dict(Sex.choices).get(party.sex, party.sex)),
        _("%(years)s years old") % {"years": age} if age else "",
        party.occupation,
        _("lives at %(address)s") % {"address": party.address} if party.address and not party.is_organisation else "",
        _("seat: %(address)s") % {"address": party.address} if party.address and party.is_organisation else "",
        _("phone %(phone)s") % {"phone": party.phone} if party.phone else "",
    ]
    who = "，".join([party.name, *filter(None, told)])
    return f"{party.get_role_display()}：{who}"
