"""From the record to the receiver: what is told, signed how, in which order, and to whom it is not told."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from gridgov.core.models import Record
from gridgov.core.records import record
from grids.choices import PostKind
from integrations.actions.hooks import queueing, rotate_key
from integrations.actions.hooks.queueing import listening
from integrations.choices.hooks import EVENT_OF, EVENTS, OLD_KEY_HOLDS
from integrations.models import Delivery
from tests.factories import MONDAY, Cast, give, make_client, make_unit, make_user
from tests.integrations.hooking import (
    LATER,
    SECOND,
    carry_all,
    happen,
    ids,
    is_signed,
    make_case,
    make_hook,
    pairs,
    states,
)
from tests.receivers import Receiver


def test_an_event_arrives_signed_and_says_nothing_about_anybody(cast: Cast, receiver: Receiver, settings: Any) -> None:
    settings.PUBLIC_ORIGIN = "https://grid.example"
    hook = make_hook(receiver, cast.street)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.accepted", by=cast.street)
    assert carry_all() == 1
    [got] = receiver.got
    row = Record.objects.get(verb="cases.accepted")
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/hook", "application/json; charset=utf-8")
    assert json.loads(got.body) == {
        "id": f"evt_{row.pk}",
        "kind": "case.accepted",
        "time": "2026-09-07T09:00:10+08:00",
        "subject": {"type": "case", "id": case.pk, "number": case.no, "state": "submitted"},
        "links": {"self": f"https://grid.example/api/v1/cases/{case.pk}/"},
    }
    assert got.headers["x-gridgov-event"] == f"evt_{row.pk}"
    assert is_signed(got, hook.secret())
    assert abs(pairs(got.headers["x-gridgov-signature"])[0] - LATER.timestamp()) <= 2
    for word in ("张三", "李四", "1380013", "路灯", cast.street.username):
        assert word not in got.body.decode()
    assert states(hook) == [("sent", 0)]
    [line] = Delivery.objects.get().log.all()
    assert (line.status, line.answer, line.fault) == (200, "", "")


def test_a_verb_that_fails_tells_nothing(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.street)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("cases.accepted", case, by=cast.street, at=LATER)
        assert Delivery.objects.count() == 1
        raise ZeroDivisionError
    assert Delivery.objects.count() == 0
    assert carry_all() == 0


def test_a_verb_pays_one_query_where_somebody_listens_and_none_where_nobody_does(
    cast: Cast, receiver: Receiver
) -> None:
    case = make_case(cast.place.micros[0], cast.category, cast.worker)

    def queries(verb: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            happen(case, verb, by=cast.street)
        return len(found)

    listening()
    nobody = queries("cases.accepted")
    make_hook(receiver, cast.street)
    make_hook(receiver, cast.street, path="/other")
    listening()
    assert queries("cases.printed") == nobody
    assert queries("cases.rated") == nobody
    assert queries("cases.accepted") == nobody + 1
    assert Delivery.objects.count() == 2


def test_what_is_not_public_is_told_to_nobody(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.street, *EVENTS)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.revealed", "cases.phone_searched", "cases.photo_added", "accounts.opened", by=cast.street)
    assert Delivery.objects.count() == 0


def test_the_public_names_stand_for_verbs_that_there_are() -> None:
    from gridgov.words import VERBS

    assert set(EVENT_OF) <= set(VERBS)
    assert all(name.partition(".")[0] in {"case", "grid"} for name in EVENTS)
    assert len(EVENT_OF) == sum(len(event.verbs) for event in EVENTS.values())


def test_only_events_that_were_asked_for_and_only_since_it_is_on(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.street, "case.closed")
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.accepted", by=cast.street)
    happen(case, "cases.closed", by=cast.street, at=LATER - SECOND)
    happen(case, "cases.closed", by=cast.street)
    carry_all()
    assert [json.loads(got.body)["kind"] for got in receiver.got] == ["case.closed"]


def test_grids_are_told_of_too(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.total_lead, "grid.changed", "grid.retired")
    above, below, elsewhere = cast.place.street, cast.place.micros[0], cast.outsider.posts.get().grid
    with transaction.atomic():
        for grid in (above, below, elsewhere):
            record("grids.changed", grid, by=cast.street, at=LATER)
    carry_all()
    assert [json.loads(got.body)["subject"] for got in receiver.got] == [
        {"type": "grid", "id": below.pk, "number": below.code, "state": "in_force"}
    ]


def test_two_owners_with_different_ground_see_disjoint_worlds(cast: Cast, receiver: Receiver) -> None:
    mine = make_hook(receiver, cast.street, path="/mine")
    theirs = make_hook(receiver, cast.outsider, path="/theirs")
    away = cast.outsider.posts.get().grid
    here = make_case(cast.place.micros[0], cast.category, cast.worker)
    there = make_case(away, cast.category, cast.outsider)
    for case in (here, there):
        happen(case, "cases.reported", "cases.accepted", by=cast.street)
    carry_all()
    told = {
        path: {json.loads(g.body)["subject"]["id"] for g in receiver.got if g.path == path}
        for path in ("/mine", "/theirs")
    }
    assert told == {"/mine": {here.pk}, "/theirs": {there.pk}}
    assert (states(mine), states(theirs)) == ([("sent", 0)] * 2, [("sent", 0)] * 2)


def test_two_connected_systems_with_different_ground_see_disjoint_worlds(cast: Cast, receiver: Receiver) -> None:
    away = cast.outsider.posts.get().grid
    mine, _key = make_client(["hooks:manage"], grid=cast.place.street)
    theirs, _key = make_client(["hooks:manage"], grid=away)
    make_hook(receiver, mine.user, path="/mine")
    kept = make_hook(receiver, theirs.user, path="/theirs")
    here, there = (
        make_case(cast.place.micros[0], cast.category, cast.worker),
        make_case(away, cast.category, cast.outsider),
    )
    for case in (here, there):
        happen(case, "cases.accepted", by=cast.street)
    carry_all()
    assert sorted((got.path, json.loads(got.body)["subject"]["id"]) for got in receiver.got) == [
        ("/mine", here.pk), ("/theirs", there.pk),
    ]  # fmt: skip
    type(theirs).objects.filter(pk=theirs.pk).update(is_active=False)
    happen(there, "cases.closed", by=cast.street)
    carry_all()
    assert len(receiver.got) == 2
    assert states(kept) == [("sent", 0), ("withheld", 0)]


def test_a_subtree_and_a_unit_are_limits(cast: Cast, receiver: Receiver) -> None:
    unit = make_unit()
    make_hook(receiver, cast.street, path="/grid", grid=cast.place.micros[1])
    of_unit = make_hook(receiver, cast.street, path="/unit", unit=unit)
    cases = [make_case(grid, cast.category, cast.worker) for grid in cast.place.micros]
    for case in cases:
        happen(case, "cases.accepted", by=cast.street)
    carry_all()
    assert [(got.path, json.loads(got.body)["subject"]["id"]) for got in receiver.got] == [("/grid", cases[1].pk)]
    assert states(of_unit) == [("withheld", 0)] * 2


def test_what_the_owner_does_not_see_any_more_is_withheld(cast: Cast, receiver: Receiver) -> None:
    """Scope is asked when it is sent, not when it happened."""
    hook = make_hook(receiver, cast.lead)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.reported", by=cast.street)
    cast.lead.posts.update(valid_to=dt.date(2021, 1, 1))
    carry_all()
    give(cast.lead, PostKind.GRID_LEAD, cast.place.comprehensives[0])
    happen(case, "cases.accepted", by=cast.street)
    type(cast.lead).objects.filter(pk=cast.lead.pk).update(is_active=False)
    carry_all()
    assert receiver.got == []
    assert states(hook) == [("withheld", 0)] * 2
    assert not Delivery.objects.filter(log__isnull=False).exists()


def test_events_of_a_case_arrive_in_their_order_even_if_one_has_to_wait(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    first = make_case(cast.place.micros[0], cast.category, cast.worker)
    other = make_case(cast.place.micros[0], cast.category, cast.worker)
    bad = [True]
    receiver.answer = lambda got: (500 if bad and first.no in got.body.decode() else 200, {}, b"")
    for verb in ("cases.reported", "cases.accepted", "cases.closed"):
        happen(first, verb, by=cast.street)
        happen(other, verb, by=cast.street)
    carry_all()
    subjects = [json.loads(got.body)["subject"]["id"] for got in receiver.got]
    assert subjects.count(first.pk) == 1
    assert subjects.count(other.pk) == 3
    assert sorted(states(hook)) == [("sent", 0)] * 3 + [("waiting", 0)] * 2 + [("waiting", 1)]
    bad.clear()
    receiver.got.clear()
    assert carry_all(LATER + 5 * SECOND) == 0
    carry_all(LATER + 60 * SECOND)
    assert [json.loads(got.body)["kind"] for got in receiver.got] == ["case.reported", "case.accepted", "case.closed"]
    assert len(set(ids(receiver))) == 3


def test_two_keys_sign_while_one_takes_the_other_s_place(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    old = hook.secret()
    hook = rotate_key(hook=hook, by=cast.street, at=LATER)
    assert hook.secret() != old
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.accepted", by=cast.street)
    carry_all()
    assert is_signed(receiver.got[0], old, 1)
    assert is_signed(receiver.got[0], hook.secret(), 2)
    happen(case, "cases.closed", by=cast.street, at=LATER + OLD_KEY_HOLDS)
    carry_all(LATER + OLD_KEY_HOLDS)
    assert list(pairs(receiver.got[1].headers["x-gridgov-signature"])[1]) == [2]


def test_an_outsider_s_webhook_hears_nothing_whatever_it_asks_for(cast: Cast, receiver: Receiver) -> None:
    nobody = make_user(Role.WORKER)
    make_hook(receiver, nobody, *EVENTS)
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    carry_all()
    assert receiver.got == []


def test_a_process_looks_again_only_now_and_then(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.street)
    with CaptureQueriesContext(connection) as found:
        assert len(listening()) == 1
        assert len(listening()) == 1
    assert len(found) == 1
    queueing.forget_hooks()
    assert listening()[0].starts_at > MONDAY
