"""The columns of the case list: everybody's own, remembered; what the list hasn't is refused."""

import pytest

from accounts.choices import Role
from accounts.models import ListColumns
from gridgov.core.models import Record
from tests.cases.desk import desk, report
from tests.factories import make_cast, make_user

pytestmark = pytest.mark.django_db
LIST, COLUMNS = "/admin/cases/case/", "/admin/cases/case/columns/"


def shown(user: object) -> list[str]:
    return [name for name in desk(user).get(LIST).context["cl"].list_display if name != "pick"]


def test_columns_are_chosen_each_for_oneself_and_all_come_back() -> None:
    cast = make_cast("B")
    report(cast)
    everything = shown(cast.street)
    answer = desk(cast.street).post(f"{COLUMNS}?queue=late", {"column": ["clock", "state_now"]})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?queue=late")
    assert shown(cast.street) == ["number", "headline", "state_now", "clock"]
    assert shown(cast.lead) == everything
    assert Record.objects.get(verb="accounts.columns_chosen").data == {
        "page": "cases.case", "shown": ["state_now", "clock"],
    }  # fmt: skip
    desk(cast.street).post(COLUMNS, {"usual": "1"})
    assert (shown(cast.street), ListColumns.objects.count()) == (everything, 0)


@pytest.mark.parametrize("name", ["text", "number", "\x00", "__class__"])
def test_a_column_that_is_none_is_told_and_changes_nothing(name: str) -> None:
    cast = make_cast("B")
    answer = desk(cast.street).post(COLUMNS, {"column": ["clock", name]}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["列表中没有这一列。"]
    assert ListColumns.objects.count() == 0
    assert not Record.objects.filter(verb="accounts.columns_chosen").exists()


def test_whoever_has_no_cases_has_no_columns() -> None:
    assert desk(make_user(Role.SECURITY_ADMIN)).post(COLUMNS, {"column": ["clock"]}).status_code == 403
    assert desk(make_cast("B").street).get(COLUMNS).status_code == 405
    assert ListColumns.objects.count() == 0
