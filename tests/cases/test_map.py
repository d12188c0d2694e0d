"""The one map: whose ground, which numbers, how many bytes and queries; every number is as long as the list behind it."""

import datetime as dt
import gzip
import json
from io import BytesIO
from typing import Any

import pytest
import tablib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from cases.reports import map as reports
from grids.choices import PartyKind, PostKind
from grids.models import Grid, PartyOrg, Post
from tests.cases.desk import desk, report, walk
from tests.factories import LONG_AGO, Cast, give, make_cast, make_unit, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.house.rows import outsiders

pytestmark = pytest.mark.django_db
MAP = "/admin/map/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    place = cast.place
    for grid in (place.street, place.totals[0], place.comprehensives[0]):
        draw(grid, square(104.0, 30.0, side=0.02))
    draw(place.micros[0], square(104.0, 30.0, side=0.01))
    draw(place.micros[1], square(104.01, 30.0, side=0.01))
    return cast


def page(user: User) -> dict[str, Any]:
    answer = desk(user).get(MAP)
    assert answer.status_code == 200
    return answer.context["map_data"]


def features(user: User, level: str, **asked: str) -> dict[str, Any]:
    answer = desk(user).get(page(user)["borders"][level]["url"], asked)
    assert answer.status_code == 200
    return {one["properties"]["code"]: one for one in answer.json()["features"]}


def figures(user: User, level: str = "micro", **asked: Any) -> dict[str, dict[str, int]]:
    answer = desk(user).get(f"{MAP}figures/", {"level": level, **asked})
    assert answer.status_code == 200
    names = ("open", "late", "reported", "grids", "staffed", "covered")
    return {code: dict(zip(names, numbers, strict=True)) for code, _name, _kind, *numbers in answer.json()["grids"]}


def points(user: User, **asked: Any) -> list[int]:
    answer = desk(user).get(f"{MAP}points/", asked)
    assert answer.status_code == 200
    return sorted(point[0] for point in answer.json()["points"])


def make_late(case: Case, when: dt.datetime) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=when, breached_at=when)


# --- whose ground ----------------------------------------------------------------------------------------------------


def test_a_worker_has_the_own_ground_and_a_frame_round_it(cast: Cast) -> None:
    own, other = cast.place.micros
    report(cast)
    report(cast, grid=other.code)
    known = page(cast.worker)
    assert [level["name"] for level in known["levels"]] == ["micro"]
    assert list(features(cast.worker, "micro")) == [own.code]
    assert list(features(cast.worker, "comprehensive")) == [cast.place.comprehensives[0].code]
    assert {code: line["open"] for code, line in figures(cast.worker).items()} == {own.code: 1}
    assert figures(cast.worker, "total") == {}


def test_the_street_sees_everything_of_its_own(cast: Cast) -> None:
    assert [level["name"] for level in page(cast.street)["levels"]] == ["street", "total", "comprehensive", "micro"]
    assert list(features(cast.street, "micro")) == [grid.code for grid in cast.place.micros]
    assert list(figures(cast.street, "total")) == [cast.place.totals[0].code]


def test_an_outsider_finds_nothing(cast: Cast) -> None:
    case = report(cast, lng=104.005, lat=30.005)
    ours = {grid.code for grid in Grid.objects.filter(tree_id=cast.place.street.tree_id)}
    for person in outsiders(cast):
        known = page(person)
        for level in known["borders"]:
            assert not ours & set(features(person, level)), person.role
        for level in ("street", "total", "comprehensive", "micro"):
            assert not ours & set(figures(person, level)), person.role
        assert points(person) == [], person.role
        assert desk(person).get(f"{MAP}case/{case.pk}/").status_code == 404
        for layer in ("posts", "party"):
            places = desk(person).get(f"{MAP}places/{layer}/", {"level": "micro"}).json()["places"]
            assert not ours & {place["grid"] for place in places}, person.role


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN])
def test_hands_without_a_map_are_refused(cast: Cast, role: str) -> None:
    client = desk(make_user(role))
    for path in ("", "figures/", "points/", "places/units/", "sheet/", "borders/total/x/", "case/1/"):
        assert client.get(MAP + path).status_code == 403, path


def test_the_system_hand_sees_grids_and_no_case(cast: Cast) -> None:
    report(cast, lng=104.005, lat=30.005)
    hand = make_user(Role.SYSTEM_ADMIN)
    known = page(hand)
    assert (known["sees"], known["figures"]) == (False, ["vacant", "uncovered"])
    assert figures(hand)[cast.place.micros[0].code] == {
        "open": 0, "late": 0, "reported": 0, "grids": 1, "staffed": 1, "covered": 0,
    }  # fmt: skip
    assert points(hand) == []


def test_a_unit_sees_its_cases_on_bare_ground(cast: Cast) -> None:
    mine = walk(cast, "dispatched", lng=104.005, lat=30.005)
    report(cast, lng=104.006, lat=30.005)
    known = page(cast.unit_staff)
    assert (known["levels"], known["borders"], points(cast.unit_staff)) == ([], {}, [mine.pk])


# --- the numbers -----------------------------------------------------------------------------------------------------


