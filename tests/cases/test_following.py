"""Merged cases follow the one that leads them: answered, open again, let go, rated."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases import actions
from cases.choices import CaseState
from cases.models import Case
from gridgov.core.errors import Conflict, Forbidden
from gridgov.core.models import Record
from gridgov.core.records import verify
from tests.cases.merging import DAY, HOUR, finish, fresh, merge, report, snapshot, walk, work
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def test_the_answer_comes_to_each_once_and_again_after_a_reopening(cast: Cast) -> None:
    leading = walk(cast, "handling")
    one, two = report(cast, MONDAY + HOUR, by=cast.other_worker), report(cast, MONDAY + HOUR, by=cast.worker)
    for case in (one, two):
        merge(cast, case, leading)
    finish(cast, leading, MONDAY + 5 * HOUR)
    work(MONDAY + 6 * HOUR)
    told = Notice.objects.filter(kind=NoticeKind.PROGRESS).order_by("pk")
    assert [(n.user, n.params["no"], n.params["leading"]) for n in told] == [
        (cast.other_worker, one.no, leading.no), (cast.worker, two.no, leading.no),
    ]  # fmt: skip
    assert [fresh(case).closed_at for case in (one, two)] == [MONDAY + 5 * HOUR] * 2
    assert [fresh(case).state for case in (one, two)] == [CaseState.MERGED] * 2
    # What is done twice happens once.
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + 7 * HOUR) == 0
    assert (told.all().count(), Record.objects.filter(verb="cases.leading_ended").count()) == (2, 2)

    actions.reopen_case(case=leading.pk, reason="又堆了", by=cast.lead, at=MONDAY + DAY)
    work(MONDAY + DAY)
    assert [fresh(case).closed_at for case in (one, two)] == [None, None]
    assert Record.objects.filter(verb="cases.leading_reopened").count() == 2
    actions.dispatch_case(case=leading.pk, unit=cast.unit.pk, by=cast.lead, at=MONDAY + DAY)
    actions.sign_in_case(case=leading.pk, by=cast.unit_staff, at=MONDAY + DAY)
    finish(cast, leading, MONDAY + DAY + HOUR)
    work(MONDAY + DAY + HOUR)
    assert (told.all().count(), fresh(one).closed_at) == (4, MONDAY + DAY + HOUR)
    assert verify().faults == []


def test_following_costs_the_same_for_one_and_for_many(cast: Cast) -> None:
    costs, system = [], User.objects.system()
    for count in (1, 4):
        leading = walk(cast, "handling")
        for _ in range(count):
            merge(cast, report(cast, MONDAY + HOUR), leading)
        finish(cast, leading, MONDAY + 5 * HOUR)
        with CaptureQueriesContext(connection) as caught:
            assert actions.follow_leading(leading=leading.pk, by=system, at=MONDAY + DAY) == count
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 8


def test_a_report_merged_into_a_closed_case_is_answered_at_once(cast: Cast) -> None:
    leading = walk(cast, "handling")
    finish(cast, leading, MONDAY + 2 * HOUR)
    case = report(cast, MONDAY + 3 * HOUR, by=cast.worker, grid=cast.place.micros[1].code)
    merge(cast, case, leading, MONDAY + 4 * HOUR)
    assert fresh(case).closed_at == MONDAY + 4 * HOUR
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.worker
    work(MONDAY + 5 * HOUR)
    assert Notice.objects.filter(kind=NoticeKind.PROGRESS).count() == 1


def test_not_accepted_is_an_answer_too(cast: Cast) -> None:
    leading, case = report(cast), report(cast, by=cast.worker, grid=cast.place.micros[1].code)
    merge(cast, case, leading)
    actions.reject_case(case=leading.pk, reason="legal_channel", by=cast.lead, at=MONDAY + 4 * HOUR)
    work(MONDAY + 5 * HOUR)
    assert fresh(case).closed_at == MONDAY + 4 * HOUR
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.worker


def test_a_voided_leading_case_lets_its_merged_ones_go(cast: Cast) -> None:
    """What was real must not end with what was none."""
    leading, case = walk(cast, "accepted"), walk(cast, "handling")
    merge(cast, case, leading)
    Case.objects.filter(pk=leading.pk).update(state=CaseState.VOIDED)
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + DAY) == 1
    case = fresh(case)
    assert (case.state, case.leading, case.deadlines.running().get().due_at) == ("accepted", None, MONDAY + 3 * DAY)
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.lead
    assert Record.objects.get(verb="cases.unmerged").actor == User.objects.system()
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + DAY) == 0


def test_the_merged_reporter_rates_once_the_leading_case_is_closed(cast: Cast) -> None:
    leading, case = walk(cast, "handling"), report(cast, MONDAY + HOUR, by=cast.worker)
    merge(cast, case, leading)
    rate = {"case": case.pk, "score": 1, "solved": False, "text": "还有一半"}
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        actions.rate_case(**rate, by=cast.worker, at=MONDAY + 4 * HOUR)
    assert (refusal.value.code, snapshot()) == ("leading_open", before)
    finish(cast, leading, MONDAY + 5 * HOUR)
    # Even before the worker has brought word of it.
    actions.rate_case(**rate, by=cast.worker, at=MONDAY + 6 * HOUR)
    assert (fresh(case).rating.score, fresh(case).state) == (1, CaseState.MERGED)
    assert not hasattr(fresh(leading), "rating")
    told = Notice.objects.get(kind=NoticeKind.PROGRESS, user=cast.lead)
    assert (told.params["no"], told.params["reopen"], told.params["until"]) == (case.no, leading.no, "2026-09-22")


def test_whoever_handled_the_leading_case_rates_none_of_its_merged_ones(cast: Cast) -> None:
    leading = walk(cast, "accepted")
    actions.dispatch_case(case=leading.pk, grid=cast.place.comprehensives[0].code, by=cast.total_lead, at=MONDAY)
    actions.sign_in_case(case=leading.pk, by=cast.lead, at=MONDAY)
    case = report(cast, MONDAY + HOUR)
    merge(cast, case, leading)
    actions.complete_case(case=leading.pk, result="好了", by=cast.lead, at=MONDAY + 4 * HOUR)
    actions.verify_case(case=leading.pk, by=cast.total_lead, at=MONDAY + 4 * HOUR)
    actions.close_case(case=leading.pk, by=cast.total_lead, at=MONDAY + 4 * HOUR)
    work(MONDAY + 5 * HOUR)
    with pytest.raises(Forbidden) as refusal:
        actions.rate_case(case=case.pk, score=4, solved=True, by=cast.lead, at=MONDAY + 5 * HOUR)
    assert refusal.value.code == "own_work"
