"""The map in a real browser: drawing a border and saving it, with no tile server and in the user's language."""

import pytest
from playwright.sync_api import expect

from accounts.choices import Role
from grids.choices import PostKind
from tests.factories import give, make_street, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(desk):
    place = make_street()
    office = make_user(Role.STREET)
    give(office, PostKind.STREET_STAFF, place.street)
    draw(place.comprehensives[0], square(side=0.02))
    draw(place.micros[1], square(118.01))
    page = desk(user=office)
    page.place = place
    return page


def test_drawing_a_border(page):
    grid = page.place.micros[0]
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "localhost" not in request.url else None)
    page.goto(f"/admin/grids/grid/{grid.pk}/change/")
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    tool = page.locator(".leaflet-pm-toolbar .control-icon.leaflet-pm-icon-polygon")
    assert tool.locator("..").get_attribute("aria-label") != "Draw Polygon"  # Geoman's own English word
    tool.click()
    box = page.locator(".leaflet-container").bounding_box()
    drawn = page.locator(".marker-icon:not(.cursor-marker)")
    for number, (x, y) in enumerate(((250, 120), (400, 120), (400, 250), (250, 250)), 1):
        page.mouse.click(box["x"] + x, box["y"] + y)
        expect(drawn).to_have_count(number)
    page.mouse.click(box["x"] + 250, box["y"] + 120)  # on the first corner: closed
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/grids/grid/**")
    page.goto(f"/admin/grids/grid/{grid.pk}/change/")
    page.wait_for_selector("path.leaflet-interactive")
    grid.refresh_from_db()
    (ring,) = grid.border["coordinates"]
    assert (len(ring), grid.area_m2 > 0) == (5, True)
    assert page.locator("path.leaflet-interactive").count() >= 2
    assert [url for url in foreign if not url.startswith(("data:", "blob:", page.url.split("/admin")[0]))] == []


def test_looking_at_faults(page):
    page.goto(f"/admin/grids/grid/{page.place.comprehensives[0].pk}/coverage/")
    page.wait_for_selector("path.leaflet-interactive")
    gap = page.locator('path[stroke="#b91c1c"]')
    assert gap.count() == 1
    gap.hover(force=True)
    assert page.place.micros[1].code in page.locator(".leaflet-tooltip").inner_text()
