"""Party organisations on the desk: the verbs of one, and which grids none covers."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from gridgov.core.models import Record
from grids import actions, reports
from grids.choices import PartyKind
from grids.models import PartyOrg
from grids.reports import PartyShare
from tests.factories import LONG_AGO, MONDAY, Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/grids/partyorg/coverage/"
TODAY = MONDAY.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def chain(cast):
    """Work committee, community committee and branch, each over its grid."""

    def found(kind, parent, grid):
        org = PartyOrg.objects.create(
            kind=kind, parent=parent, name=f"{grid.name}党组织", street=cast.place.street, valid_from=LONG_AGO
        )
        org.grids.set([grid])
        return org

    root = found("work_committee", None, cast.place.street)
    committee = found("community_committee", root, cast.place.totals[0])
    branch = found("branch", committee, cast.place.comprehensives[0])
    return [root, committee, branch]


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(org: PartyOrg, verb: str) -> str:
    return reverse("admin:grids_partyorg_do", args=[org.pk, verb])


def without(street) -> list[str]:
    return [line.code for line in reports.party_lines(street, TODAY) if not line.orgs]


# --- what is found ---------------------------------------------------------------------------------------------------


def test_who_has_none(cast, chain, django_assert_num_queries):
    micros = cast.place.micros
    assert without(cast.place.street) == [micro.code for micro in micros]
    group = actions.found_party_org(
        parent=chain[2], kind="group", name="联合", grids=[micros[0]], by=cast.street, at=MONDAY
    )
    assert without(cast.place.street) == [micros[1].code]
    actions.cover_grids(org=group, grids=micros, by=cast.street, at=MONDAY)
    with django_assert_num_queries(2):
        lines = reports.party_lines(cast.place.street, TODAY)
    assert [[(org.name, org.joint) for org in line.orgs] for line in lines[-2:]] == [[("联合", True)]] * 2
    total = cast.place.totals[0].code
    assert reports.party_shares(lines) == {
        "": [PartyShare(PartyKind.WORK_COMMITTEE, 1, 0, 1)],
        total: [
            PartyShare(PartyKind.COMMUNITY_COMMITTEE, 1, 0, 1), PartyShare(PartyKind.BRANCH, 1, 0, 1),
            PartyShare(PartyKind.GROUP, 2, 2, 2),
        ],
    }  # fmt: skip
    yesterday = TODAY - dt.timedelta(1)
    PartyOrg.objects.filter(pk=group.pk).update(valid_from=LONG_AGO, valid_to=yesterday)
    assert without(cast.place.street) == [micro.code for micro in micros]


def test_a_member_household_is_no_group(cast, chain):
    group = PartyOrg.objects.create(
        kind="group", parent=chain[2], name="组", street=cast.place.street, valid_from=LONG_AGO
    )
    house = PartyOrg.objects.create(
        kind="household", parent=group, name="户", street=cast.place.street, valid_from=LONG_AGO
    )
    house.grids.set([cast.place.micros[0]])
    assert without(cast.place.street) == [micro.code for micro in cast.place.micros]


# --- the page --------------------------------------------------------------------------------------------------------


def codes(user, query: str) -> list[str]:
    answer = sign_in(user).get(PAGE + query)
    assert answer.status_code == 200
    return [row["line"].code for row in answer.context["lines"]]


def test_figures_lead_to_the_grids_without(cast, chain):
    context = sign_in(cast.street).get(PAGE).context
    rows = context["communities"]
    assert [(row["name"], [(c["share"].covered, c["share"].all) for c in row["cells"]]) for row in rows] == [
        (cast.place.totals[0].name, [(1, 1), (1, 1), (0, 2)]), ("全部合计", [(1, 1), (1, 1), (0, 2)]),
    ]  # fmt: skip
    micros = [micro.code for micro in cast.place.micros]
    for row in rows:
        assert codes(cast.street, row["cells"][2]["url"].removeprefix(PAGE)) == micros
    assert codes(cast.street, "?without=1") == micros
    assert codes(cast.street, "?kind=branch") == [cast.place.comprehensives[0].code]
    assert codes(cast.lead, "") == [cast.place.comprehensives[0].code, *micros]
    assert [tab["count"] for tab in context["tabs"]] == [5, 2, 0, 0, 0, 2]


def test_who_sees_it(cast, chain):
    for user in (cast.worker, cast.unit_staff, make_user(Role.AUDITOR), make_user(Role.SECURITY_ADMIN)):
        assert sign_in(user).get(PAGE).status_code == 403
    assert sign_in(cast.outsider).get(f"{PAGE}?at={cast.place.micros[0].code}").status_code == 404
    assert "grids=" not in sign_in(cast.lead).get(PAGE).content.decode()
    assert (
        f"kind=group&amp;grids={cast.place.micros[0].pk}"
        in sign_in(cast.street).get(f"{PAGE}?without=1").content.decode()
    )
    assert sign_in(make_user(Role.STREET)).get(PAGE).context["nothing"]
    for odd in ("?at=²", "?at=" + "9" * 300):
        assert sign_in(cast.street).get(PAGE + odd).status_code == 404
    assert sign_in(cast.street).get(f"{PAGE}?kind=x&without=x").status_code == 200


def test_the_pages_are_flat(cast, chain):
    office = sign_in(cast.street)

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(url).status_code == 200
        return len(queries)

    urls = [PAGE, f"{PAGE}?without=1", reverse("admin:grids_partyorg_changelist")]
    few = [cost(url) for url in urls]
    for number in range(4):
        group = PartyOrg.objects.create(
            kind="group", parent=chain[2], name=f"组{number}", street=cast.place.street, valid_from=LONG_AGO,
            secretary=make_user(),
        )  # fmt: skip
        group.grids.set(cast.place.micros)
    assert [cost(url) for url in urls] == few


# --- the verbs -------------------------------------------------------------------------------------------------------


def test_the_verbs_of_an_organisation(cast, chain):
    office, micros = sign_in(cast.street), cast.place.micros
    offered = office.get(do(chain[2], "found-below")).context["form"].fields["grids"].queryset
    assert [grid.pk for grid in offered] == [micro.pk for micro in micros]
    sent = {"name": "第一党小组", "secretary": "worker", "grids": [micros[0].pk], "valid_from": "2026-09-07"}
    assert office.post(do(chain[2], "found-below"), sent).status_code == 302
    group = PartyOrg.objects.get(kind="group")
    assert (group.name, group.parent, group.secretary, list(group.grids.all())) == (
        "第一党小组", chain[2], cast.worker, [micros[0]],
    )  # fmt: skip
    sent = {"grids": [micro.pk for micro in micros]}
    assert office.post(do(group, "cover"), sent).status_code == 302
    assert office.post(do(group, "change"), {"name": "联合党小组", "secretary": ""}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.secretary, group.grids.count()) == ("联合党小组", None, 2)
    assert office.post(do(chain[2], "retire"), {"valid_to": "2026-09-30"}).status_code == 409
    assert office.post(do(group, "retire"), {"valid_to": "2026-09-30"}).status_code == 302
    assert list(Record.objects.filter(verb__startswith="party").order_by("id").values_list("verb", flat=True)) == [
        "party.founded", "party.covers", "party.changed", "party.retired",
    ]  # fmt: skip


def test_verbs_refused(cast, chain):
    before = list(PartyOrg.objects.order_by("pk").values()), Record.objects.filter(verb__startswith="party").count()
    sent = {"name": "别的", "secretary": ""}
    assert sign_in(cast.lead).post(do(chain[2], "change"), sent).status_code == 403
    assert sign_in(cast.outsider).post(do(chain[2], "change"), sent).status_code == 404
    wrong = {"grids": [cast.place.totals[0].pk]}
    assert sign_in(cast.street).post(do(chain[2], "cover"), wrong).status_code == 400
    assert sign_in(cast.street).post(do(chain[2], "change"), {"name": "", "secretary": "nobody"}).status_code == 400
    assert (
        list(PartyOrg.objects.order_by("pk").values()),
        Record.objects.filter(verb__startswith="party").count(),
    ) == before
    household = PartyOrg.objects.create(
        kind="household", parent=chain[2], name="户", street=cast.place.street, valid_from=LONG_AGO
    )
    assert sign_in(cast.street).get(do(household, "found-below")).status_code == 302
