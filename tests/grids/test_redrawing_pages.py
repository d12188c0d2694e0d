"""The desk's pages of splitting, merging and drawing: what they show, what they refuse, and that looking changes nothing."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import shape

from accounts.choices import Role
from cases.actions import Report, report_case
from grids.choices import PostKind
from grids.models import Grid, Redrawing
from tests.factories import Cast, give, make_cast, make_user
from tests.grids.test_borders import draw, rectangle
from tests.grids.test_redrawing import EAST, LEFT, MIDDLE, NORTH, RIGHT, SOUTH, WEST

pytestmark = pytest.mark.django_db
ACROSS = "118.005,31.99 118.005,32.02"


@pytest.fixture
def cast() -> Cast:
    found = make_cast("B")
    draw(found.place.comprehensives[0], rectangle(WEST, SOUTH, EAST, NORTH))
    draw(found.place.micros[0], LEFT)
    draw(found.place.micros[1], RIGHT)
    return found


def sign_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def page(name: str, grid: Grid) -> str:
    return reverse(f"admin:grids_grid_{name}", args=[grid.pk])


def ground(border: Any) -> Any:
    """The same for the same polygon, wherever its ring begins."""
    return shape(border).normalize()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1].replace("&quot;", '"')


def confirmation(answer: Any, **values: Any) -> dict[str, Any]:
    """What the browser would send from the second page, as it was filled in."""
    form, html = answer.context["form"], answer.content.decode()
    sent = {name: form[name].value() for name in form.fields}
    sent |= {"step": "confirm", "seen": hidden(html, "seen")}
    if "drafts" in answer.context:
        sent["drafts"] = hidden(html, "drafts")
    return {name: value for name, value in {**sent, **values}.items() if value is not None}


def report(cast: Cast, grid: Grid, lng: float | None = None) -> Any:
    point: Any = {} if lng is None else {"lng": lng, "lat": 32.005}
    asked = Report(category=cast.category.code, text="楼道堆物", place="东门", grid=grid.code, **point)
    return report_case(report=asked, by=cast.street, at=timezone.now())


# --- splitting -------------------------------------------------------------------------------------------------------


def test_cutting_shows_what_moves_and_splitting_moves_it(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    east, nowhere = report(cast, grid, 118.007), report(cast, grid)
    assert client.get(page("split", grid)).status_code == 200
    answer = client.post(page("split", grid), {"line": ACROSS})
    assert answer.status_code == 200
    west_part, east_part = answer.context["parts"]
    assert [case.pk for case in west_part["cases"]] == []
    assert [case.pk for case in east_part["cases"]] == [east.pk]
    assert [case.pk for case in answer.context["nowhere"]] == [nowhere.pk]
    assert f'href="{reverse("admin:cases_case_change", args=[east.pk])}"' in answer.content.decode()
    assert Grid.objects.filter(valid_from=timezone.localdate()).count() == 0
    (post,) = answer.context["form"].posts
    told = confirmation(answer, name_1="西半", name_2="东半", **{f"post_{post.pk}": ["2"]})
    answer = client.post(page("split", grid), told)
    row = Redrawing.objects.get()
    assert answer["Location"] == reverse("admin:grids_redrawing_change", args=[row.pk])
    west, east_grid = row.after.order_by("code")
    assert (west.name, west.posts.count(), east_grid.posts.count(), row.state) == ("西半", 0, 1, "done")
    listed = client.get(reverse("admin:grids_redrawing_changelist")).content.decode()
    assert west.code in listed and grid.code in listed


def test_grids_below_are_not_cut_through(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.comprehensives[0]
    answer = client.post(page("split", grid), {"line": "118.009,31.9 118.0095,32.2"})
    west, east = answer.context["parts"]
    assert [[child.code for child in part["children"]] for part in (west, east)] == [
        [cast.place.micros[0].code], [cast.place.micros[1].code],
    ]  # fmt: skip
    assert [ground(part["draft"].border) for part in (west, east)] == [ground(LEFT), ground(RIGHT)]
    by_choice = {f"part_{grid.pk}": n for n, grid in enumerate(cast.place.micros, 1)}
    answer = client.post(page("split", grid), by_choice)
    assert [ground(part["draft"].border) for part in answer.context["parts"]] == [ground(LEFT), ground(RIGHT)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Draw where to cut, or say which grid goes to which part."),
        ("118.001,32.001 118.002,32.002", "The line doesn&#x27;t cut the grid: draw it from edge to edge."),
        ("²", "This is no line."),
        ("118.005,31.99", "This is no line."),
        ("118.005,31.99 118.005,31.99", "This is no line."),
        ('{"type": "Point", "coordinates": [118, 32]}', "This is no line."),
        ('{"type": "LineString", "coordinates": [[1e400, 32], [1, 2]]}', "This is no line."),
        ('{"type": "LineString", "coordinates": 7}', "This is no line."),
        ("[" * 9000, "This is no line."),
        ("{" * 9000, "This is no line."),
        (" ".join(["118.005,31.99 118.005,32.02"] * 1500), "At most 2000 points."),
    ],
)
def test_lines_that_are_none(cast: Cast, line: str, said: str) -> None:
    answer = sign_in(cast.street).post(page("split", cast.place.micros[0]), {"line": line})
    assert answer.status_code == 400
    assert said in answer.content.decode()


@pytest.mark.parametrize("drafts", ["", "²", "[]", "[1, 2]", '[{"border": {}, "children": 1}]', "[[[[", '{"a": 1}'])
def test_parts_that_are_none(cast: Cast, drafts: str) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    answer = client.post(page("split", grid), {"step": "confirm", "drafts": drafts, "seen": "x"})
    assert answer["Location"] == page("split", grid)
    assert not Redrawing.objects.exists()


def test_who_saw_something_else_sees_it_anew(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    told = confirmation(client.post(page("split", grid), {"line": ACROSS}))
    newcomer = give(make_user(), PostKind.BUILDING_LEAD, grid)
    answer = client.post(page("split", grid), told)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Meanwhile something else hangs on it. Look again at what moves." in html
    assert newcomer.user.full_name in html
    assert not Redrawing.objects.exists()
    told = confirmation(answer, **{f"post_{newcomer.pk}": ["1"]})
    assert client.post(page("split", grid), told).status_code == 302


def test_a_later_day_is_planned_and_taken_back(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    answer = client.post(page("split", grid), {"line": ACROSS})
    later = timezone.localdate() + timezone.timedelta(days=5)
    assert client.post(page("split", grid), confirmation(answer, on=later)).status_code == 302
    row = Redrawing.objects.get()
    shown = client.get(reverse("admin:grids_redrawing_change", args=[row.pk])).content.decode()
    assert "Take the plan back" in shown
    assert client.post(reverse("admin:grids_redrawing_do", args=[row.pk, "withdraw"])).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


# --- merging ---------------------------------------------------------------------------------------------------------


def test_neighbours_are_picked_and_merged(cast: Cast) -> None:
    client, (first, second) = sign_in(cast.street), cast.place.micros
    case = report(cast, second)
    answer = client.get(page("merge", first))
    assert [(one.pk, bool(near)) for one, near in answer.context["rows"]] == [(second.pk, True)]
    assert client.post(page("merge", first)).status_code == 400
    answer = client.post(page("merge", first), {"with": [second.pk]})
    assert [work.pk for work in answer.context["cases"]] == [case.pk]
    assert answer.context["form"]["households_1"].value() == 80
    told = confirmation(answer, name_1="合一", **{"with": [second.pk]})
    assert client.post(page("merge", first), told).status_code == 302
    assert Redrawing.objects.get().after.get().name == "合一"


# --- who, and how dear -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["split", "merge"])
def test_only_the_street_office_of_the_place(cast: Cast, name: str) -> None:
    grid = cast.place.micros[0]
    assert sign_in(cast.outsider).get(page(name, grid)).status_code == 404
    for user in (cast.lead, cast.worker, make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR)):
        assert sign_in(user).get(page(name, grid)).status_code in {302, 403}
        assert sign_in(user).post(page(name, grid), {"line": ACROSS}).status_code in {302, 403}
    street = cast.place.street
    assert sign_in(cast.street).get(page(name, street))["Location"] == page("change", street)
    for odd in ("²", "0", "9" * 30, "x"):
        address = page(name, grid).replace(f"/{grid.pk}/", f"/{odd}/")
        assert sign_in(cast.street).get(address).status_code == 404
    assert not Redrawing.objects.exists()


def test_others_see_no_redrawing(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    client.post(page("split", grid), confirmation(client.post(page("split", grid), {"line": ACROSS})))
    row = Redrawing.objects.get()
    address = reverse("admin:grids_redrawing_change", args=[row.pk])
    assert client.get(address).status_code == 200
    assert sign_in(cast.outsider).get(address).status_code in {302, 404}
    listed = sign_in(cast.outsider).get(reverse("admin:grids_redrawing_changelist"))
    assert list(listed.context["cl"].result_list) == []


def test_the_preview_is_flat(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.post(page("split", grid), {"line": ACROSS}).status_code == 200
        return len(queries)

    client.get(page("split", grid))
    few = cost()
    for _n in range(3):
        report(cast, grid, 118.002)
        give(make_user(), PostKind.BUILDING_LEAD, grid)
    assert cost() == few <= 20


# --- drawing ---------------------------------------------------------------------------------------------------------


def asked(client: Client, name: str, border: Any, grid: Grid | None = None, parent: Grid | None = None) -> Any:
    text = border if isinstance(border, str) else json.dumps(border)
    told = {"border": text, "grid": grid.pk if grid else "", "parent": parent.pk if parent else ""}
    return client.post(reverse(f"admin:grids_grid_{name}_border"), told)


def test_a_border_is_checked_while_it_is_drawn(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    found = asked(client, "check", LEFT, grid).json()
    assert (found["state"], found["faults"]) == ("good", [])
    found = asked(client, "check", rectangle(WEST, SOUTH, 118.011, NORTH), grid).json()
    assert (found["state"], [fault["style"] for fault in found["faults"]]) == ("bad", ["overlap"])
    found = asked(client, "check", rectangle(117.999, SOUTH, 118.009, NORTH), grid).json()
    assert [fault["style"] for fault in found["faults"]] == ["gap", "beyond"]
    found = asked(client, "check", rectangle(WEST, SOUTH, MIDDLE, 32.005), None, cast.place.comprehensives[0]).json()
    assert [fault["style"] for fault in found["faults"]] == ["overlap"]
    found = asked(client, "check", rectangle(WEST, SOUTH, 118.019, NORTH), cast.place.comprehensives[0]).json()
    assert [fault["style"] for fault in found["faults"]] == ["beyond"]
    assert Grid.objects.get(pk=grid.pk).border == LEFT


def test_the_neighbours_edges_are_taken_over(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    wide = rectangle(117.999, 31.999, 118.011, 32.011)
    assert ground(asked(client, "fit", wide, grid).json()["border"]) == ground(LEFT)
    assert "Nothing is left" in asked(client, "fit", rectangle(118.011, SOUTH, 118.012, NORTH), grid).json()["said"][0]
    layers = asked(client, "around", "", None, cast.place.comprehensives[0]).json()["layers"]
    assert [layer["style"] for layer in layers] == ["parent", "sibling", "sibling"]


@pytest.mark.parametrize("border", ["", "²", "{", "[]", "7", '{"type": "Polygon"}', "[" * 9000])
def test_odd_borders_are_answered(cast: Cast, border: str) -> None:
    client = sign_in(cast.street)
    for name in ("check", "fit"):
        answer = asked(client, name, border, cast.place.micros[0])
        assert (answer.status_code, answer.json()["state"]) == (200, "bad")


def test_only_tenders_ask_and_only_about_what_they_see(cast: Cast) -> None:
    for name in ("check", "fit", "around"):
        address = reverse(f"admin:grids_grid_{name}_border")
        assert sign_in(cast.street).get(address).status_code == 405
        assert sign_in(cast.lead).post(address).status_code == 403
        assert Client().post(address).status_code == 302
        foreign = asked(sign_in(cast.outsider), name, LEFT, cast.place.micros[0]).json()
        assert foreign.get("layers") == [] or foreign["state"] == "bad"
