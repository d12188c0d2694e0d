"""The matter list and the time limits: who reads, who changes, and through which action."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role
from cases import actions
from cases.models import Category, Policy
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.factories import MONDAY, Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
LIMITS = "/admin/cases/policy/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def matter(category: Category) -> str:
    return f"/admin/cases/category/{category.pk}/change/"


def test_the_street_switches_an_item_and_it_is_recorded(cast: Cast) -> None:
    answer = desk(cast.street).post(matter(cast.category), {"needs_photo": "on", "needs_place": "on", "name": "改名"})
    assert answer.status_code == 302
    cast.category.refresh_from_db()
    assert (cast.category.enabled, cast.category.needs_photo, cast.category.needs_place) == (False, True, True)
    assert cast.category.name == "类别0602"
    row = Record.objects.get(verb="cases.category_changed")
    assert row.data == {
        "changes": {"enabled": [True, False], "needs_place": [False, True], "needs_photo": [False, True]}
    }
    assert (row.actor_id, row.subject_id) == (cast.street.pk, cast.category.pk)


def test_changing_nothing_records_nothing(cast: Cast) -> None:
    desk(cast.street).post(matter(cast.category), {"enabled": "on"})
    assert not Record.objects.filter(verb="cases.category_changed").exists()


def test_others_read_the_matter_list_and_change_nothing(cast: Cast) -> None:
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.SYSTEM_ADMIN)):
        client = desk(user)
        assert client.get("/admin/cases/category/").status_code == 200
        assert client.get(matter(cast.category)).status_code == 200
        assert client.post(matter(cast.category), {"needs_photo": "on"}).status_code == 403
    assert desk(make_user(Role.AUDITOR)).get("/admin/cases/category/").status_code == 403
    cast.category.refresh_from_db()
    assert cast.category.needs_photo is False
    with pytest.raises(Forbidden):
        actions.change_category(
            category=cast.category,
            enabled=False,
            needs_place=True,
            needs_photo=True,
            needs_photo_before=True,
            public=True,
            by=cast.lead,
            at=MONDAY,
        )
    assert Category.objects.get(pk=cast.category.pk).enabled is True


def test_nobody_adds_or_deletes_a_matter_by_hand(cast: Cast) -> None:
    client = desk(cast.street)
    assert client.get("/admin/cases/category/add/").status_code == 403
    assert client.post(f"/admin/cases/category/{cast.category.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Category.objects.filter(pk=cast.category.pk).exists()


def test_the_street_sets_a_limit_and_it_is_in_force(cast: Cast) -> None:
    given = {
        "limit": "case",
        "tier": "B",
        "value": "5",
        "unit": "work_day",
        "category": cast.category.pk,
        "reason": "节后积案",
    }
    answer = desk(cast.street).post(f"{LIMITS}add/", given)
    assert (answer.status_code, answer["Location"]) == (302, LIMITS)
    policy = Policy.objects.get()
    assert (policy.tier, policy.value, policy.unit, policy.category, policy.reason) == (
        "B", Decimal(5), "work_day", cast.category, "节后积案",
    )  # fmt: skip
    assert Record.objects.get(verb="cases.policy_set").actor_id == cast.street.pk


def test_the_list_says_what_is_in_force(cast: Cast) -> None:
    now = timezone.now()
    rows = {
        name: Policy.objects.create(tier="B", value=value, unit="natural_day", effective_from=at, category=category)
        for name, value, at, category in [
            ("old", 3, now - dt.timedelta(days=9), None),
            ("new", 4, now - dt.timedelta(days=1), None),
            ("coming", 5, now + dt.timedelta(days=9), None),
            ("special", 2, now - dt.timedelta(days=20), cast.category),
        ]
    }
    shown = {row.pk: row for row in desk(cast.worker).get(LIMITS).context["cl"].result_list}
    replaced = {name: shown[row.pk].replaced for name, row in rows.items()}
    assert replaced == {"old": True, "new": False, "coming": False, "special": False}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "0"}, "value"), ({"value": "viel"}, "value"), ({"unit": "year"}, "unit"), ({"tier": "Z"}, "tier"),
        ({"effective_from_0": "2020-01-01", "effective_from_1": "08:00"}, "effective_from"),
    ],
)  # fmt: skip
def test_a_wrong_limit_comes_back_in_the_form(cast: Cast, wrong: dict[str, str], field: str) -> None:
    answer = desk(cast.street).post(
        f"{LIMITS}add/", {"limit": "case", "tier": "B", "value": "5", "unit": "work_day", **wrong}
    )
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Policy.objects.exists()


def test_a_limit_is_never_edited_and_only_the_street_adds_one(cast: Cast) -> None:
    policy = Policy.objects.create(tier="B", value=5, unit="natural_day", effective_from=MONDAY)
    edit = f"{LIMITS}{policy.pk}/change/"
    for user in (cast.street, cast.lead):
        assert desk(user).get(edit).status_code == 200
        assert (
            desk(user).post(edit, {"limit": "case", "tier": "B", "value": "50", "unit": "natural_day"}).status_code
            == 403
        )
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.SYSTEM_ADMIN)):
        given = {"limit": "case", "tier": "B", "value": "50", "unit": "natural_day"}
        assert desk(user).post(f"{LIMITS}add/", given).status_code == 403
    assert list(Policy.objects.values_list("value", flat=True)) == [Decimal(5)]
