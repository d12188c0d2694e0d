"""Following by number and code: the steps, the answer, rating, reopening, adding, withdrawing; and nobody else's."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice
from cases import actions
from cases.choices import CaseState, RejectReason
from cases.models import Case, Photo, Rating, Reporter
from door.choices import NOTICE_ADDED
from door.models import Slip, Words
from gridgov.core.models import Record
from tests.cases.merging import work
from tests.door.residents import TEXT, numbers_of, open_door, pictures, send
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
REPLY = "纸箱已清走，消防通道恢复畅通。"


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


class Resident:
    """Somebody who has reported, with number and code in hand and a browser."""

    def __init__(self, cast: Cast, **more: Any) -> None:
        self.number, self.code = numbers_of(send(cast, **more))
        self.case = Case.objects.get(no=self.number)
        self.browser = Client()

    def come_in(self, number: str = "", code: str = "") -> Any:
        return self.browser.post("/r/follow/", {"number": number or self.number, "code": code or self.code})

    def look(self) -> str:
        assert self.come_in().status_code == 302
        answer = self.browser.get("/r/follow/mine/")
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        return answer.content.decode()

    def do(self, verb: str, **more: Any) -> Any:
        self.come_in()
        return self.browser.post(f"/r/follow/mine/{verb}/", more)


def complete(cast: Cast, case: Case) -> None:
    at = case.reported_at
    actions.accept_case(case=case.pk, by=cast.lead, at=at)
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at)
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at)
    actions.complete_case(case=case.pk, result="物业已清理，罚款单号A7", by=cast.unit_staff, at=at)


def end(cast: Cast, case: Case) -> None:
    if Case.objects.get(pk=case.pk).state == CaseState.SUBMITTED:
        complete(cast, case)
    actions.verify_case(case=case.pk, by=cast.lead, at=case.reported_at)
    actions.close_case(case=case.pk, reply=REPLY, by=cast.lead, at=case.reported_at)


def test_number_and_code_open_the_own_report_in_this_browser_only(cast: Cast) -> None:
    resident = Resident(cast)
    assert TEXT in resident.look()
    assert Client().get("/r/follow/mine/").status_code == 302
    assert Client().post("/r/follow/mine/rate/", {"score": 4, "solved": 1})["Location"] == "/r/follow/"
    resident.browser.post("/r/follow/leave/")
    assert resident.browser.get("/r/follow/mine/").status_code == 302


@pytest.mark.parametrize("written", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_is_read_however_it_was_copied(cast: Cast, written: Any) -> None:
    resident = Resident(cast)
    assert resident.come_in(code=written(resident.code)).status_code == 302


def test_wrong_code_and_unknown_number_are_told_alike(cast: Cast) -> None:
    one, other = Resident(cast), Resident(cast)
    answers = [
        one.come_in(code=other.code), one.come_in(number=other.number), one.come_in(number="20200101000001"),
        one.come_in(code="AAAAA-AAAAA"), one.come_in(code="x"), one.come_in(number="²", code="²"),
    ]  # fmt: skip
    for answer in answers:
        assert answer.status_code == 200
        assert "编号与查询码不符" in answer.content.decode()
        assert "door" not in answer.cookies


def test_a_cookie_of_ones_own_making_opens_nothing(cast: Cast) -> None:
    resident = Resident(cast)
    slip = Slip.objects.get()
    for value in (str(slip.pk), f"{slip.pk}:x:y", "²"):
        resident.browser.cookies["door"] = value
        assert resident.browser.get("/r/follow/mine/").status_code == 302


def test_the_steps_in_plain_words_and_the_answer(cast: Cast) -> None:
    resident = Resident(cast)
    assert "已收到，正在核实" in resident.look()
    complete(cast, resident.case)
    said = resident.look()
    assert "街道已受理" in said
    assert "正由他人核查结果" in said
    assert REPLY not in said
    assert "mine/withdraw/" in said
    end(cast, resident.case)
    said = resident.look()
    assert REPLY in said and "mine/withdraw/" not in said
    assert resident.do("withdraw").status_code == 409
    assert REPLY in resident.look()


def test_what_is_said_inside_the_house_stays_there(cast: Cast) -> None:
    resident = Resident(cast)
    end(cast, resident.case)
    said = resident.look()
    case = Case.objects.get(pk=resident.case.pk)
    assert case.result
    assert case.result not in said
    for person in (cast.worker, cast.lead, cast.unit_staff):
        assert person.full_name not in said


def test_rated_once_a_round_and_changed_once(cast: Cast) -> None:
    resident = Resident(cast)
    assert resident.do("rate", score=4, solved=1).status_code == 409
    end(cast, resident.case)
    assert resident.do("rate", score=4, solved=1).status_code == 302
    assert resident.do("rate", score=1, solved=0).status_code == 302
    assert resident.do("rate", score=3, solved=1).status_code == 409
    rating = Rating.objects.get()
    assert (rating.score, rating.solved, rating.changes) == (1, False, 1)


@pytest.mark.parametrize("asked", [{}, {"score": 9, "solved": 1}, {"score": "²", "solved": "x"}, {"score": 1}])
def test_a_rating_that_is_none_changes_nothing(cast: Cast, asked: Any) -> None:
    resident = Resident(cast)
    end(cast, resident.case)
    assert resident.do("rate", **asked).status_code == 400
    assert not Rating.objects.exists()


def test_not_solved_is_handled_once_more(cast: Cast) -> None:
    resident = Resident(cast)
    end(cast, resident.case)
    assert resident.do("reopen", reason="又堆上了").status_code == 302
    case = Case.objects.get(pk=resident.case.pk)
    assert (case.state, case.round) == (CaseState.ACCEPTED, 2)
    assert resident.do("reopen", reason="又堆上了").status_code == 409
    assert Case.objects.get(pk=case.pk).round == 2


def test_words_and_photos_are_added(cast: Cast) -> None:
    resident = Resident(cast)
    assert resident.do("words", text="今天又多了两箱", photos=pictures(1)).status_code == 302
    assert Words.objects.get().text == "今天又多了两箱"
    assert Photo.objects.filter(case=resident.case).count() == 1
    assert "今天又多了两箱" in resident.look()
    assert "今天又多了两箱" not in str(list(Record.objects.values_list("data", flat=True)))
    assert resident.do("words", text=" ").status_code == 400
    assert resident.do("words", text="好", photos=pictures(1)).status_code == 409
    assert Words.objects.count() == 1


def test_whoever_handles_it_hears_of_words_that_were_added(cast: Cast) -> None:
    resident = Resident(cast)
    resident.do("words", text="还没人管")
    assert not Notice.objects.filter(text=NOTICE_ADDED).exists()
    at = resident.case.reported_at
    actions.accept_case(case=resident.case.pk, by=cast.lead, at=at)
    actions.dispatch_case(case=resident.case.pk, unit=cast.unit.pk, by=cast.lead, at=at)
    actions.sign_in_case(case=resident.case.pk, by=cast.unit_staff, at=at)
    resident.do("words", text="今天又多了两箱")
    told = Notice.objects.get(text=NOTICE_ADDED)
    assert (told.user, told.params["no"]) == (cast.unit_staff, resident.number)
    assert "两箱" not in str(told.params)


def test_contact_is_deleted_at_once_and_the_case_goes_on(cast: Cast) -> None:
    resident = Resident(cast, name="王大爷", phone="13900001111", consent="1")
    assert resident.do("forget").status_code == 302
    reporter, slip = Reporter.objects.get(), Slip.objects.get()
    assert (reporter.name, reporter.phone) == ("", "")
    assert slip.forgotten_at is not None
    assert (slip.expires_at, slip.withdrawn_at) == (None, None)
    assert Case.objects.get().state == CaseState.SUBMITTED
    assert Record.objects.filter(verb="cases.forgotten").count() == 1
    assert "我们没有保存您的联系方式" in resident.look()


def test_a_report_nobody_has_taken_on_ends_when_it_is_withdrawn(cast: Cast) -> None:
    resident = Resident(cast, name="王大爷", phone="13900001111", consent="1")
    resident.do("words", text="补充")
    assert resident.do("withdraw").status_code == 200
    case = Case.objects.get()
    assert (case.state, case.reject_reason) == (CaseState.REJECTED, RejectReason.WITHDRAWN)
    assert (Reporter.objects.get().phone, Words.objects.count()) == ("", 0)
    assert resident.browser.get("/r/follow/mine/").status_code == 302
    assert resident.come_in().status_code == 200


def test_a_withdrawn_report_that_is_being_handled_goes_on(cast: Cast) -> None:
    resident = Resident(cast)
    actions.accept_case(case=resident.case, by=cast.lead, at=resident.case.reported_at)
    resident.do("withdraw")
    assert Case.objects.get().state == CaseState.ACCEPTED


def test_a_merged_report_follows_the_one_that_leads_it(cast: Cast) -> None:
    first, second = Resident(cast), Resident(cast)
    actions.merge_case(case=second.case, leading=first.case, reason="同一处", by=cast.lead, at=second.case.reported_at)
    end(cast, first.case)
    work(first.case.reported_at + dt.timedelta(seconds=1))
    said = second.look()
    assert second.number in said
    assert first.number not in said
    assert REPLY in said


@pytest.mark.parametrize("verb", ["close", "²", "rate%00", "forget-all"])
def test_a_verb_that_is_none(cast: Cast, verb: str) -> None:
    resident = Resident(cast)
    assert resident.do(verb).status_code in {400, 404}
