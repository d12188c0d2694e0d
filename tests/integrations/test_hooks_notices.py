"""What keepers are told of receivers that fail, each thing once; and what the doctor says of the courier."""

import datetime as dt

from django.utils.translation import gettext, override

from accounts.choices import Role
from accounts.models import Notice, User
from gridgov.core.doctor import Finding, State, examine
from gridgov.core.errands import COURIER_PULSE, run_next
from gridgov.core.jobs import promise_standing
from gridgov.core.models import Job
from integrations.actions.hooks import give_up_hooks, switch_hook
from integrations.choices.hooks import (
    GIVEN_UP_AFTER,
    LONGEST_REST,
    MOST_TRIES,
    NOTICE_DEAD,
    NOTICE_OFF,
    NOTICE_RESTS,
    rest_after,
)
from integrations.models import Delivery, Webhook
from tests.factories import Cast, make_client, make_user
from tests.integrations.hooking import LATER, SECOND, carry_all, happen, make_case, make_hook, states
from tests.receivers import Receiver, speaking

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def events(cast: Cast, count: int, *, at: dt.datetime = LATER) -> None:
    """One event of each of COUNT cases."""
    for _number in range(count):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street, at=at)


def told(text: str) -> list[User]:
    """Who has a line TEXT, once for each that they have."""
    return [line.user for line in Notice.objects.filter(text=text).select_related("user").order_by("user_id")]


def keepers(*more: User) -> list[User]:
    return sorted([*User.objects.filter(role=Role.SYSTEM_ADMIN, is_active=True), *more], key=lambda one: one.pk)


def said(line: Notice) -> str:
    with override("zh-hans"):
        return gettext(line.text) % line.params


def test_keepers_hear_of_dead_letters_once_a_day(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    make_user(Role.SYSTEM_ADMIN, username="left", is_active=False)
    receiver.answer = lambda got: (500, {}, b"")
    events(cast, 3)
    carry_all()
    assert Notice.objects.count() == 0
    for now in (LATER + MINUTE, LATER + 2 * MINUTE):  # twice on one day, of three each
        Delivery.objects.waiting().update(tries=MOST_TRIES - 1, next_at=now)
        carry_all(now)
        events(cast, 3, at=now)
    assert states(hook) == [("dead", MOST_TRIES)] * 6 + [("waiting", 0)] * 3
    assert told(NOTICE_DEAD) == keepers(cast.street)
    line = Notice.objects.filter(user=cast.street).get()
    assert (line.subject_type, line.subject_id) == ("integrations.webhook", hook.pk)
    assert said(line).startswith("钩子/hook")
    # The day after it is news again.
    Delivery.objects.waiting().update(tries=MOST_TRIES - 1, next_at=LATER + DAY)
    carry_all(LATER + DAY)
    assert len(told(NOTICE_DEAD)) == 2 * len(keepers(cast.street))


def test_keepers_hear_once_that_a_receiver_rests_for_long(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    longest = next(count for count in range(1, 99) if rest_after(count) == LONGEST_REST)
    Webhook.objects.update(failures=longest - 2)
    events(cast, 3)
    now = LATER
    with speaking(lambda sock: None) as url:
        Webhook.objects.update(url=url)
        for failures, lines in ((longest - 1, 0), (longest, 1), (longest + 1, 1), (longest + 2, 1)):
            carry_all(now)
            hook.refresh_from_db()
            assert hook.failures == failures
            assert told(NOTICE_RESTS) == keepers(cast.street) * lines
            assert hook.resume_at is not None
            now = hook.resume_at + SECOND
    assert {line.params["count"] for line in Notice.objects.all()} == {longest}
    assert f"连续 {longest} 次" in said(Notice.objects.all()[0])
    assert told(NOTICE_DEAD) == told(NOTICE_OFF) == []


def test_keepers_hear_once_that_a_subscription_is_switched_off(cast: Cast, receiver: Receiver) -> None:
    client, _raw = make_client(["cases:read", "hooks:manage"], grid=cast.place.street)
    make_hook(receiver, client.user, path="/system")
    hook = make_hook(receiver, cast.street)
    events(cast, 3)
    system, late = User.objects.system(), LATER + GIVEN_UP_AFTER + MINUTE
    assert len(give_up_hooks(by=system, at=late)) == 2
    assert give_up_hooks(by=system, at=late + MINUTE) == []
    # Of each its keepers: another system has no inbox.
    of_own = Notice.objects.filter(text=NOTICE_OFF, subject_id=hook.pk)
    assert {line.user for line in of_own} == set(keepers(cast.street))
    assert told(NOTICE_OFF) == sorted([*keepers(cast.street), *keepers()], key=lambda one: one.pk)
    assert {line.params["count"] for line in of_own} == {3}
    assert "3" in said(of_own[0])
    # Switched on again, and given up again: that is another time.
    switch_hook(hook=hook, on=True, by=cast.street, at=late + MINUTE)
    events(cast, 1, at=late + 2 * MINUTE)
    assert give_up_hooks(by=system, at=late + 2 * MINUTE) == []
    assert [one.pk for one in give_up_hooks(by=system, at=late + GIVEN_UP_AFTER + DAY)] == [hook.pk]
    assert of_own.all().count() == 2 * len(keepers(cast.street))


# --- the doctor ------------------------------------------------------------------------------------------------------


def finding(name: str, at: dt.datetime) -> Finding:
    return next(result.finding for result in examine(at=at) if result.check.name == name)


def test_the_doctor_knows_whether_a_courier_comes_by(cast: Cast) -> None:
    Job.objects.all().delete()
    assert finding("courier", LATER).state == State.BAD
    promise_standing()
    Job.objects.filter(kind=COURIER_PULSE).update(due_at=LATER, run_at=LATER)
    while run_next(at=LATER):
        pass
    found = [finding("courier", LATER + late) for late in (dt.timedelta(), 3 * MINUTE, 10 * MINUTE)]
    assert [one.state for one in found] == [State.OK, State.WARN, State.BAD]
    assert not found[0].advice
    assert found[1].advice and found[2].advice


def test_the_doctor_knows_how_long_what_could_go_out_waits(cast: Cast, receiver: Receiver) -> None:
    def state(late: dt.timedelta) -> State:
        return finding("deliveries", LATER + late).state

    hours = 3 * 60 * MINUTE
    assert state(hours) == State.OK  # nothing waits
    hook = make_hook(receiver, cast.street)
    events(cast, 2)
    assert [state(late) for late in (MINUTE, 10 * MINUTE, hours)] == [State.OK, State.WARN, State.BAD]
    # What a receiver is waited for, or what nobody listens to any more, is none of the courier's.
    for away in ({"resume_at": LATER + 2 * hours}, {"is_on": False}):
        Webhook.objects.update(**away)
        assert state(hours) == State.OK
        Webhook.objects.update(resume_at=None, is_on=True)
    assert state(hours) == State.BAD
    # Nor what stands behind an event of its own case that is tried again later.
    first = Delivery.objects.earliest("pk")
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.closed", by=cast.street)
    Delivery.objects.exclude(pk=first.pk).update(subject_id=first.subject_id)
    Delivery.objects.filter(pk=first.pk).update(next_at=LATER + 2 * hours)
    assert state(hours) == State.OK
    Delivery.objects.filter(pk=first.pk).update(next_at=LATER)
    carry_all(LATER + hours)
    assert {one for one, _tries in states(hook)} == {"sent"}
    assert state(hours) == State.OK
