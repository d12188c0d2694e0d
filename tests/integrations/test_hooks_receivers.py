"""Receivers as they are: they fail, hang, hang up, answer slowly, lead elsewhere, and talk too much."""

import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden
from gridgov.core.models import Record
from integrations.actions.hooks import carrying, give_up_hooks, replay_all, replay_delivery, switch_hook, tidy_hooks
from integrations.choices.hooks import (
    ANSWER_KEPT,
    AT_ONCE,
    BATCH,
    FIRST_REST,
    JITTER,
    KEPT,
    LEASE,
    LONGEST_REST,
    MOST_TRIES,
    PAUSES,
    SLOW_AT_ONCE,
    jittered,
    rest_after,
)
from integrations.jobs import hooks as jobs
from integrations.jobs.hooks import claim_deliveries
from integrations.models import Delivery, Try, Webhook
from tests.factories import Cast
from tests.integrations.hooking import LATER, SECOND, carry_all, happen, ids, make_case, make_hook, states
from tests.receivers import Receiver, receiving, speaking

DAY = dt.timedelta(days=1)


def one_event(cast: Cast, receiver: Receiver, **limits: Any) -> Webhook:
    hook = make_hook(receiver, cast.street, **limits)
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    return hook


def due(hook: Webhook) -> dt.datetime:
    """When the next of HOOK's deliveries may go out, its rest included."""
    hook.refresh_from_db()
    return max(Delivery.objects.waiting().filter(webhook=hook).earliest("next_at").next_at, hook.resume_at or LATER)


def test_the_pauses_fill_a_day_and_spread(cast: Cast) -> None:
    assert MOST_TRIES >= 8
    assert dt.timedelta(hours=23) < sum(PAUSES, dt.timedelta()) < dt.timedelta(hours=25)
    spread = {jittered(DAY, str(seed)) for seed in range(200)}
    assert len(spread) == 200
    assert DAY * (1 - JITTER) <= min(spread) < DAY * 0.85 < DAY * 1.15 < max(spread) <= DAY * (1 + JITTER)
    assert [rest_after(failures) for failures in (1, 2, 3, 99)] == [
        FIRST_REST,
        FIRST_REST * 2,
        FIRST_REST * 4,
        LONGEST_REST,
    ]