def length(user: User, url: str) -> int:
    answer = desk(user).get(url)
    assert answer.status_code == 200, url
    return int(answer.context["cl"].result_count)


def test_every_number_is_as_long_as_its_list(cast: Cast) -> None:
    user, now = cast.street, timezone.now()
    for n in range(3):
        report(cast, at=now - n * 3 * DAY)
    make_late(walk(cast, "handling"), now - DAY)
    walk(cast, "closed")
    report(cast, grid=cast.place.micros[1].code)
    root = PartyOrg.objects.create(
        street=cast.place.street, kind=PartyKind.WORK_COMMITTEE, name="党工委", valid_from=LONG_AGO
    )
    root.grids.add(cast.place.street)
    Post.objects.filter(user=cast.other_worker).delete()
    links = page(user)["links"]
    told = {}
    for level in ("street", "total", "comprehensive", "micro"):
        answer = desk(user).get(f"{MAP}figures/", {"level": level, "span": 7}).json()
        for code, line in figures(user, level, span=7).items():
            line |= {"vacant": line["grids"] - line["staffed"], "uncovered": line["grids"] - line["covered"]}
            for name, value in line.items():
                url = links[name].format(code=code, day=answer["day"], span=answer["span"])
                assert length(user, url) == value, url
            told[code] = line
    first, second = (told[grid.code] for grid in cast.place.micros)
    assert (first["open"], first["late"], first["reported"], first["vacant"]) == (4, 1, 5, 0)
    assert (second["open"], second["late"], second["reported"], second["vacant"]) == (1, 0, 1, 1)
    street = told[cast.place.street.code]
    assert (street["grids"], street["staffed"], street["covered"]) == (5, 4, 1)


def test_an_earlier_day_is_told_as_it_ended(cast: Cast) -> None:
    user, now = cast.street, timezone.now()
    day = timezone.localdate(now - 5 * DAY)
    open_then = report(cast, at=now - 6 * DAY, lng=104.005, lat=30.005)
    closed_since = walk(cast, "closed", at=now - 6 * DAY, lng=104.005, lat=30.005)
    Case.objects.filter(pk=closed_since.pk).update(
        closed_at=now - 3 * DAY, completed_at=now - 3 * DAY, due_at=now - 6 * DAY, breached_at=now - 6 * DAY
    )
    walk(cast, "closed", at=now - 8 * DAY, lng=104.005, lat=30.005)  # over by then
    report(cast, at=now - DAY, lng=104.005, lat=30.005)  # not yet there
    code = cast.place.micros[0].code
    line = figures(user, day=day.isoformat(), span=1)[code]
    assert (line["open"], line["late"], line["reported"]) == (2, 1, 0)
    assert points(user, day=day.isoformat()) == [open_then.pk, closed_since.pk]
    assert points(user, day=timezone.localdate(now - 6 * DAY).isoformat(), span=1, cases="reported") == [
        open_then.pk, closed_since.pk,
    ]  # fmt: skip
    links = page(user)["links"]
    for name, value in (("open_past", 2), ("late_past", 1), ("reported", 0)):
        assert length(user, links[name].format(code=code, day=day.isoformat(), span=1)) == value
    answer = desk(user).get(f"{MAP}points/", {"day": day.isoformat()}).json()
    assert {point[0]: point[4] for point in answer["points"]}[closed_since.pk] == "late"


def test_cases_on_no_grid_of_a_level_are_told_apart(cast: Cast) -> None:
    report(cast)
    report(cast, grid=cast.place.comprehensives[0].code)
    answer = desk(cast.street).get(f"{MAP}figures/", {"level": "micro"}).json()
    assert answer["rest"] == [1, 0, 1]


def test_only_what_lies_in_the_box_and_only_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    near = report(cast, lng=104.001, lat=30.001)
    far = report(cast, lng=104.019, lat=30.001)
    report(cast)  # without a place
    assert points(cast.street) == [near.pk, far.pk]
    assert points(cast.street, box="104.0,30.0,104.01,30.01") == [near.pk]
    monkeypatch.setattr(reports, "MOST_POINTS", 1)
    answer = desk(cast.street).get(f"{MAP}points/").json()
    assert (len(answer["points"]), answer["more"]) == (1, True)


def test_the_bubble_of_a_case_names_no_reporter(cast: Cast) -> None:
    case = report(cast, reporter_name="王小明", reporter_phone="13912345678", place="1号楼")
    answer = desk(cast.street).get(f"{MAP}case/{case.pk}/")
    told = answer.json()
    assert (told["no"], told["title"], told["url"]) == (case.no, case.title, f"/admin/cases/case/{case.pk}/change/")
    assert "13912345678" not in answer.content.decode() and "王小明" not in answer.content.decode()


def test_layers_show_what_their_lists_show(cast: Cast) -> None:
    make_unit("水务公司", lng=104.0, lat=30.0)
    make_unit("没有位置的单位")
    client = desk(cast.street)
    units = client.get(f"{MAP}places/units/").json()["places"]
    assert [(place["name"], place["at"]) for place in units] == [("水务公司", [104.0, 30.0])]
    posts = client.get(f"{MAP}places/posts/", {"level": "micro"}).json()["places"]
    assert [(place["grid"], len(place["lines"])) for place in posts] == [(grid.code, 1) for grid in cast.place.micros]
    assert length(cast.street, posts[0]["url"]) == 1
    assert client.get(f"{MAP}places/party/", {"level": "micro"}).json()["places"] == []


