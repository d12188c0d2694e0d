"""Every verb page: who sees its button, what it does, whom it refuses, and that a refusal leaves all as it was."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from cases import actions
from cases.choices import MOVES
from cases.forms.verbs import NEXT, VERBS
from cases.models import Case, Deadline, LedgerEntry, Order
from gridgov.core.errors import Invalid
from gridgov.core.models import Record
from tests.cases.desk import desk, page_of, report, verb_of, walk
from tests.factories import Cast, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
RETURN = {"reason": "属物业职责", "whose": "物业公司", "contact": "王经理", "basis": "物业合同"}
# Verb, the state it starts from, who does it, what is filled in, the state it leads to.
WAY: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("accept", "submitted", "lead", {"category": "0602", "tier": "B", "urgency": "urgent", "grid": "990101001001001001"}, "accepted"),
    ("reject", "submitted", "lead", {"reason": "duplicate", "note": "已有同一案件"}, "rejected"),
    ("dispatch", "accepted", "lead", {"to": "unit", "note": "请今天到场"}, "dispatched"),
    ("sign-in", "dispatched", "unit_staff", {}, "handling"),
    ("progress", "handling", "unit_staff", {"note": "已到现场"}, "handling"),
    ("complete", "handling", "unit_staff", {"result": "已清理", "outcome": "solved"}, "completed"),
    # An application changes nothing by itself.
    ("return", "dispatched", "unit_staff", RETURN, "dispatched"),
    ("raise", "dispatched", "worker", {"tier": "C", "reason": "需要街道协调"}, "accepted"),
    ("reassign", "dispatched", "lead", {"to": "grid", "reason": "由网格先处理"}, "dispatched"),
    ("verify", "completed", "lead", {"note": "现场看过"}, "verified"),
    ("rework", "completed", "lead", {"reason": "还有两箱没搬"}, "handling"),
    ("close", "verified", "lead", {"note": ""}, "closed"),
    ("rate", "closed", "street", {"score": "4", "solved": "yes", "text": "很快"}, "closed"),
    ("reopen", "closed", "total_lead", {"reason": "又堆上了"}, "accepted"),
]  # fmt: skip
# Who may never do it, though the case is in sight.
NOT_THEIRS = {
    "accept": ["worker"], "reject": ["worker"], "dispatch": ["worker", "unit_staff"], "sign-in": ["lead", "worker", "street"],
    "progress": ["lead", "street"], "complete": ["lead", "street", "worker"], "return": ["lead", "street"],
    "raise": ["unit_staff"], "reassign": ["worker", "unit_staff"], "verify": ["unit_staff", "worker"],
    "rework": ["unit_staff", "worker"], "close": ["unit_staff", "worker"], "rate": ["unit_staff", "worker"],
    "reopen": ["unit_staff", "worker"],
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def snapshot(case: Case) -> list[Any]:
    return [
        Case.objects.filter(pk=case.pk).values().get(),
        list(Order.objects.filter(case=case).values()),
        list(Deadline.objects.filter(case=case).values()),
        LedgerEntry.objects.count(),
        Record.objects.exclude(verb="accounts.signed_in").count(),
    ]


def filled(cast: Cast, given: dict[str, Any]) -> dict[str, Any]:
    to = {"unit": f"unit:{cast.unit.pk}", "grid": f"grid:{cast.place.micros[0].code}"}
    return {name: to.get(value, value) if name == "to" else value for name, value in given.items()}


def bring_into_sight(cast: Cast, case: Case) -> None:
    """An order of long ago lets the unit see a case that it has not now."""
    if not Order.objects.filter(case=case).exists():
        Order.objects.create(case=case, unit=cast.unit, state="withdrawn", sent_by=cast.street, sent_at=timezone.now())


@pytest.mark.parametrize(("verb", "start", "who", "given", "end"), WAY)
def test_a_verb_does_what_its_button_says(
    cast: Cast, verb: str, start: str, who: str, given: dict[str, Any], end: str
) -> None:
    case, client = walk(cast, start), desk(getattr(cast, who))
    page = client.get(page_of(case)).content.decode()
    assert verb_of(case, verb) in page
    assert client.get(verb_of(case, verb)).status_code == 200
    answer = client.post(verb_of(case, verb), filled(cast, given))
    assert (answer.status_code, answer["Location"]) == (302, page_of(case))
    case.refresh_from_db()
    assert case.state == end
    # What the ladder adds to a reopening is signed by the system.
    assert (
        Record.objects.exclude(verb__in=["accounts.signed_in", "cases.carded"]).latest("pk").actor_id
        == getattr(cast, who).pk
    )


@pytest.mark.parametrize(("verb", "start", "who", "given", "end"), WAY)
def test_wrong_hands_are_refused_and_nothing_changes(
    cast: Cast, verb: str, start: str, who: str, given: dict[str, Any], end: str
) -> None:
    case = walk(cast, start)
    bring_into_sight(cast, case)
    before = snapshot(case)
    for name in NOT_THEIRS[verb]:
        client = desk(getattr(cast, name))
        assert client.get(page_of(case)).status_code == 200, name
        assert verb_of(case, verb) not in client.get(page_of(case)).content.decode(), name
        assert client.get(verb_of(case, verb)).status_code == 403, name
        assert client.post(verb_of(case, verb), filled(cast, given)).status_code == 403, name
    outsider = desk(cast.outsider)
    assert outsider.get(verb_of(case, verb)).status_code == 404
    assert outsider.post(verb_of(case, verb), filled(cast, given)).status_code == 404
    assert snapshot(case) == before


@pytest.mark.parametrize(("verb", "start", "who", "given", "end"), WAY)
def test_whoever_comes_too_late_is_told_and_nothing_changes(
    cast: Cast, verb: str, start: str, who: str, given: dict[str, Any], end: str
) -> None:
    move = verb.replace("-", "_")
    elsewhere = next(state for state in ("closed", "accepted") if state not in MOVES[move][0])
    case, client = walk(cast, elsewhere), desk(getattr(cast, who))
    bring_into_sight(cast, case)
    before = snapshot(case)
    assert verb_of(case, verb) not in client.get(page_of(case)).content.decode()
    late = client.get(verb_of(case, verb), follow=True)
    assert late.redirect_chain == [(page_of(case), 302)]
    assert case.no in str(next(iter(late.context["messages"])))
    assert client.post(verb_of(case, verb), filled(cast, given)).status_code == 409
    assert snapshot(case) == before


def test_of_two_at_once_the_second_gets_the_conflict_and_keeps_what_was_typed(cast: Cast) -> None:
    case = walk(cast, "accepted")
    first, second = desk(cast.lead), desk(cast.total_lead)
    assert second.get(verb_of(case, "dispatch")).status_code == 200
    given = {"to": f"unit:{cast.unit.pk}", "note": "我先看到的"}
    assert first.post(verb_of(case, "dispatch"), given).status_code == 302
    answer = second.post(verb_of(case, "dispatch"), given)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'role="alert"' in page and case.no in page and "我先看到的" in page
    assert Order.objects.filter(case=case).count() == 1


def test_a_refusal_of_the_action_comes_back_in_the_form(cast: Cast) -> None:
    case, empty = walk(cast, "accepted"), make_unit("无人单位")
    before = snapshot(case)
    answer = desk(cast.lead).post(verb_of(case, "dispatch"), {"to": f"unit:{empty.pk}", "note": "试试"})
    assert answer.status_code == 409
    assert "无人单位" in answer.context["form"].non_field_errors()[0]
    assert answer.context["form"]["note"].value() == "试试"
    assert snapshot(case) == before


def test_a_form_without_what_it_needs_changes_nothing(cast: Cast) -> None:
    case = walk(cast, "handling")
    before = snapshot(case)
    answer = desk(cast.unit_staff).post(verb_of(case, "complete"), {"result": "  ", "outcome": "solved"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["result"])
    assert snapshot(case) == before


def test_nobody_verifies_the_own_work_not_even_a_lead(cast: Cast) -> None:
    case = walk(cast, "completed")
    Order.objects.filter(case=case).update(handler=cast.lead)
    before = snapshot(case)
    assert verb_of(case, "verify") not in desk(cast.lead).get(page_of(case)).content.decode()
    assert desk(cast.lead).post(verb_of(case, "verify"), {}).status_code == 403
    assert snapshot(case) == before


def test_a_case_is_returned_once_only(cast: Cast) -> None:
    case = walk(cast, "dispatched")
    assert desk(cast.unit_staff).post(verb_of(case, "return"), RETURN).status_code == 302
    actions.decide(application=case.applications.get(), approve=True, by=cast.lead, at=timezone.now())
    again = {"to": f"unit:{cast.unit.pk}"}
    assert desk(cast.lead).post(verb_of(case, "dispatch"), again).status_code == 302
    page = desk(cast.unit_staff).get(page_of(case)).content.decode()
    assert verb_of(case, "return") not in page and verb_of(case, "sign-in") in page
    assert desk(cast.unit_staff).post(verb_of(case, "return"), RETURN).status_code == 409


@pytest.mark.parametrize("state", list(NEXT))
def test_the_next_step_is_the_big_button_of_whoever_may_do_it(cast: Cast, state: str) -> None:
    case = walk(cast, state)
    who = cast.unit_staff if state in {"dispatched", "handling"} else cast.lead
    buttons = desk(who).get(page_of(case)).context["buttons"]
    assert [button.verb.name for button in buttons if button.primary] == [NEXT[state]]  # type: ignore[index]
    assert buttons[0].primary


SIMPLE = (
    "accept", "reject", "dispatch", "reassign", "sign_in", "progress", "return", "raise", "complete", "verify", "rework",
    "close", "reopen", "rate",
)  # fmt: skip


def test_every_move_of_the_table_has_its_verb() -> None:
    names = {verb.name.replace("-", "_") for verb in VERBS}
    # Some moves have pages of their own (applications, merges) and no button on the case.
    assert names >= set(SIMPLE) | {"photo", "reveal"}


def test_in_a_dialog_the_form_comes_alone_and_success_says_where_to_go(cast: Cast) -> None:
    case, client = walk(cast, "accepted"), desk(cast.lead)
    headers = {"X-Fragment": "1"}
    form = client.get(verb_of(case, "dispatch"), headers=headers)
    assert (form.status_code, form["X-Fragment"]) == (200, "form")
    assert "<html" not in form.content.decode()
    wrong = client.post(verb_of(case, "dispatch"), {"to": ""}, headers=headers)
    assert (wrong.status_code, wrong["X-Fragment"]) == (400, "form")
    right = client.post(verb_of(case, "dispatch"), {"to": f"unit:{cast.unit.pk}"}, headers=headers)
    assert (right.status_code, right["X-Go"], right.content) == (204, page_of(case), b"")
    late = client.get(verb_of(case, "dispatch"), headers=headers)
    assert (late.status_code, late["X-Fragment"]) == (409, "form")
    assert case.no in late.content.decode()


def test_there_is_no_verb_without_a_name_and_none_for_the_admin_hands(cast: Cast) -> None:
    case = report(cast)
    assert desk(cast.street).get(verb_of(case, "delete-it")).status_code == 404
    assert desk(make_user(Role.AUDITOR)).get(verb_of(case, "accept")).status_code == 403


def test_the_order_in_a_dispatch_form_goes_to_the_usual_unit(cast: Cast) -> None:
    usual = make_unit("综合执法队", aliases=["街道综合行政执法队"])
    cast.category.lead_unit = "街道综合行政执法队"
    cast.category.save()
    # Every community has one that goes by this name; another street's is never meant, nor offered.
    far = make_unit("甲执法队", aliases=["街道综合行政执法队"], area_prefix="990101999")
    case = walk(cast, "accepted")
    form = desk(cast.lead).get(verb_of(case, "dispatch")).context["form"]
    assert form["to"].initial == f"unit:{usual.pk}" and far.name not in str(form["to"])
    with pytest.raises(Invalid):
        actions.dispatch_case(case=case.pk, unit=far.pk, by=cast.lead, at=timezone.now())
    nearer = make_unit("乙执法队", aliases=["街道综合行政执法队"], area_prefix=cast.place.totals[0].code[:12])
    assert desk(cast.lead).get(verb_of(case, "dispatch")).context["form"]["to"].initial == f"unit:{nearer.pk}"
    make_unit("丙执法队", aliases=["街道综合行政执法队"], area_prefix=nearer.area_prefix)
    assert desk(cast.lead).get(verb_of(case, "dispatch")).context["form"]["to"].initial == ""  # a person chooses
    own = [code for code, _name in form.fields["to"].choices[1][1]]
    assert own == [
        f"grid:{grid.code}" for grid in (cast.place.micros[0], cast.place.comprehensives[0], cast.place.totals[0])
    ]


def test_the_clock_in_a_list_of_moments_is_not_touched_by_looking(cast: Cast) -> None:
    case = walk(cast, "handling", at=timezone.now() - dt.timedelta(days=5))
    before = snapshot(case)
    for user in (cast.street, cast.lead, cast.unit_staff):
        for verb in VERBS:
            desk(user).get(verb_of(case, verb.name))
        desk(user).get(page_of(case))
    assert snapshot(case) == before
