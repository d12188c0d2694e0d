"""The map over HTTP: every address, every verb, and that outsiders meet nothing but 404."""

import pytest

from accounts.choices import Role
from grids import actions
from grids.choices import PostKind
from grids.models import Grid, PartyOrg, Post, Unit
from tests.factories import LONG_AGO, make_cast, make_unit, make_user
from tests.grids.test_borders import draw, rectangle
from tests.grids.test_geodesy import square
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def office(cast):
    return client_of(cast.street)


def codes(answer):
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_the_list_by_every_filter(cast, office):
    place = cast.place
    top, micros = place.street.code, [m.code for m in place.micros]
    everything = [top, place.totals[0].code, place.comprehensives[0].code, *micros]
    assert codes(office.get(f"{API}/grids/")) == everything
    assert codes(office.get(f"{API}/grids/?ordering=-code")) == everything[::-1]
    assert codes(office.get(f"{API}/grids/?kind=micro&kind=street")) == [top, *micros]
    assert codes(office.get(f"{API}/grids/?parent={place.comprehensives[0].pk}")) == micros
    assert codes(office.get(f"{API}/grids/?code={micros[0]}")) == micros[:1]
    assert codes(office.get(f"{API}/grids/?street={top}&micro_type=resident")) == micros
    assert codes(office.get(f"{API}/grids/?street=99010")) == []
    Grid.objects.filter(code=micros[1]).update(valid_to=LONG_AGO)
    assert codes(office.get(f"{API}/grids/?current=true&kind=micro")) == micros[:1]
    assert codes(office.get(f"{API}/grids/?page_size=2")) == everything[:2]


def test_one_grid(cast, office):
    place = cast.place
    draw(place.micros[0], square())
    answer = office.get(f"{API}/grids/{place.micros[0].pk}/").json()
    assert answer["border"] == square()
    assert [row["code"] for row in answer["above"]] == [
        place.street.code, place.totals[0].code, place.comprehensives[0].code,
    ]  # fmt: skip
    assert answer["area_m2"] == 1047748.3
    children = office.get(f"{API}/grids/{place.comprehensives[0].pk}/children/").json()
    assert [row["code"] for row in children] == [m.code for m in place.micros]


def test_borders_as_geojson(cast, office, django_assert_num_queries):
    place = cast.place
    draw(place.micros[0], square())
    draw(place.street, rectangle(118, 32, 118.1, 32.1))
    answer = office.get(f"{API}/grids/borders/?kind=micro").json()
    assert answer == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": place.micros[0].pk,
                "geometry": square(),
                "properties": {
                    "code": place.micros[0].code, "name": place.micros[0].name, "kind": "micro",
                    "parent": place.comprehensives[0].pk,
                },
            }
        ],
    }  # fmt: skip
    assert len(office.get(f"{API}/grids/borders/").json()["features"]) == 2


def test_locating(cast, office):
    draw(cast.place.micros[0], square())
    where = f"{API}/grids/locate/"
    assert office.get(f"{where}?lng=118.005&lat=32.005").json()["code"] == cast.place.micros[0].code
    # The same reading on a Chinese map lies some 500 m beside it.
    shown = office.get(f"{where}?lng=118.010229&lat=32.002908&crs=GCJ02").json()
    assert shown["code"] == cast.place.micros[0].code
    assert office.get(f"{where}?lng=118.5&lat=32").status_code == 404
    assert client_of(cast.outsider).get(f"{where}?lng=118.005&lat=32.005").status_code == 404
    for bad in ("", "?lng=118", "?lng=32&lat=118", "?lng=nan&lat=1", "?lng=118&lat=32&crs=BD09", "?lng=x&lat=y"):
        assert office.get(where + bad).status_code == 400


