"""Filters kept under a name: one's own, the default first, shared by the street office, and never a search for a phone."""

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import SavedList
from gridgov.core.models import Record
from tests.cases.desk import desk, walk
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/case/"
KEEP = f"{LIST}saved/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def keep(user: Any, query: str = "?state=handling", **given: Any) -> SavedList:
    answer = desk(user).post(f"{KEEP}{query}", {"name": "在办", **given})
    row = SavedList.objects.get(user=user, name=given.get("name", "在办"))
    assert answer["Location"] == f"{LIST}?{row.query}&view={row.pk}"
    return row


def chips(user: Any, query: str = "?view=0") -> list[str]:
    return [str(chip["row"]) for chip in desk(user).get(LIST + query).context["chips"]]


def test_a_kept_list_opens_with_its_filters_and_can_be_renamed_and_dropped(cast: Cast) -> None:
    walk(cast, "submitted")
    case = walk(cast, "handling")
    row = keep(cast.lead, "?state=handling&q=纸箱&after=x&p=3&view=7")
    assert row.query == "state=handling&q=%E7%BA%B8%E7%AE%B1"
    page = desk(cast.lead).get(f"{LIST}?{row.query}&view={row.pk}")
    assert [found.no for found in page.context["cl"].result_list] == [case.no]
    assert page.context["chosen"]["row"] == row
    assert chips(cast.lead) == ["在办"]
    desk(cast.lead).post(f"{KEEP}{row.pk}/", {"name": "手头的"})
    assert chips(cast.lead) == ["手头的"]
    desk(cast.lead).post(f"{KEEP}{row.pk}/", {"name": "手头的", "do": "drop"})
    assert chips(cast.lead) == []
    verbs = Record.objects.filter(subject_type="accounts.savedlist", subject_id=row.pk).order_by("seq")
    assert [record.verb for record in verbs] == [
        "accounts.list_saved",
        "accounts.list_changed",
        "accounts.list_dropped",
    ]


def test_the_default_opens_where_nothing_else_is_asked(cast: Cast) -> None:
    first = keep(cast.lead, default="1")
    assert desk(cast.lead).get(LIST)["Location"] == f"?state=handling&view={first.pk}"
    assert desk(cast.lead).get(f"{LIST}?view=0").status_code == 200
    second = keep(cast.lead, "?state=open", name="全部在办", default="1")
    assert list(SavedList.objects.filter(is_default=True)) == [second]
    desk(cast.lead).post(f"{KEEP}{second.pk}/", {"name": "全部在办"})
    assert desk(cast.lead).get(LIST).status_code == 200


def test_only_the_street_office_shares_and_only_with_its_own_street(cast: Cast) -> None:
    keep(cast.street, share="1")
    for user in (cast.street, cast.total_lead, cast.lead, cast.worker):
        assert chips(user) == ["在办"]
    assert chips(cast.outsider) == chips(cast.unit_staff) == []
    row = keep(cast.lead, name="我的", share="1")
    assert (row.scope, chips(cast.street)) == ("", ["在办"])


def test_nobody_touches_somebody_elses(cast: Cast) -> None:
    row = keep(cast.street, share="1")
    for user in (cast.lead, cast.outsider):
        for given in ({"do": "drop"}, {"name": "x"}):
            assert desk(user).post(f"{KEEP}{row.pk}/", given).status_code == 404
    assert SavedList.objects.get().name == "在办"
    assert desk(make_user(Role.AUDITOR)).post(f"{KEEP}{row.pk}/", {"do": "drop"}).status_code == 403


def test_a_search_for_a_phone_and_nothing_at_all_are_not_kept(cast: Cast) -> None:
    for query, name in (
        ("?q=*5678", "他"),
        ("", "空"),
        ("?state=open", ""),
        ("?state=open", "长" * 25),
        (f"?q={'长' * 200}", "长"),
    ):
        assert desk(cast.lead).post(f"{KEEP}{query}", {"name": name}).status_code == 302
    assert SavedList.objects.count() == 0


def test_addresses_that_nobody_clicks(cast: Cast) -> None:
    assert desk(cast.lead).get(KEEP).status_code == desk(cast.lead).get(f"{KEEP}1/").status_code == 405
    assert desk(cast.lead).post(f"{KEEP}{10**30}/", {"do": "drop"}).status_code == 404
    assert desk(cast.lead).get(f"{LIST}?view=²").status_code == 200
