"""Two people at one case: the second is told who did what meanwhile, and finds everything typed still there."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases import actions
from cases.models import Case, Order
from cases.reports import history_length, news
from gridgov.core.models import Record
from tests.cases.desk import desk, page_of, verb_of, walk
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
FRAGMENT = {"x-fragment": "1"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def told(answer: Any) -> list[tuple[str, str]]:
    return [(row.verb.value, row.by) for row in answer.context["news"]]


def sees(case: Case, by: User) -> list[str]:
    return [row.verb.value for row in news(case, 0, by)]


def test_whoever_sends_an_overtaken_form_is_told_and_sends_it_again(cast: Cast) -> None:
    case, client = walk(cast, "accepted"), desk(cast.total_lead)
    form = client.get(verb_of(case, "dispatch"), headers=FRAGMENT)
    assert (form.context["seen"], form.context["news"]) == (2, [])
    actions.raise_tier(case=case.pk, tier="C", reason="需街道协调", by=cast.lead, at=timezone.now())
    Case.objects.filter(pk=case.pk).update(tier="B")  # so that the move is still this lead's
    given = {"to": f"unit:{cast.unit.pk}", "note": "请今天到场", "seen": "2"}
    late = client.post(verb_of(case, "dispatch"), given, headers=FRAGMENT)
    assert (late.status_code, told(late)) == (409, [("cases.tier_raised", str(cast.lead))])
    page = late.content.decode()
    assert "请今天到场" in page and "需街道协调" in page and "其他人先处理了此案件" in page
    assert not Order.objects.exists()
    again = client.post(verb_of(case, "dispatch"), {**given, "seen": late.context["seen"]}, headers=FRAGMENT)
    assert again.status_code == 204
    assert Order.objects.get().note == "请今天到场"


def test_a_move_that_is_no_more_possible_keeps_the_words_and_names_who_was_first(cast: Cast) -> None:
    case, client = walk(cast, "accepted"), desk(cast.total_lead)
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=timezone.now())
    before = Case.objects.filter(pk=case.pk).values().get()
    answer = client.post(
        verb_of(case, "dispatch"), {"to": f"unit:{cast.unit.pk}", "note": "请今天到场", "seen": "2"}, headers=FRAGMENT
    )
    assert (answer.status_code, told(answer)) == (409, [("cases.dispatched", str(cast.lead))])
    assert "请今天到场" in answer.content.decode()
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert Order.objects.count() == 1


def test_a_move_that_is_no_more_ones_own_keeps_the_words_too(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.lead)
    answer = client.post(
        verb_of(case, "complete"), {"result": "清理了三车", "outcome": "solved", "seen": "4"}, headers=FRAGMENT
    )
    assert answer.status_code == 403
    assert "清理了三车" in answer.content.decode()
    assert Case.objects.get().state == "handling"


def test_a_dialog_opened_on_an_old_page_says_what_has_happened_since(cast: Cast) -> None:
    case, client = walk(cast, "accepted"), desk(cast.total_lead)
    seen = client.get(page_of(case)).context["timeline"][0].seq
    assert seen == history_length(case) == 2
    actions.supervise_case(case=case.pk, text="请尽快派遣", by=cast.street, at=timezone.now())
    answer = client.get(verb_of(case, "dispatch"), {"seen": seen}, headers=FRAGMENT)
    assert (answer.status_code, told(answer), answer.context["seen"]) == (
        200,
        [("cases.supervised", str(cast.street))],
        3,
    )


def test_ones_own_acts_looks_and_the_house_overtake_nobody(cast: Cast) -> None:
    case = walk(cast, "handling", reporter_name="王小明")
    at = timezone.now()
    actions.reveal_reporter(case=case.pk, reason="回访核实", by=cast.street, at=at)
    actions.print_archive(case=case.pk, by=cast.street, at=at)
    actions.note_progress(case=case.pk, note="已到场", by=cast.unit_staff, at=at)
    Record.objects.create(
        verb="cases.breached", actor=User.objects.system(), at=at, subject_type="cases.case", subject_id=case.pk
    )
    assert sees(case, cast.lead)[-1:] == ["cases.progressed"]
    assert "cases.progressed" not in sees(case, cast.unit_staff)
    assert not {"cases.revealed", "cases.printed", "cases.breached"} & set(sees(case, cast.lead))


@pytest.mark.parametrize("seen", ["²", "x", "-1", "99999999999999999999", "", "1\x00"])
def test_a_mark_that_is_none_is_as_good_as_none(cast: Cast, seen: str) -> None:
    case, client = walk(cast, "accepted"), desk(cast.lead)
    assert client.get(verb_of(case, "dispatch"), {"seen": seen.replace("\x00", "")}).status_code == 200
    given = {"to": f"unit:{cast.unit.pk}", "note": "", "seen": seen}
    assert client.post(verb_of(case, "dispatch"), given, headers=FRAGMENT).status_code == 204


def test_a_click_that_types_nothing_is_never_held_up(cast: Cast) -> None:
    case = walk(cast, "dispatched")
    actions.urge_case(case=case.pk, note="请尽快签收", by=cast.street, at=timezone.now())
    assert desk(cast.unit_staff).post(verb_of(case, "sign-in"), {"seen": "1"}).status_code == 302
    assert Case.objects.get().state == "handling"


def test_the_timeline_says_what_changed_from_what_to_what(cast: Cast) -> None:
    case = walk(cast, "completed")
    rows = {row.verb.value: row for row in desk(cast.street).get(page_of(case)).context["timeline"]}
    accepted = [(one.name, one.before, one.after) for one in rows["cases.accepted"].changes]
    assert ("状态", "待受理", "待派遣") in accepted
    completed = [(one.name, one.before, one.after) for one in rows["cases.completed"].changes]
    assert completed == [("状态", "处置中", "待核查"), ("办理结果", "—", "已解决"), ("处置情况", "—", "已清理")]