@pytest.mark.parametrize("path", ["grids", "posts", "units", "party-orgs"])
def test_lists_stay_flat(cast, office, path, django_assert_max_num_queries):
    """One row and three rows cost the same."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def grow() -> None:
        chain = {"valid_from": LONG_AGO, "street": cast.place.street}
        root = PartyOrg.objects.filter(parent=None).first()
        PartyOrg.objects.create(
            kind="community_committee" if root else "work_committee",
            name="党",
            parent=root,
            secretary=cast.lead,
            **chain,
        )
        make_unit()
        actions.found_grid(
            parent=cast.place.street, kind="total", name="新", by=make_user(Role.SYSTEM_ADMIN), at=_now()
        )

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get(f"{API}/{path}/").status_code == 200
        return len(queries)

    grow()
    few = cost()
    grow()
    grow()
    assert cost() == few


def _now():
    from django.utils import timezone

    return timezone.now()


# --- outsiders -------------------------------------------------------------------------------------------------------

VERBS = {
    "grids": ("change", "move", "retire", "revive", "border"),
    "posts": ("end",),
    "units": ("change",),
    "party-orgs": ("cover", "retire"),
}


def test_an_outsider_meets_404_everywhere(cast):
    place = cast.place
    org = PartyOrg.objects.create(kind="work_committee", name="工委", street=place.street, valid_from=LONG_AGO)
    rows = {"grids": place.micros[0], "posts": cast.worker.posts.get(), "party-orgs": org}
    for user in (cast.outsider, make_user(Role.AUDITOR), make_user(Role.WORKER)):
        client = client_of(user)
        for path, row in rows.items():
            assert client.get(f"{API}/{path}/{row.pk}/").status_code == 404
            for verb in VERBS[path]:
                assert client.post(f"{API}/{path}/{row.pk}/{verb}/", {}).status_code == 404
        assert client.get(f"{API}/grids/{rows['grids'].pk}/children/").status_code == 404
    nobody = client_of(make_user(Role.AUDITOR))
    assert nobody.get(f"{API}/units/{cast.unit.pk}/").status_code == 404
    assert nobody.post(f"{API}/units/{cast.unit.pk}/change/", {}).status_code == 404


def test_nobody_without_a_token(cast):
    from rest_framework.test import APIClient

    for path in ("grids", "posts", "units", "party-orgs", "grids/borders", "grids/locate"):
        assert APIClient().get(f"{API}/{path}/").status_code == 401


def test_what_is_not_seen_cannot_be_named(cast):
    """An outsider's key in a body is as good as one that doesn't exist."""
    mine = client_of(cast.outsider)
    own = Grid.objects.filter(code__startswith="990101002", kind="comprehensive").get()
    there = cast.place.totals[0].pk
    for key in (there, 999_999):
        answer = mine.post(f"{API}/grids/{own.pk}/move/", {"parent": key})
        assert answer.status_code == 400
        assert answer.json()["errors"][0] | {"detail": ""} == {"attr": "parent", "code": "does_not_exist", "detail": ""}


# --- verbs -----------------------------------------------------------------------------------------------------------


def test_founding_changing_retiring(cast, office):
    parent = cast.place.comprehensives[0]
    made = office.post(
        f"{API}/grids/found/",
        {"parent": parent.pk, "kind": "micro", "micro_type": "merchant", "name": "商铺", "border": square()},
    )
    assert (made.status_code, made.json()["code"], made.json()["parent"]) == (201, f"{parent.code}701", parent.pk)
    at = f"{API}/grids/{made.json()['id']}"
    changed = office.post(f"{at}/change/", {"name": "商铺街", "households": None})
    assert (changed.status_code, changed.json()["name"]) == (200, "商铺街")
    assert office.post(f"{at}/border/", {"border": None}).json()["border"] is None
    assert office.post(f"{at}/retire/", {"valid_to": "2099-01-01"}).json()["valid_to"] == "2099-01-01"
    assert office.post(f"{at}/revive/", {}).json()["valid_to"] is None
    crossing = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    refused = office.post(f"{at}/border/", {"border": crossing})
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "border")


def test_moving(cast, office):
    other = actions.found_grid(
        parent=cast.place.street, kind="total", name="新社区", by=make_user(Role.SYSTEM_ADMIN), at=_now()
    )
    grid = cast.place.comprehensives[0]
    answer = office.post(f"{API}/grids/{grid.pk}/move/", {"parent": other.pk})
    assert (answer.status_code, answer.json()["parent"]) == (200, other.pk)
    again = office.post(f"{API}/grids/{grid.pk}/move/", {"parent": other.pk})
    assert (again.status_code, again.json()["type"]) == (409, "client_error")


def test_a_worker_reads_and_changes_nothing(cast):
    worker = client_of(cast.worker)
    at = f"{API}/grids/{cast.place.micros[0].pk}"
    assert worker.get(f"{at}/").status_code == 200
    assert worker.post(f"{at}/change/", {"name": "我的"}).status_code == 403
    assert worker.post(f"{at}/border/", {"border": square()}).status_code == 403
    assert worker.post(f"{at}/retire/", {"valid_to": "2099-01-01"}).status_code == 403
    assert worker.post(f"{API}/units/register/", {"name": "新", "kind": "utility"}).status_code == 403
    found = {"parent": cast.place.comprehensives[0].pk, "kind": "micro", "micro_type": "resident", "name": "新"}
    assert worker.post(f"{API}/grids/found/", found).status_code == 403
    cast.place.micros[0].refresh_from_db()
    assert (cast.place.micros[0].name, cast.place.micros[0].border) == ("网格001001", None)
    assert Grid.objects.filter(name="新").count() == 0


def test_posts(cast, office):
    newcomer = make_user()
    given = office.post(
        f"{API}/posts/give/", {"user": newcomer.username, "kind": "grid_worker_ft", "grid": cast.place.micros[0].pk}
    )
    assert given.status_code == 201
    assert given.json()["user"]["username"] == newcomer.username
    assert given.json()["grid"]["code"] == cast.place.micros[0].code
    ended = office.post(f"{API}/posts/{given.json()['id']}/end/", {"valid_to": given.json()["valid_from"]})
    assert ended.json()["valid_to"] == given.json()["valid_from"]
    assert office.post(f"{API}/posts/give/", {"user": "nobody", "kind": "grid_worker_ft"}).status_code == 400
    assert (
        office.get(f"{API}/posts/?current=true&kind=grid_worker_ft&grid={cast.place.micros[1].pk}").json()["results"][
            0
        ]["user"]["username"]
        == "other_worker"
    )
    assert Post.objects.filter(user=newcomer).count() == 1


def test_units(cast, office):
    sent = {"name": "供水公司", "kind": "utility", "area_prefix": cast.place.street.code}
    made = office.post(f"{API}/units/register/", {**sent, "aliases": ["自来水"]})
    assert (made.status_code, made.json()["aliases"]) == (201, ["自来水"])
    changed = office.post(f"{API}/units/{made.json()['id']}/change/", {"is_active": False})
    assert changed.json()["is_active"] is False
    assert office.post(f"{API}/units/register/", sent).status_code == 409
    assert Unit.objects.filter(name="供水公司").count() == 1


def test_party_organisations(cast, office):
    root = office.post(
        f"{API}/party-orgs/found/", {"street": cast.place.street.pk, "kind": "work_committee", "name": "工委"}
    ).json()
    middle = office.post(
        f"{API}/party-orgs/found/",
        {"parent": root["id"], "kind": "community_committee", "name": "党委", "secretary": cast.lead.username},
    ).json()
    assert (middle["secretary"], middle["level"], middle["grids"]) == (cast.lead.full_name, 1, [])
    total = cast.place.totals[0]
    covered = office.post(f"{API}/party-orgs/{middle['id']}/cover/", {"grids": [total.pk]}).json()
    assert [grid["code"] for grid in covered["grids"]] == [total.code]
    assert office.get(f"{API}/party-orgs/?grid={total.pk}").json()["results"][0]["id"] == middle["id"]
    assert office.post(f"{API}/party-orgs/{root['id']}/retire/", {"valid_to": "2099-01-01"}).status_code == 409
    assert office.post(f"{API}/party-orgs/{middle['id']}/retire/", {"valid_to": "2099-01-01"}).status_code == 200


def test_security_gives_posts_without_seeing_the_map(cast):
    """A security hand has no scope: grids are named through the street's hand, or the district by its code."""
    security = client_of(make_user(Role.SECURITY_ADMIN))
    hand = make_user(Role.STREET)
    answer = security.post(
        f"{API}/posts/give/", {"user": hand.username, "kind": PostKind.DISTRICT_STAFF, "area_prefix": "990101"}
    )
    assert (answer.status_code, answer.json()["area_prefix"]) == (201, "990101")
