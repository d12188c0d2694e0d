"""Merges at the same moment: one wins, the other is told, and nobody waits for ever."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from cases import actions
from cases.actions import Report
from cases.choices import CaseState
from cases.models import Case, Deadline, Merge, Order
from gridgov.core.errors import Refusal
from gridgov.core.models import Record
from gridgov.core.records import verify
from tests.factories import MONDAY, Cast, make_cast
from tests.races.test_cases import at_once, handling

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)
ROUNDS = 5


def told(verb: Callable[..., Any], by: User, **values: Any) -> str:
    try:
        verb(by=User.objects.get(pk=by.pk), at=MONDAY + HOUR, **values)
    except Refusal as refusal:
        return refusal.code
    return "done"


def report(cast: Cast) -> Case:
    asked = Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    return actions.report_case(report=asked, by=cast.street, at=MONDAY)


def test_two_merges_of_one_case() -> None:
    cast = make_cast("B")
    for n in range(1, ROUNDS + 1):
        one, two, case = report(cast), report(cast), report(cast)
        answers = at_once([
            lambda one=one, case=case: told(actions.merge_case, cast.lead, case=case.pk, leading=one.pk, reason="同一件"),
            lambda two=two, case=case: told(actions.merge_case, cast.street, case=case.pk, leading=two.pk, reason="同一件"),
        ])  # fmt: skip
        assert sorted(answers) == ["done", "illegal_move"]
        assert Merge.objects.filter(case=case, undone_at=None).count() == 1
        assert Record.objects.filter(verb="cases.merged").count() == n
    assert verify().faults == []


def test_each_into_the_other() -> None:
    """Both were reported at the same moment: either way would do, but not both, and neither waits for the other."""
    cast = make_cast("B")
    for _ in range(ROUNDS):
        one, two = report(cast), report(cast)
        answers = at_once([
            lambda a=one, b=two: told(actions.merge_case, cast.lead, case=a.pk, leading=b.pk, reason="同一件"),
            lambda a=one, b=two: told(actions.merge_case, cast.street, case=b.pk, leading=a.pk, reason="同一件"),
        ])  # fmt: skip
        # The later one finds its own case ended, or leading, or its leading case merged away.
        assert answers.count("done") == 1, answers
        assert set(answers) - {"done"} <= {"illegal_move", "leads_others", "cannot_lead"}
        states = sorted(Case.objects.filter(pk__in=[one.pk, two.pk]).values_list("state", flat=True))
        assert states == [CaseState.MERGED, CaseState.SUBMITTED]
    assert verify().faults == []


def test_a_merge_and_the_completion() -> None:
    cast = make_cast("B")
    for _ in range(ROUNDS):
        leading, case = handling(cast), handling(cast)
        answers = at_once([
            lambda a=case, b=leading: told(actions.merge_case, cast.lead, case=a.pk, leading=b.pk, reason="同一件"),
            lambda a=case: told(actions.complete_case, cast.unit_staff, case=a.pk, result="好了"),
        ])  # fmt: skip
        assert sorted(answers) == ["done", "illegal_move"]
        merged = answers[0] == "done"
        case.refresh_from_db()
        assert case.state == (CaseState.MERGED if merged else CaseState.COMPLETED)
        assert Order.objects.get(case=case).state == ("withdrawn" if merged else "done")
        running = Deadline.objects.running().filter(case=case).values_list("clock", flat=True)
        assert list(running) == ([] if merged else ["verify"])
    assert verify().faults == []


def test_taking_apart_while_the_leading_case_is_closed_and_followed() -> None:
    """Whoever comes first: the released case is open again, and nobody is answered who is no more merged."""
    cast = make_cast("B")
    for _ in range(ROUNDS):
        case, leading = report(cast), handling(cast)
        actions.merge_case(case=case.pk, leading=leading.pk, reason="同一件", by=cast.lead, at=MONDAY)
        actions.complete_case(case=leading.pk, result="好了", by=cast.unit_staff, at=MONDAY)
        actions.verify_case(case=leading.pk, by=cast.lead, at=MONDAY)
        system = User.objects.system()

        def close(leading: Case = leading, system: User = system) -> str:
            answer = told(actions.close_case, cast.street, case=leading.pk)
            actions.follow_leading(leading=leading.pk, by=system, at=MONDAY + HOUR)
            return answer

        answers = at_once([
            close, lambda a=case: told(actions.unmerge_case, cast.lead, case=a.pk, reason="两回事"),
        ])  # fmt: skip
        assert answers == ["done", "done"]
        case.refresh_from_db()
        assert (case.state, case.closed_at, case.leading_id) == (CaseState.SUBMITTED, None, None)
    assert verify().faults == []
