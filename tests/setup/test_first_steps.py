"""The first steps of a new street: seen from the data, ticked where only a person knows, gone when all is done."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import Category
from gridgov.core.models import CalendarDay, Record
from gridgov.setup.first_steps import KINDS, first_steps
from grids.choices import FIRST_STEPS, PostKind
from grids.models import Grid, Unit
from tests.cases.desk import desk, walk
from tests.factories import Cast, give, make_cast, make_street, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/first-steps/"
SQUARE = {"type": "Polygon", "coordinates": [[[120, 30], [120.01, 30], [120.01, 30.01], [120, 30]]]}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def done(street: Grid | None, user: User) -> dict[str, bool]:
    return {step.kind.name: step.done for step in first_steps(street, user, timezone.now()).steps}


def card(user: User) -> Any:
    return desk(user).get(PAGE, headers={"X-Fragment": "1"})


def finish(cast: Cast, tmp_path: Path, settings: Any) -> None:
    """Everything that is seen from the data."""
    street = cast.place.street
    Grid.objects.under(street).update(border=SQUARE, shape=b"x", box=(0, 0, 1, 1))
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        make_user(role)
    give(cast.total_lead, PostKind.ROOT_GRID_LEAD, cast.place.totals[0])
    today = timezone.localdate()
    CalendarDay.objects.bulk_create(CalendarDay(date=today + dt.timedelta(days=n), kind="work") for n in range(100))
    walk(cast, "closed")
    settings.BACKUP_STAMP = tmp_path / "stamp"
    settings.BACKUP_STAMP.touch()


def test_without_a_street_nothing_is_done() -> None:
    admin = make_user(Role.SYSTEM_ADMIN)
    assert set(done(None, admin).values()) == {False}
    answer = card(admin)
    assert answer.status_code == 200
    assert (answer.context["found"].percent, answer.context["may_tick"]) == (0, False)
    assert desk(admin).get(PAGE).status_code == 200


def test_each_step_is_seen_from_the_data(cast: Cast, tmp_path: Path, settings: Any) -> None:
    street = cast.place.street
    bare = make_street("990101003", totals=0).street
    new = done(bare, cast.street)
    assert {name for name, is_done in new.items() if is_done} == {"street", "units", "categories"}
    Unit.objects.update(is_active=False)
    Category.objects.update(enabled=False)
    assert not any(done(bare, cast.street)[name] for name in ("units", "categories"))
    Unit.objects.update(is_active=True)
    Category.objects.update(enabled=True)
    before = done(street, cast.street)
    assert {name for name, is_done in before.items() if is_done} == {"street", "grids", "units", "posts", "categories"}
    finish(cast, tmp_path, settings)
    after = done(street, cast.street)
    assert {name for name, is_done in after.items() if not is_done} == FIRST_STEPS - {"all"}


def test_a_vacancy_is_a_step_to_take(cast: Cast) -> None:
    cast.place.street.refresh_from_db()
    assert done(cast.place.street, cast.street)["posts"] is True
    cast.lead.posts.update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    assert done(cast.place.street, cast.street)["posts"] is False


def test_the_office_ticks_what_only_it_knows_and_it_is_recorded(cast: Cast) -> None:
    street = cast.place.street
    given = {"street": street.pk, "step": "limits", "done": "1"}
    answer = desk(cast.street).post(PAGE, given)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?street={street.pk}")
    assert done(street, cast.street)["limits"] is True
    row = Record.objects.get(verb="grids.first_step_ticked")
    assert (row.actor_id, row.scope, row.data) == (cast.street.pk, street.code, {"step": "limits", "done": True})
    desk(cast.street).post(PAGE, {**given, "done": "0"})
    assert done(street, cast.street)["limits"] is False


def test_the_card_goes_when_all_is_done(cast: Cast, tmp_path: Path, settings: Any) -> None:
    finish(cast, tmp_path, settings)
    assert card(cast.street).status_code == 200
    for step in sorted(FIRST_STEPS - {"all"}):
        desk(cast.street).post(PAGE, {"street": cast.place.street.pk, "step": step, "done": "1"})
    assert card(cast.street).status_code == 204
    page = desk(cast.street).get(PAGE)
    assert (page.context["found"].percent, page.context["found"].complete) == (100, True)


def test_the_office_puts_the_card_away_and_fetches_it_back(cast: Cast) -> None:
    given = {"street": cast.place.street.pk, "step": "all", "done": "1", "from": "index"}
    assert desk(cast.street).post(PAGE, given)["Location"] == "/admin/"
    assert card(cast.street).status_code == 204
    assert card(cast.outsider).status_code == 200  # another street's begins as it was
    desk(cast.street).post(PAGE, {**given, "done": "0"})
    assert card(cast.street).status_code == 200


def test_the_system_hand_sees_the_next_street_that_is_not_through(cast: Cast) -> None:
    admin = make_user(Role.SYSTEM_ADMIN)
    assert card(admin).context["found"].street == cast.place.street
    desk(cast.street).post(PAGE, {"street": cast.place.street.pk, "step": "all", "done": "1"})
    assert card(admin).context["found"].street.code == "990101002"
    assert len(desk(admin).get(PAGE).context["streets"]) == 2


def test_the_security_hand_sees_its_own_steps(cast: Cast) -> None:
    answer = card(make_user(Role.SECURITY_ADMIN))
    assert [line["step"].kind.name for line in answer.context["lines"]] == ["accounts"]
    assert answer.context["may_tick"] is False


def test_others_have_no_such_page(cast: Cast) -> None:
    for user in (cast.worker, cast.lead, cast.total_lead, cast.unit_staff, make_user(Role.AUDITOR)):
        assert desk(user).get(PAGE).status_code == 403
        assert "data-first-steps" not in desk(user).get("/admin/").content.decode()
    assert "data-first-steps" in desk(cast.street).get("/admin/").content.decode()
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("wrong", ["", "²", "0", "99999999999999999999", "x"])
def test_a_street_that_is_not_ones_own_does_not_exist(cast: Cast, wrong: str) -> None:
    other = str(Grid.objects.get(code="990101002").pk)
    before = Record.objects.count()
    client = desk(cast.street)
    signed_in = Record.objects.count() - before
    for street in (wrong, other):
        assert client.get(f"{PAGE}?street={street}").status_code == 404
        assert client.post(PAGE, {"street": street, "step": "all", "done": "1"}).status_code == 404
    assert Record.objects.count() == before + signed_in


def test_a_step_that_is_none_is_refused(cast: Cast) -> None:
    for step in ("street", "nonsense", ""):
        answer = desk(cast.street).post(PAGE, {"street": cast.place.street.pk, "step": step, "done": "1"})
        assert answer.status_code == 400
    security = desk(make_user(Role.SECURITY_ADMIN))
    answer = security.post(PAGE, {"street": cast.place.street.pk, "step": "all", "done": "1"})
    assert answer.status_code == 403
    assert not Record.objects.filter(verb="grids.first_step_ticked").exists()


def test_links_lead_where_the_reader_may_go(cast: Cast) -> None:
    for user in (cast.street, make_user(Role.SYSTEM_ADMIN), make_user(Role.SECURITY_ADMIN)):
        lines = desk(user).get(PAGE).context["lines"]
        own = [line for line in lines if line["mine"]]
        assert all(line["url"] for line in own), [line["step"].kind.name for line in own if not line["url"]]
        assert {desk(user).get(line["url"]).status_code for line in lines if line["url"]} == {200}


def test_the_steps_cost_the_same_however_many_grids(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            first_steps(cast.place.street, cast.street, timezone.now())
        return len(caught)

    few = cost()
    for n in (5, 6, 7):
        make_user(Role.WORKER)
        Unit.objects.create(name=f"单位x{n}", kind="government")
    assert cost() == few <= 16
    assert len(KINDS) == 13
