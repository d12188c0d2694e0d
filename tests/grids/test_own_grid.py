"""The own grid on the phone: what is on it, for whom, and what those who serve it can tell from there."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Notice
from cases import actions as case_actions
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions
from grids.choices import DutyArea, PostKind
from grids.models import Binding, Post
from grids.reports import own_grid
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
ODD = ["²", "\0", "9" * 400, "', --", "../", "%00", "-1"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def phone(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def report(cast, number: int = 1, grid=None, **more):
    where = (grid or cast.place.micros[0]).code
    given = case_actions.Report(category=cast.category.code, text=f"灯不亮{number}", grid=where, **more)
    return case_actions.report_case(report=given, by=cast.worker, at=MONDAY)


def test_a_worker_reads_of_the_own_grid(cast):
    micro = cast.place.micros[0]
    draw(micro, square(113.0, 22.0, 0.001))
    case = report(cast, lng=113.0002, lat=22.0002)
    street = cast.place.street
    actions.add_duty(
        street=street, kind=PostKind.GRID_WORKER_FT, area=DutyArea.GRASSROOTS, text="走访", by=cast.street, at=MONDAY
    )
    post = Post.objects.get(user=cast.lead)
    actions.disclose_post(post=post, shown=True, phone="010-12345678", by=cast.street, at=MONDAY)
    specialist = make_user(Role.UNIT_STAFF, full_name="陈师傅", phone="13900000009")
    unit = make_unit("供水公司", phone="010-87654321")
    bound = give(specialist, PostKind.SPECIALIST_WORKER, unit)
    Binding.objects.create(post=bound, grid=cast.place.comprehensives[0], valid_from=LONG_AGO)
    html = phone(cast.worker).get("/m/grid/").content.decode()
    for words in (micro.name, case.no, "走访", cast.lead.full_name, 'href="tel:010-12345678"', "陈师傅", "供水公司"):
        assert words in html
    assert 'href="tel:010-87654321"' in html, "who is no public contact is called through the unit"
    assert "13900000009" not in html
    assert html.count("<circle") >= 1
    assert "style=" not in html
    assert "<script>" not in html


def test_without_a_grid_the_page_says_so(cast):
    html = phone(cast.unit_staff).get("/m/grid/").content.decode()
    assert "No grid of your own" in html


def test_a_professional_worker_finds_the_grids_bound_to(cast):
    specialist = make_user(Role.UNIT_STAFF)
    post = give(specialist, PostKind.SPECIALIST_WORKER, cast.unit)
    grid = cast.place.comprehensives[0]
    Binding.objects.create(post=post, grid=grid, valid_from=LONG_AGO)
    html = phone(specialist).get("/m/grid/").content.decode()
    assert f'href="/g/{grid.code}/"' in html and grid.name in html
    assert phone(specialist).get(f"/m/grid/?g={grid.code}").status_code == 404, "it is not a post there"


def test_a_lead_chooses_among_the_grids_below(cast):
    client = phone(cast.lead)
    html = client.get("/m/grid/").content.decode()
    for micro in cast.place.micros:
        assert f"?g={micro.code}" in html
    assert client.get(f"/m/grid/?g={cast.place.micros[1].code}").status_code == 200


@pytest.mark.parametrize("who", ["worker", "outsider", "unit_staff"])
def test_other_grids_do_not_exist(cast, who):
    other = cast.place.micros[1]
    client = phone(getattr(cast, who))
    paths = ("grid/?g={}", "grid/{}/code/", "grid/{}/notices/", "grid/{}/groups/")
    assert [client.get("/m/" + path.format(other.code)).status_code for path in paths] == [404] * 4
    assert client.post(f"/m/grid/{other.code}/households/", {"households": 3}).status_code == 404
    assert not Record.objects.filter(verb="grids.households_suggested").exists()


@pytest.mark.parametrize("odd", ODD)
def test_odd_grids_do_not_exist(cast, odd):
    client = phone(cast.worker)
    assert client.get("/m/grid/", {"g": odd}).status_code == (400 if "\0" in odd else 404)
    assert client.get(f"/m/groups/{10**30}/").status_code == 404


def test_strangers_are_sent_to_sign_in(cast):
    answer = Client().get("/m/grid/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/m/login/")


def test_the_page_is_flat_in_queries(cast):
    client = phone(cast.worker)
    client.get("/m/grid/")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get("/m/grid/")
        return len(caught)

    def more(number: int) -> None:
        report(cast, number)
        actions.announce(grid=cast.place.street, title=f"通知{number}", text="停水", by=cast.street, at=timezone.now())
        give(make_user(Role.WORKER), PostKind.UNIT_LEAD, cast.place.micros[0])

    more(1)
    one = count()
    for number in (2, 3):
        more(number)
    assert count() == one


def test_ended_grids_are_nobodys(cast):
    micro = cast.place.micros[0]
    micro.valid_to = timezone.localdate() - dt.timedelta(days=1)
    micro.save()
    assert own_grid(micro.code, cast.worker, timezone.localdate()) is None


# --- households ------------------------------------------------------------------------------------------------------


def test_a_count_is_told_to_those_who_answer_for_the_grid(cast):
    micro = cast.place.micros[0]
    client = phone(cast.worker)
    answer = client.post(f"/m/grid/{micro.code}/households/", {"households": "43"})
    assert (answer.status_code, answer["Location"]) == (302, f"/m/grid/?g={micro.code}&told=1")
    micro.refresh_from_db()
    assert micro.households == 40, "only the street office changes it"
    told = Notice.objects.filter(subject_type="grids.grid", subject_id=micro.pk)
    assert {notice.user for notice in told} == {cast.lead, cast.street}
    assert Record.objects.get(verb="grids.households_suggested").data == {"from": 40, "to": 43}


@pytest.mark.parametrize(("given", "status"), [("-1", 400), ("100000", 400), ("viele", 400), ("", 400), ("40", 409)])
def test_what_is_no_count_is_said_at_the_field(cast, given, status):
    micro = cast.place.micros[0]
    answer = phone(cast.worker).post(f"/m/grid/{micro.code}/households/", {"households": given})
    assert answer.status_code == status
    assert 'class="fault"' in answer.content.decode()
    assert not Record.objects.filter(verb="grids.households_suggested").exists()


def test_who_may_not_tell(cast):
    given = {"grid": cast.place.micros[0], "households": 50, "at": MONDAY}
    for refusal, who, more in (
        (Forbidden, cast.other_worker, {}), (Forbidden, cast.unit_staff, {}), (Conflict, cast.worker, {"households": 40}),
        (Invalid, cast.worker, {"households": -1}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            actions.suggest_households(**{**given, **more}, by=who)
    assert not Notice.objects.exists()
