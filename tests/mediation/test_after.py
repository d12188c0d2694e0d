"""After the agreement: performance, follow-ups, the court, and the volume, which is complete or says what it lacks."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Notice
from gridgov.core.errors import Conflict, Invalid, Refusal
from gridgov.core.models import CalendarDay, DayKind, Job, Record
from mediation.actions.confirming import ask_court, note_ruling, reckon_anew, remind_of_court
from mediation.actions.filing import file_volume
from mediation.actions.following import follow_up
from mediation.actions.performing import note_performance, remind_of_task
from mediation.choices.deeds import (
    NOTICE_CONFIRM_NEAR,
    NOTICE_TASK_DUE,
    Confirmation,
    PaperKind,
    Performance,
    Retention,
    Satisfaction,
)
from mediation.choices.files import FileState, Outcome
from mediation.models import Agreement, FollowUp, Mediation, Paper, Task
from mediation.reports.completeness import missing
from mediation.reports.signing import record_digest
from tests.factories import MONDAY
from tests.mediation.agreed import DEADLINE, THURSDAY, Told, make_told
from tests.mediation.people import make_session

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# Two weeks and a month after the agreement took effect.
LATER, LATE = THURSDAY + 14 * DAY, THURSDAY + 33 * DAY


@pytest.fixture
def told() -> Told:
    return make_told()


def add_paper(told: Told, kind: str, **values: Any) -> Paper:
    given = {"title": kind, "file": "x.pdf", "mime": "application/pdf", "bytes": 9, "sha256": "0" * 64}
    return Paper.objects.create(mediation=told.file, kind=kind, **given, by=told.by, at=MONDAY, **values)


def refused(kind: type[Refusal], act: Any, *said: str, field: str | None = None, code: str = "") -> None:
    """And nothing has changed."""

    def stands() -> list[Any]:
        rows = (Mediation.objects, Agreement.objects, Task.objects, FollowUp.objects)
        return [Record.objects.count(), *(list(of.order_by("pk").values()) for of in rows)]

    before = stands()
    with pytest.raises(kind) as caught, transaction.atomic():
        act()
    assert all(words in str(caught.value) for words in said), str(caught.value)
    assert field is None or caught.value.field == field
    assert not code or caught.value.code == code
    assert stands() == before


def test_performance_is_noted_item_by_item(told: Told) -> None:
    given = {"mediation": told.file, "by": told.by, "at": LATER}
    refused(Conflict, lambda: note_performance(task=0, state=Performance.DONE, **given), code="state")
    told.agree()
    task = Task.objects.get().pk

    def note(**values: Any) -> Task:
        return note_performance(**{**given, "task": task, "state": Performance.DONE, "done_on": LATER.date(), **values})

    refused(Invalid, lambda: note(task=0), field="task")
    refused(Invalid, lambda: note(state="soon"), field="state")
    refused(Invalid, lambda: note(done_on=None), field="done_on")
    refused(Invalid, lambda: note(done_on=LATER.date() + DAY), field="done_on")
    refused(Invalid, lambda: note(done_on=THURSDAY.date() - DAY), field="done_on")
    refused(Invalid, lambda: note(state=Performance.NONE, done_on=None), field="note")
    refused(Invalid, lambda: note(note="长" * 1001), field="note")
    made = note(state=Performance.NONE, note="施工人员未到。")
    assert (made.state, made.done_on) == (Performance.NONE, None)
    made = note()
    assert (made.state, made.done_on) == (Performance.DONE, LATER.date())
    record = Record.objects.filter(verb="mediation.performed").latest("pk")
    assert record.data == {"task": task, "state": "done"}


def test_mediators_are_reminded_by_number_alone(told: Told) -> None:
    agreement = told.agree()
    task = Task.objects.get()
    due = dict(Job.objects.filter(kind__startswith="mediation.").values_list("kind", "due_at"))
    assert due["mediation.task_due"] == dt.datetime.combine(DEADLINE, dt.time(9), MONDAY.tzinfo)
    assert agreement.confirm_by == THURSDAY.date() + 32 * DAY
    assert due["mediation.confirm_near"] == dt.datetime.combine(
        agreement.confirm_by - 7 * DAY, dt.time(9), MONDAY.tzinfo
    )
    remind_of_task(task=task.pk, at=LATER)
    remind_of_task(task=task.pk, at=LATER)
    assert remind_of_court(agreement=agreement.pk, at=LATER) == due["mediation.confirm_near"]
    assert remind_of_court(agreement=agreement.pk, at=due["mediation.confirm_near"]) is None
    said = Notice.objects.order_by("pk").filter(text__in=[NOTICE_TASK_DUE, NOTICE_CONFIRM_NEAR])
    assert list(said.values_list("user", "text", "params")) == [
        (told.by.pk, NOTICE_TASK_DUE, {"no": told.file.no, "day": DEADLINE.isoformat()}),
        (told.by.pk, NOTICE_CONFIRM_NEAR, {"no": told.file.no, "day": agreement.confirm_by.isoformat()}),
    ]
    assert remind_of_court(agreement=agreement.pk, at=LATE) is None
    note_performance(
        mediation=told.file, task=task.pk, state=Performance.DONE, done_on=LATER.date(), by=told.by, at=LATER
    )
    remind_of_task(task=task.pk, at=LATE)
    assert said.count() == 2


def test_follow_ups(told: Told) -> None:
    given = {"mediation": told.file, "on": LATER.date(), "performance": Performance.PARTIAL, "by": told.by, "at": LATER}
    refused(Conflict, lambda: follow_up(**given), code="state")
    told.agree()
    for values, field in (
        ({"on": THURSDAY.date() - DAY}, "on"),
        ({"on": LATER.date() + DAY}, "on"),
        ({"performance": "soon"}, "performance"),
        ({"satisfaction": "very"}, "satisfaction"),
        ({"note": "长" * 1001}, "note"),
    ):
        refused(Invalid, lambda values=values: follow_up(**{**given, **values}), field=field)
    made = follow_up(**given, satisfaction=Satisfaction.FAIR, relapsed=True, note="又有渗水。")
    assert (made.visitor, made.relapsed, made.note) == (told.by, True, "又有渗水。")
    data = Record.objects.get(verb="mediation.followed_up").data
    assert data == {"follow_up": made.pk, "performance": "partial", "relapsed": True}


def test_the_court_is_asked_in_time_and_answers(told: Told) -> None:
    last = told.agree().confirm_by
    assert last is not None
    given = {"mediation": told.file, "court": "某区人民法院", "by": told.by, "at": LATE}
    refused(Invalid, lambda: ask_court(on=last + DAY, **given), last.isoformat(), "第三十三条", field="on")
    refused(Invalid, lambda: ask_court(on=THURSDAY.date() - DAY, **given), field="on")
    refused(Invalid, lambda: ask_court(on=LATE.date() + DAY, **given), field="on")
    refused(Invalid, lambda: ask_court(on=last, **{**given, "court": " "}), field="court")
    ruling = {"mediation": told.file, "confirmed": True, "by": told.by, "at": LATE}
    refused(Conflict, lambda: note_ruling(on=last, **ruling), code="not_asked")
    made = ask_court(on=last, **given)
    assert (made.confirmation, made.confirmation_on, made.court) == (Confirmation.ASKED, last, "某区人民法院")
    refused(Conflict, lambda: ask_court(on=last, **given), code="asked")
    refused(Invalid, lambda: note_ruling(on=last - DAY, **ruling), field="on")
    refused(Invalid, lambda: note_ruling(on=last, court_no="号" * 61, **ruling), field="court_no")
    made = note_ruling(on=LATE.date(), court_no="（2026）某0101民特1号", **ruling)
    assert (made.confirmation, made.confirmation_on) == (Confirmation.CONFIRMED, LATE.date())
    assert [row.data["state"] for row in Record.objects.filter(verb="mediation.confirmation").order_by("pk")] == [
        "asked",
        "confirmed",
    ]


def test_the_last_day_moves_with_the_calendar(told: Told) -> None:
    """A Saturday is declared a working day: the thirtieth is the last one after all."""
    agreement = told.agree()
    by = told.director
    assert reckon_anew(by=by, at=LATER) == 0
    CalendarDay.objects.create(date=THURSDAY.date() + 30 * DAY, kind=DayKind.WORK, scope="990101001")
    assert reckon_anew(by=by, at=LATER) == 0
    CalendarDay.objects.create(date=THURSDAY.date() + 30 * DAY, kind=DayKind.WORK, scope="")
    assert reckon_anew(by=by, at=LATER) == 1
    agreement.refresh_from_db()
    assert agreement.confirm_by == THURSDAY.date() + 30 * DAY
    job = Job.objects.get(kind="mediation.confirm_near")
    assert job.due_at == dt.datetime.combine(THURSDAY.date() + 23 * DAY, dt.time(9), MONDAY.tzinfo)
    assert Record.objects.filter(verb="mediation.confirmation_moved").count() == 1
    CalendarDay.objects.update(kind=DayKind.REST)
    # What is over stays over.
    assert reckon_anew(by=by, at=LATE) == 0


def kinds(told: Told, *, required: bool = True) -> list[str]:
    return [gap.kind for gap in missing(told.file) if gap.required == required]


def test_the_volume_says_what_it_lacks(told: Told) -> None:
    """Paper by paper, until nothing required is missing."""
    one, other = told.parties
    other.change(told_at=None, agent_name="钱代理")
    held = make_session(told.file, told.mediator)
    held.attendances.create(party=one, came=True)
    told.agree()
    assert kinds(told) == [
        PaperKind.IDENTITY, PaperKind.NOTICE, PaperKind.IDENTITY, PaperKind.AUTHORITY, PaperKind.RECORD, PaperKind.PERFORMANCE,
    ]  # fmt: skip
    assert kinds(told, required=False) == [PaperKind.APPLICATION, PaperKind.FOLLOW_UP]
    other.change(told_at=THURSDAY)
    add_paper(told, PaperKind.IDENTITY, party=one)
    struck = add_paper(told, PaperKind.IDENTITY, party=other, struck_at=THURSDAY)
    add_paper(told, PaperKind.AUTHORITY, party=other)
    assert kinds(told) == [PaperKind.IDENTITY, PaperKind.RECORD, PaperKind.PERFORMANCE]
    struck.change(struck_at=None)
    for signer in ({"party": one.pk}, {"mediator": told.mediator.pk}):
        told.sign(THURSDAY, **signer, session=held.pk, digest=record_digest(held))
    assert kinds(told) == [PaperKind.PERFORMANCE]
    task = {"task": Task.objects.get().pk, "state": Performance.DONE, "done_on": LATER.date()}
    note_performance(mediation=told.file, **task, by=told.by, at=LATER)
    assert kinds(told) == []
    assert kinds(told, required=False) == [PaperKind.APPLICATION, PaperKind.PERFORMANCE, PaperKind.FOLLOW_UP]
    ask_court(mediation=told.file, on=LATER.date(), court="某区人民法院", by=told.by, at=LATER)
    assert kinds(told) == [PaperKind.CONFIRMATION]
    # A session that nobody wrote down, and an agreement that doesn't hold.
    make_session(told.file, record="", starts_at=THURSDAY)
    Agreement.objects.update(effective_on=None, confirmation="")
    assert kinds(told) == [PaperKind.RECORD, PaperKind.AGREEMENT]


def test_what_failed_needs_the_word_about_other_ways(told: Told) -> None:
    add_paper(told, PaperKind.IDENTITY)
    told.file.change(state=FileState.ENDED, outcome=Outcome.FAILED, ended_at=THURSDAY)
    assert kinds(told) == [PaperKind.STATEMENT]
    told.file.change(informed_at=THURSDAY)
    assert missing(told.file) == [gap for gap in missing(told.file) if not gap.required]


def test_a_file_becomes_a_volume(told: Told) -> None:
    given = {"mediation": told.file, "retention": Retention.LONG, "by": told.by, "at": LATER}
    refused(Conflict, lambda: file_volume(**given), code="state")
    told.agree()
    told.file.follow_ups.create(on=LATER.date(), visitor=told.by, performance=Performance.DONE, at=LATER)
    refused(Invalid, lambda: file_volume(**{**given, "retention": "9"}), field="retention")
    refused(Invalid, lambda: file_volume(**given), told.parties[0].name, code="incomplete", field="statement")
    refused(Invalid, lambda: file_volume(**given, statement="无" * 501), field="statement")
    made = file_volume(**given, statement="当事人未携带身份证件，已当面核对。")
    assert (made.state, made.filed_by, made.retention) == (FileState.FILED, told.by, Retention.LONG)
    data = Record.objects.get(verb="mediation.filed").data
    assert data["lacks"] == ["identity", "identity", "record", "performance"]
    assert "身份证件" not in str(data)
    late = {
        "mediation": told.file,
        "task": Task.objects.get().pk,
        "state": Performance.PARTIAL,
        "done_on": LATER.date(),
    }
    refused(Conflict, lambda: note_performance(**late, by=told.by, at=LATER), code="state")
    remind_of_task(task=late["task"], at=LATER)
    assert not Notice.objects.filter(text=NOTICE_TASK_DUE).exists()


def test_a_complete_file_needs_no_statement(told: Told) -> None:
    add_paper(told, PaperKind.IDENTITY)
    add_paper(told, PaperKind.RECORD)
    told.agree()
    task = {"task": Task.objects.get().pk, "state": Performance.DONE, "done_on": LATER.date()}
    note_performance(mediation=told.file, **task, by=told.by, at=LATER)
    made = file_volume(mediation=told.file, retention=Retention.SHORT, by=told.director, at=LATER)
    assert (made.state, made.statement) == (FileState.FILED, "")
