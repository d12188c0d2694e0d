"""Moving in the tree: the verb says what goes along, the list is dragged in a browser, a grid is split in one."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from gridgov.core.models import Record
from grids.models import Grid, Redrawing
from tests.factories import Cast, make_cast, make_street
from tests.grids.test_borders import draw, rectangle

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def move(grid: Grid) -> str:
    return reverse("admin:grids_grid_do", args=[grid.pk, "move"])


@pytest.fixture
def cast() -> Cast:
    """The street has a second community with a comprehensive grid of its own."""
    found = make_cast("B")
    street = found.place.street
    total = Grid.objects.create(
        code="990101001002000", kind="total", name="二社区", parent=street, valid_from=street.valid_from
    )
    Grid.objects.create(
        code="990101001002001", kind="comprehensive", name="二社区一网格", parent=total, valid_from=street.valid_from
    )
    street.refresh_from_db()
    return found


def other(code: str = "990101001002001") -> Grid:
    return Grid.objects.get(code=code)


def test_the_dialog_says_what_goes_along_and_moves(cast: Cast) -> None:
    client, grid = sign_in(cast.street), cast.place.micros[0]
    html = client.get(f"{move(grid)}?parent={other().pk}", headers={"X-Fragment": "1"}).content.decode()
    assert "0 grids below it" in html and "1 post stays where it is held" in html
    assert f'<option value="{other().pk}" selected>' in html
    assert f'<option value="{other("990101001002000").pk}"' not in html
    assert client.post(move(grid), {"parent": other().pk}).status_code == 302
    grid.refresh_from_db()
    assert grid.parent_id == other().pk


def test_what_may_not_be_moved(cast: Cast) -> None:
    grid, foreign = cast.place.micros[0], make_street("990101009").comprehensives[0]
    client = sign_in(cast.street)
    for parent in (foreign.pk, other("990101001002000").pk, grid.parent_id, "", "²", "9" * 30):
        assert client.post(move(grid), {"parent": parent}).status_code == 400
    assert client.post(move(cast.place.street), {"parent": other().pk}).status_code == 400
    assert sign_in(cast.outsider).get(move(grid)).status_code == 404
    assert sign_in(cast.worker).post(move(grid), {"parent": other().pk}).status_code == 403
    assert not Record.objects.filter(verb="grids.moved").exists()


def test_the_dialog_is_flat(cast: Cast) -> None:
    client = sign_in(cast.street)

    def cost(grid: Grid) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(move(grid))
        return len(queries)

    cost(cast.place.micros[0])
    assert cost(cast.place.comprehensives[0]) == cost(cast.place.micros[0]) <= 15


def test_a_grid_is_dragged(desk: Any, cast: Cast) -> None:
    grid, target = cast.place.micros[0], other()
    page = desk(user=cast.street)
    page.goto("/admin/grids/grid/")
    row = page.locator(f"tr:has([data-grid='{grid.pk}'])")
    expect(row).to_have_attribute("draggable", "true")
    row.drag_to(page.locator(f"tr:has([data-grid='{target.parent_id}'])"))
    expect(page.locator("[data-tree-said]")).not_to_be_empty()  # a micro-grid under a community: said why not
    expect(page.locator("#verb-dialog")).not_to_be_visible()
    row.drag_to(page.locator(f"tr:has([data-grid='{target.pk}'])"))
    dialog = page.locator("#verb-dialog")
    expect(dialog.locator("select[name=parent]")).to_have_value(str(target.pk))
    grid.refresh_from_db()
    assert grid.parent_id == cast.place.comprehensives[0].pk  # nothing before it is confirmed
    dialog.locator("button[type=submit]").click()
    page.wait_for_url("**/change/**")
    grid.refresh_from_db()
    assert grid.parent_id == target.pk
    page.goto("/admin/grids/grid/")
    branch = page.locator(f"tr:has([data-grid='{target.pk}']) .gg-branch")
    branch.focus()
    page.keyboard.press("Enter")
    expect(row).to_be_hidden()
    expect(branch).to_have_attribute("aria-expanded", "false")


def test_a_grid_is_split(desk: Any, cast: Cast) -> None:
    grid = cast.place.micros[0]
    draw(grid, rectangle(118.0, 32.0, 118.01, 32.01))
    page = desk(user=cast.street)
    page.goto(f"/admin/grids/grid/{grid.pk}/split/")
    page.locator(".control-icon.leaflet-pm-icon-polyline").click()
    box = page.locator("path.leaflet-interactive").first.bounding_box()
    middle = box["x"] + box["width"] / 2
    corners = page.locator(".marker-icon:not(.cursor-marker)")
    for number, y in enumerate((box["y"] - 12, box["y"] + box["height"] + 12), 1):
        page.mouse.click(middle, y)
        expect(corners).to_have_count(number)
    page.mouse.click(middle, box["y"] + box["height"] + 12)
    expect(page.locator("textarea[name=line]")).not_to_have_value("")
    page.locator("form button.gg-primary").click()
    page.wait_for_selector("[name=name_2]")
    page.locator("[name=name_1]").fill("西半")
    page.locator("[name=name_2]").fill("东半")
    page.locator("form button.gg-primary").click()
    page.wait_for_url("**/redrawing/**")
    west, east = Redrawing.objects.get().after.order_by("code")
    assert (west.name, east.name) == ("西半", "东半")
    assert abs(west.area_m2 + east.area_m2 - 1047748.3) < 20
