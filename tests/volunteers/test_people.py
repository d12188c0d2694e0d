"""Enrolling, reviewing, resting, leaving: who may, and what cannot be."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast, make_client, make_street, make_user
from tests.volunteers.people import make_volunteer
from volunteers import actions
from volunteers.actions import Offer, Person
from volunteers.choices.people import CONSENT
from volunteers.models import Balance, Member, Squad, Volunteer

pytestmark = pytest.mark.django_db
LI = Person("李志愿", "+86 139-0000-0001", dt.date(1990, 5, 1))
CHILD = Person("小明明", "13900000002", dt.date(2012, 5, 1), "李妈妈", "13900000003", guardian_agreed=True)
PASSWORD = "peach-lane-blossom-7"


def enrol(cast: Cast, person: Person = LI, offer: Offer | None = None, **given: Any) -> Volunteer:
    offer = offer or Offer("桃子", skills=("repair", "care"), times=("1m", "6e"), serves=tuple(cast.place.micros))
    values = {
        "grid": cast.place.micros[0],
        "consent": CONSENT,
        "password": PASSWORD,
        "by": User.objects.door(),
        **given,
    }
    return actions.apply_as_volunteer(person=person, offer=offer, **values, at=MONDAY)


def test_who_enrols_at_the_door_signs_in_after_the_review(cast: Cast) -> None:
    row = enrol(cast)
    account = row.user
    assert account is not None
    assert (row.no, row.state, row.phone, row.skills, row.times) == (
        f"V26{row.pk:06}", "applied", "13900000001", ["care", "repair"], ["1m", "6e"]
    )  # fmt: skip
    assert (account.username, account.full_name, account.role, account.is_active) == (
        row.no,
        "桃子",
        "volunteer",
        False,
    )
    assert account.check_password(PASSWORD)
    assert not Balance.objects.exists()

    row = actions.review_volunteer(volunteer=row, accepted=True, by=cast.lead, at=MONDAY)
    account.refresh_from_db()
    assert (row.state, row.reviewed_by, account.is_active) == ("active", cast.lead, True)
    assert (row.balance.minutes, row.balance.points) == (0, 0)
    assert str(Notice.objects.get(user=account)) == f"欢迎您，您的志愿者编号是 {row.no}。"
    verbs = list(Record.objects.filter(verb__startswith="volunteers.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["volunteers.applied", "volunteers.reviewed"]
    assert not Record.objects.filter(data__icontains="志愿").exists()
    with pytest.raises(Conflict, match="已审核"):
        actions.review_volunteer(volunteer=row, accepted=False, reason="不合适", by=cast.lead, at=MONDAY)


def test_who_is_refused_is_told_why_and_may_be_taken_up_again(cast: Cast) -> None:
    row = enrol(cast)
    with pytest.raises(Invalid):
        actions.review_volunteer(volunteer=row, accepted=False, by=cast.street, at=MONDAY)
    row = actions.review_volunteer(volunteer=row, accepted=False, reason="电话打不通", by=cast.street, at=MONDAY)
    assert row.user is not None
    assert (row.state, row.reason, row.user.is_active) == ("refused", "电话打不通", False)
    assert row.forget_at == MONDAY + dt.timedelta(days=30)
    row = actions.take_up_again(volunteer=row, by=cast.street, at=MONDAY)
    assert (row.state, row.forget_at) == ("applied", MONDAY + dt.timedelta(days=180))
    later = MONDAY + dt.timedelta(days=180)
    assert [actions.forget_due(by=User.objects.system(), at=at) for at in (later - dt.timedelta(days=1), later)] == [
        0,
        1,
    ]
    row.refresh_from_db()
    assert (row.state, row.name, row.phone, row.forget_at) == ("refused", "", "", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "李"}, "name"),
        ({"phone": "call me"}, "phone"),
        ({"born_on": None}, "born_on"),
        ({"born_on": dt.date(2019, 1, 1)}, "born_on"),
        ({"born_on": dt.date(1900, 1, 1)}, "born_on"),
        ({"born_on": dt.date(2026, 9, 8)}, "born_on"),
    ],
)
def test_who_somebody_is_must_be_possible(cast: Cast, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        enrol(cast, dataclasses.replace(LI, **change))
    assert refusal.value.field == field
    assert not Volunteer.objects.exists()
    assert not User.objects.filter(role=Role.VOLUNTEER).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"guardian_name": ""}, "guardian_name"),
        ({"guardian_phone": "x"}, "guardian_phone"),
        ({"guardian_agreed": False}, "guardian_agreed"),
    ],
)
def test_below_18_a_guardian_agrees(cast: Cast, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        enrol(cast, dataclasses.replace(CHILD, **change))
    assert (refusal.value.field, refusal.value.code) == (field, "guardian")
    assert not Volunteer.objects.exists()
    row = enrol(cast, CHILD)
    assert (row.guardian_name, row.guardian_phone, row.guardian_agreed_at) == ("李妈妈", "13900000003", MONDAY)
    # On the eighteenth birthday nobody has to be asked any more, and nobody's name is kept.
    grown = enrol(cast, dataclasses.replace(CHILD, born_on=dt.date(2008, 9, 7)))
    assert (grown.guardian_name, grown.guardian_agreed_at) == ("", None)


def test_what_is_offered_must_be_possible(cast: Cast) -> None:
    elsewhere = make_street("990101003").micros[0]
    for offer, field in (
        (Offer("13900000001"), "nickname"), (Offer(skills=("magic",)), "skills"), (Offer(times=("8m",)), "times"),
        (Offer(serves=(elsewhere,)), "serves"), (Offer(serves=(cast.place.street,)), "serves"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            enrol(cast, offer=offer)
        assert refusal.value.field == field
    for given, field in (
        ({"consent": ""}, "consent"), ({"kind": "robot"}, "kind"), ({"kind": "new_employment"}, "employer"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            enrol(cast, **given)
        assert refusal.value.field == field
    with pytest.raises(Faults) as faults:
        enrol(cast, password="12345")
    assert set(faults.value.faults) == {"password"}
    assert not Volunteer.objects.exists()
    row = enrol(cast, offer=Offer(), kind="new_employment", employer="蓝骑士外卖")
    assert (row.kind, row.employer, row.public_name) == ("new_employment", "蓝骑士外卖", row.no)


def test_staff_enrol_once_with_the_account_they_have(cast: Cast) -> None:
    row = enrol(cast, by=cast.worker, password=None)
    assert (row.user, cast.worker.full_name) == (cast.worker, cast.worker.full_name)
    with pytest.raises(Conflict, match=row.no):
        enrol(cast, by=cast.worker, password=None)
    client, _key = make_client(grid=cast.place.street)
    with pytest.raises(Forbidden):
        enrol(cast, by=client.user, password=None)
    assert Volunteer.objects.count() == 1

    row = actions.review_volunteer(volunteer=row, accepted=True, by=cast.lead, at=MONDAY)
    actions.leave_volunteering(volunteer=row, by=cast.worker, at=MONDAY)
    cast.worker.refresh_from_db()
    assert (cast.worker.is_active, cast.worker.role) == (True, Role.WORKER)


def test_only_organisers_in_scope_review_and_never_themselves(cast: Cast) -> None:
    row = enrol(cast, by=cast.lead, password=None)
    with pytest.raises(Forbidden, match="自己"):
        actions.review_volunteer(volunteer=row, accepted=True, by=cast.lead, at=MONDAY)
    for stranger in (cast.outsider, cast.worker, make_user(Role.SECURITY_ADMIN)):
        with pytest.raises(Volunteer.DoesNotExist):
            actions.review_volunteer(volunteer=row, accepted=True, by=stranger, at=MONDAY)
    row.refresh_from_db()
    assert row.state == "applied"


def test_resting_and_leaving(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0])
    squad = Squad.objects.create(
        grid=cast.place.comprehensives[0], kind="grid_team", name="一队", made_by=cast.lead, made_at=MONDAY
    )
    Member.objects.create(squad=squad, volunteer=row, since=MONDAY.date())
    own = row.user
    assert own is not None
    assert actions.pause_volunteer(volunteer=row, by=own, at=MONDAY).state == "paused"
    with pytest.raises(Conflict):
        actions.pause_volunteer(volunteer=row, by=own, at=MONDAY)
    with pytest.raises(Volunteer.DoesNotExist):
        actions.resume_volunteer(volunteer=row, by=make_volunteer(cast.place.micros[0]).user, at=MONDAY)
    assert actions.resume_volunteer(volunteer=row, by=cast.street, at=MONDAY).state == "active"
    row = actions.leave_volunteering(volunteer=row, reason="搬家", by=own, at=MONDAY)
    own.refresh_from_db()
    assert (row.state, own.is_active, Member.objects.get(volunteer=row).until) == ("left", False, MONDAY.date())
    assert row.forget_at == MONDAY + dt.timedelta(days=3 * 365)
    with pytest.raises(Conflict):
        actions.resume_volunteer(volunteer=row, by=cast.street, at=MONDAY)
