"""Urging and supervising by hand, answering, and what is refused: nothing changes then."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notice, User
from cases import actions
from cases.choices import CardLevel, Clock
from cases.models import Card, Case, Deadline, LedgerEntry, Order, Supervision
from cases.reports import explain
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Job, Record
from tests.cases.desk import desk, page_of, verb_of
from tests.factories import MONDAY, Cast, at, make_cast
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def dispatched(cast: Cast, when: dt.datetime = MONDAY, **to: Any) -> Case:
    asked = actions.Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    case = actions.report_case(report=asked, by=cast.worker, at=when)
    case = actions.dispatch_case(case=case, **(to or {"unit": cast.unit.pk}), by=cast.lead, at=when)
    Notice.objects.all().delete()
    return case


def everything() -> dict[str, Any]:
    tables: Any = (Case, Card, Deadline, LedgerEntry, Supervision, Notice, Record, Job)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def refused(kind: type[Refusal], code: str, call: Callable[[], Any]) -> None:
    before = everything()
    with pytest.raises(kind) as refusal:
        call()
    assert refusal.value.code == code
    assert everything() == before


def supervise(cast: Cast, case: Case, by: User | None = None, when: dt.datetime = MONDAY, **asked: Any) -> Supervision:
    asked = {"text": "请说明", **asked}
    return actions.supervise_case(case=case.pk, by=by or cast.street, at=when, **asked)


# --- urging ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "total_lead", "street", "worker"])
def test_leads_the_street_and_the_reporter_urge(cast: Cast, who: str) -> None:
    case = dispatched(cast)
    actions.urge_case(case=case, note="居民又来电", by=getattr(cast, who), at=MONDAY)
    case = Case.objects.get(pk=case.pk)
    assert (case.urged, case.card, case.breached_at) == (1, CardLevel.NONE, None)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.key) == (cast.unit_staff, "urge", f"urge:{case.pk}:1")
    assert Record.objects.get(verb="cases.urged").data["note"] == "居民又来电"


def test_once_an_hour_for_each_case(cast: Cast) -> None:
    case, other = dispatched(cast), dispatched(cast)
    actions.urge_case(case=case, by=cast.lead, at=MONDAY)
    refused(Conflict, "urged", lambda: actions.urge_case(case=case, by=cast.street, at=MONDAY + HOUR * 0.99))
    actions.urge_case(case=other, by=cast.lead, at=MONDAY)
    actions.urge_case(case=case, by=cast.street, at=MONDAY + HOUR)
    assert Case.objects.get(pk=case.pk).urged == 2


def test_whoever_may_not_urge_is_refused(cast: Cast) -> None:
    case = dispatched(cast)
    refused(Forbidden, "forbidden", lambda: actions.urge_case(case=case, by=cast.unit_staff, at=MONDAY))
    waiting = actions.report_case(
        report=actions.Report(category=cast.category.code, text="x"), by=cast.worker, at=MONDAY
    )
    refused(Conflict, "no_order", lambda: actions.urge_case(case=waiting, by=cast.lead, at=MONDAY))


# --- supervising -----------------------------------------------------------------------------------------------------


def test_supervision_has_a_clock_of_its_own_and_is_answered(cast: Cast) -> None:
    case = dispatched(cast)
    row = supervise(cast, case, by=cast.lead)
    due = at("2026-09-08 18:00")
    assert (row.unit, row.grid, row.order, row.reply_due, row.round) == (cast.unit, None, case.lead_order, due, 1)
    clock = Deadline.objects.get(clock=Clock.REPLY)
    assert (clock.supervision, clock.due_at) == (row, due)
    assert [found.to for found in explain(case)][-1] == f"{cast.unit} · 请说明"
    assert Notice.objects.get().user == cast.unit_staff
    Notice.objects.all().delete()
    actions.answer_supervision(supervision=row, reply="明天办完", by=cast.unit_staff, at=MONDAY + HOUR)
    row.refresh_from_db()
    clock.refresh_from_db()
    assert (row.reply, row.replied_by, row.replied_at) == ("明天办完", cast.unit_staff, MONDAY + HOUR)
    assert (clock.met_at, Supervision.objects.open().count()) == (MONDAY + HOUR, 0)
    assert list(Notice.objects.values_list("user", flat=True)) == [cast.lead.pk]
    assert [record.verb for record in Record.objects.filter(subject_id=case.pk).order_by("seq")][-2:] == [
        "cases.supervised", "cases.answered",
    ]  # fmt: skip


def test_a_card_comes_with_the_level_once_a_round(cast: Cast) -> None:
    case = dispatched(cast)
    yellow = supervise(cast, case, level=1)
    actions.answer_supervision(supervision=yellow, reply="好的", by=cast.unit_staff, at=MONDAY)
    supervise(cast, case, level=1)
    assert list(Card.objects.values_list("level", "round", "unit")) == [(1, 1, cast.unit.pk)]
    assert Case.objects.get(pk=case.pk).card == CardLevel.YELLOW


def test_a_higher_one_takes_the_place_of_a_lower(cast: Cast) -> None:
    case = dispatched(cast)
    low = supervise(cast, case, by=cast.lead)
    high = supervise(cast, case, level=2, kind="listed", when=MONDAY + HOUR)
    low.refresh_from_db()
    clocks = list(Deadline.objects.filter(clock=Clock.REPLY).order_by("pk").values_list("supervision", "dropped_at"))
    assert (low.superseded_at, clocks) == (MONDAY + HOUR, [(low.pk, MONDAY + HOUR), (high.pk, None)])
    assert [row.level for row in Card.objects.all()] == [CardLevel.RED]
    refused(
        Conflict, "superseded",
        lambda: actions.answer_supervision(supervision=low, reply="好", by=cast.unit_staff, at=MONDAY + HOUR),
    )  # fmt: skip


def test_the_moment_of_the_answer_may_be_named(cast: Cast) -> None:
    case = dispatched(cast)
    row = supervise(cast, case, reply_due=MONDAY + HOUR * 5)
    clock = Deadline.objects.get(clock=Clock.REPLY)
    assert (row.reply_due, clock.due_at, clock.original_due_at, clock.value) == (
        MONDAY + HOUR * 5, MONDAY + HOUR * 5, MONDAY + HOUR * 5, 5,
    )  # fmt: skip


def test_levels_do_not_fall(cast: Cast) -> None:
    case = dispatched(cast)
    row = supervise(cast, case, level=1)
    refused(Conflict, "supervised", lambda: supervise(cast, case, level=1))
    refused(Invalid, "level_falls", lambda: supervise(cast, case))
    actions.answer_supervision(supervision=row, reply="好的", by=cast.unit_staff, at=MONDAY)
    refused(Invalid, "level_falls", lambda: supervise(cast, case))


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({"text": " "}, Invalid, "invalid"), ({"text": "x" * 501}, Invalid, "invalid"), ({"level": 3}, Invalid, "invalid"),
        ({"kind": "chat"}, Invalid, "invalid"), ({"reply_due": MONDAY}, Invalid, "invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(cast: Cast, asked: dict[str, Any], kind: type[Refusal], code: str) -> None:
    case = dispatched(cast)
    refused(kind, code, lambda: supervise(cast, case, **asked))


def test_supervision_comes_from_above(cast: Cast) -> None:
    case = dispatched(cast, grid=cast.place.comprehensives[0].code)
    refused(Forbidden, "not_above", lambda: supervise(cast, case, by=cast.lead))
    refused(Forbidden, "forbidden", lambda: supervise(cast, case, by=cast.worker))
    refused(Forbidden, "forbidden", lambda: supervise(cast, case, by=cast.total_lead, kind="interview"))
    assert supervise(cast, case, by=cast.total_lead).grid == cast.place.comprehensives[0]
    with pytest.raises(Case.DoesNotExist):
        supervise(cast, case, by=cast.outsider)


def test_only_those_addressed_answer_once(cast: Cast) -> None:
    case = dispatched(cast)
    row = supervise(cast, case)

    def answer(by: User, reply: str = "好的") -> Supervision:
        return actions.answer_supervision(supervision=row.pk, reply=reply, by=by, at=MONDAY)

    refused(Forbidden, "forbidden", lambda: answer(cast.lead))
    refused(Invalid, "invalid", lambda: answer(cast.unit_staff, " "))
    with pytest.raises(Supervision.DoesNotExist):
        answer(cast.outsider)
    answer(cast.unit_staff)
    refused(Conflict, "answered", lambda: answer(cast.unit_staff))


def test_whoever_has_the_case_by_now_may_answer_for_those_before(cast: Cast) -> None:
    case = dispatched(cast)
    row = supervise(cast, case)
    actions.reassign_case(case=case, grid=cast.place.micros[0].code, reason="改派", by=cast.lead, at=MONDAY)
    assert Deadline.objects.get(clock=Clock.REPLY).dropped_at is None
    actions.answer_supervision(supervision=row, reply="已接手", by=cast.worker, at=MONDAY)
    assert Order.objects.get(pk=row.order_id).unit == cast.unit


# --- the faces -------------------------------------------------------------------------------------------------------


def test_the_page_offers_and_shows_it(cast: Cast) -> None:
    case = dispatched(cast, timezone.now() - HOUR)
    lead, unit = desk(cast.lead), desk(cast.unit_staff)
    assert lead.post(verb_of(case, "urge"), {"note": "请快"}).status_code == 302
    assert lead.post(verb_of(case, "urge"), {"note": "请快"}).status_code == 409
    given = {"kind": "ordinary", "level": "1", "text": "请说明原因", "reply_due": ""}
    assert verb_of(case, "answer") not in unit.get(page_of(case)).content.decode()
    assert lead.post(verb_of(case, "supervise"), given).status_code == 302
    page = unit.get(page_of(case)).content.decode()
    assert "请说明原因" in page
    assert verb_of(case, "answer") in page
    assert verb_of(case, "answer") not in lead.get(page_of(case)).content.decode()
    assert unit.post(verb_of(case, "answer"), {"reply": "明天办完"}).status_code == 302
    assert "明天办完" in lead.get(page_of(case)).content.decode()
    assert unit.post(verb_of(case, "answer"), {"reply": "再答"}).status_code == 409


def test_the_form_offers_no_level_below_what_was(cast: Cast) -> None:
    case = dispatched(cast, timezone.now() - HOUR)
    supervise(cast, case, level=1, when=timezone.now())
    form = desk(cast.lead).get(verb_of(case, "supervise")).content.decode()
    assert 'value="2"' in form
    assert '<option value="0"' not in form
    assert 'value="interview"' not in form


def test_the_api_goes_the_whole_way(cast: Cast) -> None:
    case = dispatched(cast, timezone.now() - HOUR)
    url = f"/api/v1/cases/{case.pk}/"
    lead, unit = client_of(cast.lead), client_of(cast.unit_staff)
    assert lead.post(f"{url}urge/", {}).status_code == 200
    assert lead.post(f"{url}urge/", {}).status_code == 409
    assert unit.post(f"{url}answer/", {"reply": "x"}).json()["errors"][0]["code"] == "none_open"
    with CaptureQueriesContext(connection) as caught:
        answer = lead.post(f"{url}supervise/", {"level": 1, "text": "请说明"})
    assert (answer.status_code, answer.json()["to"], answer.json()["by_rule"]) == (200, str(cast.unit), False)
    assert len([q for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 20
    assert [row["text"] for row in unit.get("/api/v1/supervisions/?open=true&level=1").json()["results"]] == ["请说明"]
    assert unit.get("/api/v1/supervisions/?open=true&level=2").json()["results"] == []
    assert unit.post(f"{url}answer/", {"reply": "明天办完"}).json()["reply"] == "明天办完"
    assert unit.get("/api/v1/supervisions/?open=true").json()["results"] == []
    assert len(unit.get(f"/api/v1/supervisions/?open=false&case={case.pk}").json()["results"]) == 1
    assert lead.get("/api/v1/cases/?card=1").json()["results"][0]["id"] == case.pk
    assert unit.get(f"{url}clock/").json()[-1]["to"] == f"{cast.unit} · 请说明"
