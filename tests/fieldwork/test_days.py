"""Visits, daily reports and what is said against needless work."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Delegation, Notice, User
from cases.models import Case
from fieldwork import actions
from fieldwork.jobs import ask_for_reports, promise_to_ask
from fieldwork.models import DailyReport, NeedlessWork, Visit
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import CalendarDay, DayKind, Job, Record
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, at, give, make_cast, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def untouched(refused: Any, error: type[Exception], **given: Any) -> Any:
    models = (Visit, DailyReport, NeedlessWork, Case, Record, Notice)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(error) as caught:
        refused(**given)
    assert before == [list(model.objects.order_by("pk").values()) for model in models]
    return caught.value


# --- visits


def visit(cast: Cast, **more: Any) -> Visit:
    given = {"grid": cast.place.micros[0], "place": " 3号楼2单元 ", "by": cast.worker, "at": MONDAY, **more}
    return actions.log_visit(**given)


def test_a_visit_is_a_line_of_the_log(cast: Cast) -> None:
    row = visit(cast, note="提醒关阀门", kind="prevent")
    assert (row.place, row.note, row.kind, row.at, row.case) == ("3号楼2单元", "提醒关阀门", "prevent", MONDAY, None)
    assert Record.objects.get().data == {"kind": "prevent"}, "the record holds no words of it"
    late = visit(cast, happened_at=MONDAY - 5 * HOUR)
    assert (late.at, late.entered_at) == (MONDAY - 5 * HOUR, MONDAY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": "  "}, "place"),
        ({"place": "字" * 101}, "place"),
        ({"note": "字" * 501}, "note"),
        ({"note": "张某电话13812345678"}, "note"),
        ({"place": "110101199003077715"}, "place"),
        ({"kind": "sleep"}, "kind"),
        ({"happened_at": MONDAY - dt.timedelta(days=8)}, "at"),
        ({"happened_at": MONDAY + HOUR}, "at"),
    ],
)
def test_a_line_that_cannot_be(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    assert untouched(visit, Invalid, cast=cast, **wrong).field == field


def test_only_the_own_grid_is_visited(cast: Cast) -> None:
    assert untouched(visit, Invalid, cast=cast, by=cast.other_worker).field == "grid"
    untouched(visit, Forbidden, cast=cast, by=cast.unit_staff)


def test_a_visit_becomes_a_case_once(cast: Cast) -> None:
    row = visit(cast)
    wanted = {"visit": row, "category": cast.category.code, "text": "楼道堆放杂物", "at": MONDAY}
    untouched(actions.make_case_of, Forbidden, **wanted, by=cast.lead)
    untouched(actions.make_case_of, Invalid, **{**wanted, "category": "9999"}, by=cast.worker)
    case = actions.make_case_of(**wanted, by=cast.worker)
    assert (case.text, case.place, case.grid, case.reported_by) == (
        "楼道堆放杂物",
        "3号楼2单元",
        cast.place.micros[0],
        cast.worker,
    )
    assert Visit.objects.get().case == case
    untouched(actions.make_case_of, Conflict, **wanted, by=cast.worker)


# --- the daily report


def daily(cast: Cast, kind: str = "zero", **more: Any) -> DailyReport:
    return actions.give_daily(
        **{"grid": cast.place.micros[0], "kind": kind, "by": cast.worker, "at": MONDAY + 8 * HOUR, **more}
    )


def test_a_report_counts_the_day_itself(cast: Cast) -> None:
    patrol = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY)
    actions.stop_patrol(patrol=patrol, by=cast.worker, at=MONDAY + HOUR)
    visit(cast)
    visit(cast, kind="serve")
    actions.make_case_of(
        visit=visit(cast, kind="serve"), category=cast.category.code, text="井盖", by=cast.worker, at=MONDAY
    )
    visit(cast, at=MONDAY - 24 * HOUR)
    row = daily(cast, note="一切正常")
    assert row.counts == {"patrols": 1, "minutes": 60, "visits": {"visit": 1, "serve": 2}, "cases": 1}
    assert (row.day, row.kind, row.note, row.given_at) == (MONDAY.date(), "zero", "一切正常", MONDAY + 8 * HOUR)


def test_one_report_a_person_and_day(cast: Cast) -> None:
    daily(cast)
    again = daily(cast, "ordinary", note="下午有停水", at=MONDAY + 9 * HOUR)
    assert DailyReport.objects.count() == 1
    assert (again.kind, again.note) == ("ordinary", "下午有停水")
    assert [record.verb for record in Record.objects.order_by("pk")] == [
        "fieldwork.daily_given", "fieldwork.daily_given_again",
    ]  # fmt: skip
    assert Record.objects.latest("pk").data["changes"]["kind"] == ["zero", "ordinary"]


def test_a_report_is_for_today_or_yesterday(cast: Cast) -> None:
    today = MONDAY.date()
    assert daily(cast, day=today - dt.timedelta(days=1)).day == today - dt.timedelta(days=1)
    for day in (today - dt.timedelta(days=2), today + dt.timedelta(days=1)):
        assert untouched(daily, Invalid, cast=cast, day=day).field == "day"
    assert untouched(daily, Invalid, cast=cast, kind="none").field == "kind"
    untouched(daily, Invalid, cast=cast, note="13812345678")
    untouched(daily, Forbidden, cast=cast, by=cast.street)


def test_whoever_owes_it_is_asked_once(cast: Cast) -> None:
    away = make_user()
    give(away, PostKind.GRID_WORKER_PT, cast.place.micros[1])
    day = MONDAY.date()
    Delegation.objects.create(
        user=away, deputy=cast.other_worker, valid_from=day, valid_to=day, made_by=away, made_at=MONDAY
    )
    volunteer = make_user()
    give(volunteer, PostKind.MICRO_GRID_WORKER, cast.place.micros[1])
    daily(cast)
    ask = {"day": day, "by": User.objects.system(), "at": at("2026-09-07 17:30")}
    assert actions.ask_for_daily(**ask) == 1
    assert actions.ask_for_daily(**ask) == 0, "once"
    told = Notice.objects.get()
    assert (told.user, told.params) == (cast.other_worker, {"day": "2026-09-07"})


def test_nobody_is_asked_on_a_day_off(cast: Cast) -> None:
    CalendarDay.objects.create(scope=cast.place.street.code, date=MONDAY.date(), kind=DayKind.REST)
    assert actions.ask_for_daily(day=MONDAY.date(), by=User.objects.system(), at=at("2026-09-07 17:30")) == 0
    assert not Notice.objects.exists() and not Record.objects.exists()
    sunday = MONDAY.date() - dt.timedelta(days=1)
    assert actions.ask_for_daily(day=sunday, by=User.objects.system(), at=at("2026-09-06 17:30")) == 0


def test_the_house_asks_by_itself(cast: Cast) -> None:
    promise_to_ask([], MONDAY)
    promise_to_ask([], MONDAY + 6 * HOUR)
    due = dict(Job.objects.filter(kind="fieldwork.ask_for_daily").values_list("key", "due_at"))
    assert due == {"2026-09-07": at("2026-09-07 17:30"), "2026-09-08": at("2026-09-08 17:30")}
    one = [Job(key="2026-09-07")]
    ask_for_reports(one, at("2026-09-08 08:00"))
    assert not Notice.objects.exists(), "a day late nobody is asked any more"
    ask_for_reports(one, at("2026-09-07 17:31"))
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.worker.pk, cast.other_worker.pk}


# --- needless work


def say(cast: Cast, **more: Any) -> NeedlessWork:
    given = {
        "street": cast.place.street,
        "words": "同一张表填三遍",
        "page": "/m/cases/17/",
        "by": cast.worker,
        "at": MONDAY,
    }
    return actions.say_needless(**{**given, **more})


def test_a_word_is_answered_and_the_person_told(cast: Cast) -> None:
    row = say(cast)
    assert (row.said_by, row.said_on, row.page) == (cast.worker, MONDAY.date(), "/m/cases/17/")
    answer = {"said": row, "answer": "下月起取消", "at": MONDAY + HOUR}
    for nobody in (cast.total_lead, cast.worker):
        untouched(actions.answer_needless, (Forbidden, NeedlessWork.DoesNotExist), **answer, by=nobody)  # type: ignore[arg-type]
    untouched(actions.answer_needless, Invalid, **{**answer, "answer": " "}, by=cast.street)
    actions.answer_needless(**answer, by=cast.street)
    assert Notice.objects.get(user=cast.worker).params == {"note": "下月起取消"}
    untouched(actions.answer_needless, Conflict, **answer, by=cast.street)
    untouched(say, Invalid, cast=cast, words="")
    untouched(say, Forbidden, cast=cast, by=make_user("auditor"))


def test_anonymous_is_meant(cast: Cast) -> None:
    """Nothing that is written down holds the person: no row, no record, no notice."""
    row = say(cast, anonymous=True)
    assert (row.said_by, row.page) == (None, "/m/cases/…/")
    record = Record.objects.get()
    assert record.actor == User.objects.system() and record.data == {}
    assert record.at == at("2026-09-07 00:00"), "of the time only the day"
    actions.answer_needless(said=row, answer="已取消", by=cast.street, at=MONDAY)
    assert not Notice.objects.exists()


def test_who_reads_what_was_said(cast: Cast) -> None:
    waiting, answered = say(cast), say(cast, words="重复拍照")
    actions.answer_needless(said=answered, answer="同意", by=cast.street, at=MONDAY)

    def seen(user: User) -> set[NeedlessWork]:
        return set(NeedlessWork.objects.visible_to(user))

    assert seen(cast.street) == seen(cast.worker) == {waiting, answered}
    assert seen(cast.lead) == seen(cast.other_worker) == {answered}
    assert seen(cast.outsider) == seen(cast.unit_staff) == set()
