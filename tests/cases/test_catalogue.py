"""The matter list as it ships: 11 groups, 83 categories, and 29 limits that deviate from their tier's."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import Category, Policy
from gridgov.core.models import Record

pytestmark = pytest.mark.django_db


def test_the_shipped_list(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    assert capsys.readouterr().out == "94 rows\n"
    assert Category.objects.filter(level=1).count() == 11
    assert {tier: Category.objects.filter(tier=tier).count() for tier in "ABC"} == {"A": 15, "B": 33, "C": 35}
    assert Policy.objects.count() == 29
    manhole = Policy.objects.get(category__code="0401")
    assert (manhole.tier, manhole.value, manhole.unit, manhole.street) == ("C", Decimal(4), "natural_hour", None)
    assert not Policy.objects.filter(category__code="0602").exists()
    # The basis is read by workers and by who asks why a limit is what it is: in the office's own words.
    assert not Category.objects.filter(basis__regex="[A-Za-z]").exists()


def test_loading_again_updates_and_leaves_the_offices_own_limits() -> None:
    call_command("load_catalogue")
    Category.objects.filter(code="0602").update(name="旧名", enabled=False, needs_place=False)
    Policy.objects.all().delete()
    call_command("load_catalogue")
    category = Category.objects.get(code="0602")
    assert (category.name, category.enabled, category.needs_place) == ("楼道堆物占用", False, False)
    assert (Category.objects.count(), Policy.objects.count()) == (94, 0)
    assert Record.objects.filter(verb="cases.catalogue_loaded").count() == 2


@pytest.mark.parametrize("content", ["code,key\n01,x\n", "nothing", "\u0000"])
def test_a_file_that_is_none_changes_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(content + "\nrow,of,words\n")
    with pytest.raises(CommandError):
        call_command("load_catalogue", str(file))
    assert (Category.objects.count(), Record.objects.count()) == (0, 0)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_catalogue", str(tmp_path / "none.csv"))