def test_500_is_tried_for_a_day_and_then_a_dead_letter_that_can_be_sent_again(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    receiver.answer = lambda got: (500, {}, "内部错误".encode() + b"\x00\xff" + b"x" * 900)
    now, moments = LATER, []
    for _try in range(MOST_TRIES):
        assert carry_all(now) == 1
        moments.append(now)
        if Delivery.objects.get().state == "waiting":
            assert carry_all(due(hook) - 2 * SECOND) == 0
            now = due(hook)
    assert states(hook) == [("dead", MOST_TRIES)]
    assert dt.timedelta(hours=18) < moments[-1] - moments[0] < dt.timedelta(hours=30)
    assert len(set(ids(receiver))) == 1
    assert len(receiver.got) == MOST_TRIES
    lines = list(Try.objects.order_by("pk"))
    assert [line.status for line in lines] == [500] * MOST_TRIES
    assert lines[0].answer.startswith("内部错误··xxx")
    assert len(lines[0].answer) == ANSWER_KEPT
    assert carry_all(now + DAY) == 0

    receiver.answer = lambda got: (204, {}, b"")
    body = receiver.got[0].body
    with pytest.raises(Forbidden):
        replay_delivery(delivery=Delivery.objects.get(), by=cast.outsider, at=now)
    assert states(hook) == [("dead", MOST_TRIES)]
    replay_delivery(delivery=Delivery.objects.get(), by=cast.street, at=now)
    carry_all(now)
    assert states(hook) == [("sent", 0)]
    assert receiver.got[-1].body == body
    with pytest.raises(Conflict):
        replay_delivery(delivery=Delivery.objects.get(), by=cast.street, at=now)
    assert Record.objects.filter(verb="integrations.deliveries_replayed").count() == 1


def test_a_dead_letter_does_not_hold_up_its_case(cast: Cast, receiver: Receiver) -> None:
    """The rule of docs/webhooks.md: it is skipped, and replayed it comes late, with the lower id."""
    hook = make_hook(receiver, cast.street)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    happen(case, "cases.reported", "cases.accepted", by=cast.street)
    Delivery.objects.filter(event="case.reported").update(tries=MOST_TRIES - 1)
    receiver.answer = lambda got: (500 if b"case.reported" in got.body else 200, {}, b"")
    carry_all()
    assert states(hook) == [("dead", MOST_TRIES), ("sent", 0)]
    receiver.answer = lambda got: (200, {}, b"")
    assert replay_all(hook=hook, by=cast.street, at=LATER) == 1
    carry_all()
    kinds = [json.loads(got.body)["kind"] for got in receiver.got]
    assert kinds == ["case.reported", "case.accepted", "case.reported"]


def _hang(sock: Any) -> None:
    sock.settimeout(5)
    sock.recv(1)


BAD: dict[str, Callable[[Any], None]] = {
    "hangs": _hang,
    "closes": lambda sock: None,
    "half": lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"),
}


@pytest.mark.parametrize("how", BAD)
def test_who_is_not_reached_is_left_alone_and_nothing_is_lost(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(carrying, "SEND_SECONDS", 0.2)
    hook = make_hook(receiver, cast.street)
    for _number in range(3):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    with speaking(BAD[how]) as url:
        Webhook.objects.update(url=url)
        assert carry_all() == 1
    # One was tried, the others were given back untouched, and the whole receiver rests.
    assert sorted(states(hook)) == [("waiting", 0), ("waiting", 0), ("waiting", 1)]
    [line] = Try.objects.all()
    assert (line.status, bool(line.fault)) == (None, True)
    hook.refresh_from_db()
    assert hook.failures == 1
    assert abs(hook.resume_at - LATER - FIRST_REST) < 2 * SECOND
    Webhook.objects.update(url=receiver.url)
    carry_all(LATER + 60 * SECOND)
    assert states(hook) == [("sent", 0), ("sent", 0), ("sent", 0)] or sorted(states(hook))[-1] == ("sent", 1)
    assert len(set(ids(receiver))) == 3
    hook.refresh_from_db()
    assert (hook.failures, hook.resume_at) == (0, None)


def test_a_redirect_into_a_private_network_is_followed_by_nobody(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    receiver.answer = lambda got: (307, {"Location": "http://169.254.169.254/latest/meta-data/"}, b"")
    carry_all()
    assert states(hook) == [("waiting", 1)]
    assert [line.status for line in Try.objects.all()] == [307]
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_even_where_one_could(cast: Cast, receiver: Receiver, status: int) -> None:
    hook = one_event(cast, receiver)
    with receiving() as elsewhere:
        receiver.answer = lambda got: (status, {"Location": elsewhere.url}, b"")
        carry_all()
    assert (elsewhere.got, len(receiver.got)) == ([], 1)
    assert states(hook) == [("waiting", 1)]


def test_a_target_that_leads_inwards_by_now_gets_nothing(cast: Cast, receiver: Receiver, settings: Any) -> None:
    hook = one_event(cast, receiver)
    settings.OUTGOING_ALLOWED = ()
    carry_all()
    assert receiver.got == []
    assert states(hook) == [("waiting", 1)]
    assert Try.objects.get().status is None


def test_a_huge_answer_is_cut(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    receiver.answer = lambda got: (200, {}, b"y" * 3_000_000)
    carry_all()
    assert states(hook) == [("sent", 0)]
    assert Try.objects.get().answer == "y" * ANSWER_KEPT


def test_whoever_is_overloaded_says_for_how_long(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    receiver.answer = lambda got: (503, {"Retry-After": "300"}, b"")
    carry_all()
    hook.refresh_from_db()
    assert abs((hook.resume_at - LATER).total_seconds() - 300) < 300 * JITTER + 2


def test_a_slow_receiver_gets_one_carrier_and_all_slow_ones_their_share(cast: Cast, receiver: Receiver) -> None:
    """Quick ones find couriers however many slow ones there are."""
    hooks = [make_hook(receiver, cast.street, path=f"/{number}") for number in range(SLOW_AT_ONCE + 2)]
    quick = make_hook(receiver, cast.street, path="/quick")
    for number, hook in enumerate(hooks):
        Webhook.objects.filter(pk=hook.pk).update(pace=5, host=f"slow{number}.example")
    for _number in range(60):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    held = [work for work in (claim_deliveries(LATER) for _turn in range(20)) if work]
    leased = Delivery.objects.under_way(LATER)
    assert leased.filter(webhook__pace__gt=1).values("lease").distinct().count() == SLOW_AT_ONCE
    assert leased.filter(webhook__pace__gt=1).values("webhook").distinct().count() == SLOW_AT_ONCE
    assert leased.filter(webhook=quick).values("lease").distinct().count() == 3
    assert len(held) == SLOW_AT_ONCE + 3


def test_who_answers_slowly_is_found_out_and_gets_all_it_is_owed(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLOW", 0.05)
    hook = one_event(cast, receiver)
    receiver.answer = lambda got: (threading.Event().wait(0.1), (200, {}, b""))[1]
    carry_all()
    hook.refresh_from_db()
    assert hook.pace >= 0.1
    assert (states(hook), hook.resume_at) == ([("sent", 0)], None)
    for _number in range(BATCH + 5):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    [work] = [work for work in (claim_deliveries(LATER) for _turn in range(3)) if work]
    # As soon as it is quick again there may be several.
    receiver.answer = lambda got: (200, {}, b"")
    work()
    for _number in range(BATCH):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    assert len([work for work in (claim_deliveries(LATER) for _turn in range(4)) if work]) == 2
    assert len(receiver.got) == 1 + BATCH


def test_no_more_than_a_few_carriers_go_to_one_host(cast: Cast, receiver: Receiver) -> None:
    make_hook(receiver, cast.street, path="/a")
    make_hook(receiver, cast.street, path="/b")
    for _number in range(110):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    assert len([work for work in (claim_deliveries(LATER) for _turn in range(20)) if work]) == AT_ONCE
    # Their leases over, others may take up what they had.
    assert claim_deliveries(LATER + LEASE) is not None


def test_nothing_waits_for_a_receiver_while_a_row_is_held(cast: Cast, receiver: Receiver) -> None:
    """A verb on the same case goes on while its event hangs at a receiver. (The test's own transaction holds the rest.)"""
    hook = one_event(cast, receiver)
    reached, go_on = threading.Event(), threading.Event()

    def answer(got: Any) -> Any:
        reached.set()
        go_on.wait(5)
        return 200, {}, b""

    receiver.answer = answer
    work = claim_deliveries(LATER)
    assert work is not None
    released = threading.Timer(0.1, go_on.set)
    released.start()
    work()
    assert reached.is_set()
    assert states(hook) == [("sent", 0)]


def test_a_carrier_that_lost_its_lease_marks_nothing(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    slept = claim_deliveries(LATER)
    taken = claim_deliveries(LATER + LEASE)
    assert slept is not None
    assert taken is not None
    receiver.answer = lambda got: (500, {}, b"")
    slept()
    assert states(hook) == [("waiting", 0)]
    receiver.answer = lambda got: (200, {}, b"")
    taken()
    assert states(hook) == [("sent", 0)]
    assert len(set(ids(receiver))) == 1


def test_whoever_never_answers_is_given_up_and_its_letters_are_kept(cast: Cast, receiver: Receiver) -> None:
    hook = one_event(cast, receiver)
    system = User.objects.system()
    assert give_up_hooks(by=system, at=LATER + 2 * DAY) == []
    assert give_up_hooks(by=system, at=LATER + 4 * DAY) == [hook]
    hook.refresh_from_db()
    assert (hook.is_on, bool(hook.off_because)) == (False, True)
    assert states(hook) == [("dead", 0)]
    assert Record.objects.filter(verb="integrations.hook_given_up").count() == 1
    switch_hook(hook=hook, on=True, by=cast.street, at=LATER + 5 * DAY)
    assert replay_all(hook=hook, by=cast.street, at=LATER + 5 * DAY) == 1
    carry_all(LATER + 5 * DAY)
    assert len(receiver.got) == 1


def test_logs_are_kept_for_thirty_days(cast: Cast, receiver: Receiver) -> None:
    one_event(cast, receiver)
    carry_all()
    assert tidy_hooks(at=LATER + KEPT) == 0
    assert tidy_hooks(at=LATER + KEPT + DAY) == 2
    assert (Delivery.objects.count(), Try.objects.count()) == (0, 0)