def test_the_sheet_has_the_same_numbers(cast: Cast) -> None:
    report(cast)
    answer = desk(cast.street).get(f"{MAP}sheet/", {"level": "micro", "format": "xlsx"})
    rows = tablib.Dataset().load(BytesIO(answer.content), format="xlsx")
    assert [(row[0], row[3], row[5]) for row in rows] == [
        (cast.place.micros[0].code, 1, 1), (cast.place.micros[1].code, 0, 0), (None, 0, 0),
    ]  # fmt: skip
    assert f"map-micro-{timezone.localdate():%Y%m%d}.xlsx" in answer["Content-Disposition"]


# --- borders are kept ------------------------------------------------------------------------------------------------


def test_borders_are_kept_until_they_change(cast: Cast) -> None:
    client = desk(cast.street)
    url = page(cast.street)["borders"]["micro"]["url"]
    first = client.get(url, headers={"accept-encoding": "gzip"})
    assert first["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (first["Content-Encoding"], first["ETag"]) == ("gzip", f'"{url.split("/")[-2]}"')
    assert json.loads(gzip.decompress(first.content)) == client.get(url).json()
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304

    draw(cast.place.micros[1], square(104.01, 30.0, side=0.009))
    now = page(cast.street)["borders"]["micro"]["url"]
    assert now != url
    assert client.get(url)["Location"] == now
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 302
    assert page(cast.street)["borders"]["total"]["url"] == page(cast.lead)["borders"]["total"]["url"]


def test_borders_come_by_pieces(cast: Cast) -> None:
    assert list(features(cast.street, "micro", under=cast.place.micros[0].code)) == [cast.place.micros[0].code]
    elsewhere = Grid.objects.exclude(tree_id=cast.place.street.tree_id).first()
    for code in (elsewhere.code, "²", "9" * 30):
        url = page(cast.street)["borders"]["micro"]["url"]
        assert desk(cast.street).get(url, {"under": code}).status_code == 404


def test_somebody_elses_address_leads_to_the_own_borders(cast: Cast) -> None:
    """The stamp is of what one sees: the worker is sent on, and gets no more than the own ground."""
    answer = desk(cast.worker).get(page(cast.street)["borders"]["micro"]["url"], follow=True)
    assert [one["properties"]["code"] for one in answer.json()["features"]] == [cast.place.micros[0].code]


# --- flat, and never an error ----------------------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", ["", "figures/?level=micro", "points/", "places/posts/?level=micro", "places/units/"])
def test_it_is_flat(cast: Cast, path: str) -> None:
    client = desk(cast.street)
    report(cast, lng=104.001, lat=30.001)
    few = queries(client, MAP + path)
    for grid in cast.place.micros * 3:
        report(cast, grid=grid.code, lng=104.001, lat=30.001)
        give(make_user(Role.WORKER), PostKind.GRID_WORKER_PT, grid)
        make_unit(lng=104.0, lat=30.0)
    assert queries(client, MAP + path) == few <= 9


@pytest.mark.parametrize(
    "asked",
    [
        "level=²", "level=nothing", "day=0001-01-01", "day=9999-12-31", "day=x", "span=99999999999999999999", "span=²",
        "box=1,2,3", "box=nan,inf,1,2", "box=a,b,c,d", f"box={'9' * 200}", "cases=none", "day=%00", "span=5",
    ],
)  # fmt: skip
def test_odd_questions_are_answered(cast: Cast, asked: str) -> None:
    client = desk(cast.street)
    for path in ("figures/", "points/", "sheet/", "places/units/"):
        assert client.get(f"{MAP}{path}?{asked}").status_code == 400, path


@pytest.mark.parametrize("path", ["borders/x/1/", "borders/micro2/y/", "places/x/", "case/99999999999999999999/"])
def test_odd_addresses_are_none(cast: Cast, path: str) -> None:
    assert desk(cast.street).get(MAP + path).status_code == 404


@pytest.mark.parametrize(
    "asked", ["grid=x", "grid=²", "stood=open.x", "stood=x", "stood=late.0001-01-01", "stood=reported.2026-11-01.²"]
)
def test_lists_behind_no_number_are_empty(cast: Cast, asked: str) -> None:
    report(cast)
    assert length(cast.street, f"/admin/cases/case/?{asked}") == 0


def test_a_list_of_another_streets_grid_is_empty(cast: Cast) -> None:
    report(cast)
    elsewhere = Grid.objects.exclude(tree_id=cast.place.street.tree_id).first()
    assert length(cast.street, f"/admin/cases/case/?grid={elsewhere.code}") == 0
    for name in ("grid", "post", "partyorg"):
        assert length(cast.street, f"/admin/grids/{name}/?under={elsewhere.code}") == 0
    assert length(cast.street, "/admin/grids/grid/?standing=x") == 0
