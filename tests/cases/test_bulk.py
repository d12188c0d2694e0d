"""One verb over many cases: what the preview says is what happens, once, each case for itself."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import Role
from cases import actions
from cases.choices import MOST_AT_ONCE
from cases.models import Bulk, Case, Order
from cases.reports import foresee
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import Record
from tests.cases.desk import desk, report, walk
from tests.factories import Cast, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/case/"
DISPATCH, URGE, MERGE = (f"{LIST}bulk/{name}/" for name in ("dispatch", "urge", "merge"))


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def seen(*cases: Case) -> list[str]:
    return [f"{case.pk}:{Case.objects.get(pk=case.pk).version}" for case in cases]


def post(user: Any, url: str, step: str = "", **given: Any) -> Any:
    client = desk(user)
    client.cookies["django_language"] = "en"
    return client.post(url, {**({step: "1"} if step else {}), **given})


def run(user: Any, url: str, key: Any = None, **given: Any) -> Bulk:
    answer = post(user, url, "run", key=key or uuid.uuid4(), **given)
    assert answer.status_code == 302, answer.content.decode()
    return Bulk.objects.get(pk=answer["Location"].split("/")[-2])


def results(bulk: Bulk) -> dict[int, tuple[bool | None, str]]:
    return {line.case_id: (line.done, line.words) for line in bulk.lines.all()}


def foreseen(answer: Any) -> dict[int, tuple[bool, str]]:
    return {one.case.pk: (bool(one.verdict), one.words or one.why) for one, *_cells in answer.context["lines"]}


# --- the preview -----------------------------------------------------------------------------------------------------


def test_the_preview_says_what_will_happen_and_why_not_and_writes_nothing(cast: Cast) -> None:
    ready, sent, far = walk(cast, "accepted"), walk(cast, "dispatched"), walk(cast, "accepted")
    Case.objects.filter(pk=far.pk).update(tier="C")
    of_cases = Record.objects.filter(verb__startswith="cases.")
    records = of_cases.count()
    rows = seen(ready, sent, far)
    told = foreseen(post(cast.lead, DISPATCH, case=rows))
    assert {pk: can for pk, (can, _words) in told.items()} == {ready.pk: True, sent.pk: False, far.pk: False}
    told = foreseen(post(cast.lead, DISPATCH, "look", case=rows, to=f"unit:{cast.unit.pk}", note="请今天到场"))
    assert told == {
        ready.pk: (True, f"→ {cast.unit.name}"),
        sent.pk: (False, f"Case {sent.no} is “waiting for sign-in” now; this can't be done any more, or not yet."),
        far.pk: (False, "A case of tier C is dispatched by the street office."),
    }
    assert (of_cases.count(), Bulk.objects.count(), Order.objects.filter(case=ready).count()) == (records, 0, 0)


def test_an_addressee_that_nobody_reads_for_is_told_before(cast: Cast) -> None:
    case, empty = walk(cast, "accepted"), make_unit()
    told = foreseen(post(cast.lead, DISPATCH, "look", case=seen(case), to=f"unit:{empty.pk}"))
    assert told[case.pk] == (False, f"Nobody holds a post at “{empty.name}”; the order would reach nobody.")
    told = foreseen(post(cast.lead, DISPATCH, "look", case=seen(case), to="own:grid"))
    assert told[case.pk] == (True, f"→ {case.grid}")


def test_what_is_foreseen_is_what_the_actions_say(cast: Cast) -> None:
    """Cases in every state, each verb: done where the preview said so, refused with the same words where not."""
    now = timezone.now()
    states = ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed")
    cases = [walk(cast, state) for state in states]
    urged = walk(cast, "handling")
    actions.urge_case(case=urged, by=cast.lead, at=now)
    old = report(cast, at=now - dt.timedelta(days=9))
    for verb, given in (
        ("urge", {"note": ""}),
        ("dispatch", {"unit": cast.unit.pk, "own": "", "note": ""}),
        ("merge", {"leading": old.pk, "reason": "同一处"}),
    ):
        rows = list(Case.objects.for_bulk().filter(pk__in=[*(case.pk for case in cases), urged.pk]).order_by("pk"))
        told = foresee(verb=verb, cases=rows, by=cast.street, at=now, given=given)
        assert {bool(one.verdict) for one in told} == {True, False}
        done = actions.do_in_bulk(
            key=uuid.uuid4(),
            verb=verb,
            rows={case.pk: case.version for case in rows},
            given=given,
            by=cast.street,
            at=now,
        )
        assert results(done) == {one.case.pk: (bool(one.verdict), one.why) for one in told}, verb


def test_the_preview_is_flat(cast: Cast) -> None:
    costs, old = [], report(cast)
    for count in (1, 3):
        cases = [walk(cast, "handling") for _n in range(count)]
        for url, given in ((URGE, {}), (DISPATCH, {"to": "own:grid"}), (MERGE, {"number": old.no, "reason": "同"})):
            client = desk(cast.lead)
            client.get(LIST)
            with CaptureQueriesContext(connection) as queries:
                client.post(url, {"look": "1", "case": seen(*cases), **given})
            costs.append(len(queries) - count)  # `seen` asks once for each
    assert costs[:3] == costs[3:]


# --- the run ---------------------------------------------------------------------------------------------------------


def test_each_case_has_its_order_and_its_result(cast: Cast) -> None:
    ready, sent = walk(cast, "accepted"), walk(cast, "dispatched")
    done = run(cast.lead, DISPATCH, case=seen(ready, sent), to=f"unit:{cast.unit.pk}", note="请今天到场")
    assert results(done)[ready.pk] == (True, "")
    assert results(done)[sent.pk][0] is False
    order = Order.objects.get(case=ready)
    assert (order.unit, order.note, order.sent_by) == (cast.unit, "请今天到场", cast.lead)
    assert done.finished_at is not None
    page = desk(cast.lead).get(f"{LIST}bulk/{done.pk}/").content.decode()
    assert ready.no in page and sent.no in page
    verbs = Record.objects.filter(subject_type="cases.bulk", subject_id=done.pk).order_by("seq")
    assert [(row.verb, row.data) for row in verbs] == [
        ("cases.bulk_begun", {"verb": "dispatch", "cases": [ready.pk, sent.pk]}),
        ("cases.bulk_finished", {"done": 1, "refused": 1}),
    ]


def test_the_younger_are_merged_into_the_chosen_one(cast: Cast) -> None:
    now = timezone.now()
    old, one, two = (report(cast, at=now - dt.timedelta(hours=hours)) for hours in (5, 4, 3))
    answer = post(cast.lead, MERGE, "look", case=seen(one, two, old), pick=str(old.pk), reason="同一处纸箱")
    assert foreseen(answer) == {one.pk: (True, f"goes into {old.no}"), two.pk: (True, f"goes into {old.no}")}
    done = run(cast.lead, MERGE, case=seen(one, two, old), pick=str(old.pk), reason="同一处纸箱")
    assert results(done) == {one.pk: (True, ""), two.pk: (True, "")}
    assert list(Case.objects.filter(leading=old)) == [two, one]


def test_a_case_that_somebody_changed_meanwhile_is_left_alone_and_says_who(cast: Cast) -> None:
    one, two = walk(cast, "handling"), walk(cast, "handling")
    rows = seen(one, two)
    actions.note_progress(case=one, note="已到场", by=cast.unit_staff, at=timezone.now())
    done = run(cast.lead, URGE, case=rows, note="请抓紧")
    assert results(done)[two.pk] == (True, "")
    with override("en"):
        assert results(done)[one.pk] == (
            False, f"{cast.unit_staff} was quicker (cases.progressed); the case was left alone. Look again.",
        )  # fmt: skip
    assert not Record.objects.filter(subject_type="cases.case", subject_id=one.pk, verb="cases.urged").exists()


def test_sent_twice_it_is_done_once(cast: Cast) -> None:
    case, key = walk(cast, "accepted"), uuid.uuid4()
    given = {"case": seen(case), "to": f"unit:{cast.unit.pk}"}
    first = run(cast.lead, DISPATCH, key, **given)
    assert run(cast.lead, DISPATCH, key, **given) == first
    assert (results(first), Order.objects.filter(case=case).count()) == ({case.pk: (True, "")}, 1)


def test_what_is_filled_in_wrongly_comes_back_and_does_nothing(cast: Cast) -> None:
    case = walk(cast, "accepted")
    for url, given in ((DISPATCH, {"to": ""}), (DISPATCH, {"to": "unit:999999"}), (MERGE, {"number": "²", "reason": "x"}),
                       (MERGE, {"reason": ""}), (URGE, {"note": "长" * 501})):  # fmt: skip
        for step in ("look", "run"):
            answer = post(cast.lead, url, step, case=seen(case), key=str(uuid.uuid4()), **given)
            assert (answer.status_code, foreseen(answer).keys()) == (400, {case.pk}), (url, given)
    assert Bulk.objects.count() == 0


# --- who ------------------------------------------------------------------------------------------------------------


def test_an_outsider_chooses_nothing_and_sees_no_run(cast: Cast) -> None:
    case = walk(cast, "accepted")
    of_cases = Record.objects.filter(verb__startswith="cases.")
    records = of_cases.count()
    answer = post(cast.outsider, DISPATCH, "run", case=seen(case), to=f"unit:{cast.unit.pk}", key=str(uuid.uuid4()))
    assert (answer.status_code, foreseen(answer), Bulk.objects.count()) == (200, {}, 0)
    assert of_cases.count() == records
    done = run(cast.lead, DISPATCH, case=seen(case), to=f"unit:{cast.unit.pk}")
    for user in (cast.outsider, cast.street, cast.worker):
        assert desk(user).get(f"{LIST}bulk/{done.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["worker", "unit_staff", *(role.value for role in (Role.SYSTEM_ADMIN, Role.AUDITOR))])
def test_whoever_does_not_lead_is_not_offered_to_choose(cast: Cast, role: str) -> None:
    user = getattr(cast, role, None) or make_user(role)
    case = walk(cast, "handling")
    assert post(user, URGE, "run", case=seen(case), key=str(uuid.uuid4())).status_code == 403
    assert Bulk.objects.count() == 0
    if role in {"worker", "unit_staff"}:
        assert "gg-pick" not in desk(user).get(LIST).content.decode()
    assert "gg-pick" in desk(cast.lead).get(LIST).content.decode()


def test_somebody_elses_key_is_refused(cast: Cast) -> None:
    case, key = walk(cast, "handling"), uuid.uuid4()
    rows = {case.pk: case.version}
    actions.do_in_bulk(key=key, verb="urge", rows=rows, given={"note": ""}, by=cast.lead, at=timezone.now())
    with pytest.raises(Conflict):
        actions.do_in_bulk(key=key, verb="urge", rows=rows, given={"note": ""}, by=cast.street, at=timezone.now())
    assert Case.objects.get(pk=case.pk).urged == 1


def test_too_many_at_once_are_refused(cast: Cast) -> None:
    rows = dict.fromkeys(range(1, MOST_AT_ONCE + 2), 1)
    with pytest.raises(Invalid):
        actions.do_in_bulk(
            key=uuid.uuid4(), verb="urge", rows=rows, given={"note": ""}, by=cast.lead, at=timezone.now()
        )
    answer = post(cast.lead, URGE, case=[str(pk) for pk in rows])
    assert (answer.status_code, foreseen(answer), Bulk.objects.count()) == (200, {}, 0)


@pytest.mark.parametrize("case", ["²", "x", "1:²", "-1", "9" * 30, "1:x", ":"])
def test_what_the_pages_never_send_is_not_found(cast: Cast, case: str) -> None:
    assert post(cast.lead, URGE, case=[case]).status_code == 404


def test_addresses_that_nobody_clicks(cast: Cast) -> None:
    case = walk(cast, "handling")
    assert desk(cast.lead).get(URGE).status_code == 405
    assert post(cast.lead, f"{LIST}bulk/close/", case=seen(case)).status_code == 404
    assert post(cast.lead, URGE, "run", case=seen(case), key="x").status_code == 404
    assert post(cast.lead, URGE, "run", case=[f"{case.pk}:{10**30}"], key=str(uuid.uuid4())).status_code == 404
    assert desk(cast.lead).get(f"{LIST}bulk/{10**30}/").status_code == 404
    assert post(cast.lead, URGE, case=seen(case), back="https://elsewhere").context["back"] == "?"
