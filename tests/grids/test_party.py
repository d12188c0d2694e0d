"""The second tree, and the reports on who covers what."""

import datetime as dt

import pytest

from accounts.choices import Role
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions, reports
from grids.choices import PartyKind, PostKind
from grids.models import Grid, PartyOrg
from grids.reports import HouseholdWarning
from tests.factories import LONG_AGO, MONDAY, give, make_street, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
YESTERDAY = TODAY - dt.timedelta(1)


@pytest.fixture
def place():
    return make_street(micros=4)


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return user


@pytest.fixture
def branch(place, office):
    """Work committee → community committee → branch."""
    say = {"by": office, "at": MONDAY, "valid_from": LONG_AGO}
    root = actions.found_party_org(
        parent=None, street=place.street, kind=PartyKind.WORK_COMMITTEE, name="工委", grids=[place.street], **say
    )
    middle = actions.found_party_org(parent=root, kind=PartyKind.COMMUNITY_COMMITTEE, name="大党委", **say)
    return actions.found_party_org(parent=middle, kind=PartyKind.BRANCH, name="支部", grids=place.comprehensives, **say)


def group(branch, office, *grids, **more):
    say = {"kind": PartyKind.GROUP, "name": "小组", "grids": grids, "valid_from": LONG_AGO, "by": office, "at": MONDAY}
    return actions.found_party_org(**{"parent": branch, **say, **more})


def test_a_chain_is_whole_and_recorded(place, office, branch):
    org = group(branch, office, place.micros[1], place.micros[0], secretary=make_user(full_name="李"))
    org.refresh_from_db()
    assert (org.level, org.street, org.secretary.full_name) == (3, place.street, "李")
    assert reports.tree_faults() == []
    assert Record.objects.filter(verb="party.founded").last().data == {
        "kind": "group", "name": "小组", "parent": branch.pk, "grids": [m.code for m in place.micros[:2]],
    }  # fmt: skip


def test_refusals_of_founding_change_nothing(place, office, branch):
    elsewhere = make_street("990101002")
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, elsewhere.street)
    count = PartyOrg.objects.count()
    for refusal, change in (
        (Forbidden, {"by": outsider}),
        (Forbidden, {"by": make_user(Role.WORKER)}),
        (Invalid, {"kind": PartyKind.BRANCH}),
        (Invalid, {"kind": "club"}),
        (Invalid, {"grids": [elsewhere.micros[0]]}),
        (Invalid, {"grids": place.comprehensives}),
        (Invalid, {"parent": None}),
        (Invalid, {"parent": None, "street": place.totals[0], "kind": PartyKind.WORK_COMMITTEE}),
        (Conflict, {"parent": None, "street": place.street, "kind": PartyKind.WORK_COMMITTEE}),
        (Faults, {"name": ""}),
    ):
        with pytest.raises(refusal):
            group(branch, **{"office": change.pop("by", office), **change})
    assert PartyOrg.objects.count() == count
    assert Record.objects.filter(verb="party.founded").count() == 3


def test_covering_other_grids(place, office, branch):
    org = group(branch, office, place.micros[0])
    actions.cover_grids(org=org, grids=place.micros[:2], by=office, at=MONDAY)
    actions.cover_grids(org=org, grids=place.micros[:2], by=office, at=MONDAY)
    assert set(org.grids.all()) == set(place.micros[:2])
    (told,) = Record.objects.filter(verb="party.covers")
    assert told.data == {"grids": [[place.micros[0].code], [m.code for m in place.micros[:2]]]}
    with pytest.raises(Invalid):
        actions.cover_grids(org=org, grids=[place.street], by=office, at=MONDAY)
    with pytest.raises(Forbidden):
        actions.cover_grids(org=org, grids=[], by=make_user(Role.STREET), at=MONDAY)
    assert org.grids.count() == 2


def test_changing_and_retiring(place, office, branch):
    org = group(branch, office, place.micros[0])
    org = actions.change_party_org(org=org, name="第一小组", secretary=None, by=office, at=MONDAY)
    assert org.name == "第一小组"
    with pytest.raises(Conflict, match="1 organisations below"):
        actions.retire_party_org(org=branch, valid_to=YESTERDAY, by=office, at=MONDAY)
    with pytest.raises(Invalid):
        actions.retire_party_org(org=org, valid_to=LONG_AGO - dt.timedelta(1), by=office, at=MONDAY)
    org = actions.retire_party_org(org=org, valid_to=YESTERDAY, by=office, at=MONDAY)
    assert org.valid_to == YESTERDAY
    with pytest.raises(Conflict, match="has ended"):
        actions.cover_grids(org=org, grids=[], by=office, at=MONDAY)
    assert actions.retire_party_org(org=branch, valid_to=YESTERDAY, by=office, at=MONDAY).valid_to == YESTERDAY


# --- reports ---------------------------------------------------------------------------------------------------------


def test_household_warnings(place):
    sizes = (29, 30, 50, 51)
    for grid, size in zip(place.micros, sizes, strict=True):
        Grid.objects.filter(pk=grid.pk).update(households=size)
    few, many = place.micros[0], place.micros[3]
    assert reports.household_warnings(place.street, TODAY) == [
        HouseholdWarning(few.code, few.name, 29), HouseholdWarning(many.code, many.name, 51),
    ]  # fmt: skip
    Grid.objects.filter(pk=place.micros[1].pk).update(households=None)
    assert len(reports.household_warnings(place.comprehensives[0], TODAY)) == 3
