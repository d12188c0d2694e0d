"""What can be reported, in few big choices: the groups of the published matter list that have anything public."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from cases.models import Category
from cases.reports import suggest

OTHER = "other"


@dataclass(frozen=True)
class Matters:
    """A group of matters with its public items."""

    code: str
    label: str
    items: tuple[Category, ...]

    @property
    def some(self) -> tuple[Category, ...]:
        """The first few items, to show what is meant."""
        return self.items[:3]


def matters() -> list[Matters]:
    """The groups in the order of the list; one query."""
    rows = Category.objects.choosable().filter(public=True, sensitive=False, parent__isnull=False)
    groups: dict[Category, list[Category]] = {}
    for row in rows.select_related("parent").order_by("parent__sort_order", "parent__code", "sort_order", "code"):
        if row.parent is not None:
            groups.setdefault(row.parent, []).append(row)
    return [Matters(group.code, group.label, tuple(items)) for group, items in groups.items()]


def matter_of(text: str, group: str, *, grid: str, by: User, at: dt.datetime) -> str:
    """The category that TEXT most likely is about, within GROUP if it is one, for a report whose item nobody chose. The
    office decides when it takes it on; without any hint the group's first item stands in. "" where the list is empty."""
    guesses = suggest(text=text, grid=grid, by=by, at=at).categories
    codes = [guess.code for guess in guesses if group == OTHER or guess.code.startswith(group)]
    if codes:
        return codes[0]
    rows = Category.objects.choosable().exclude(urgency="emergency")
    rows = rows if group == OTHER else rows.filter(parent__code=group)
    return rows.order_by("sort_order", "code").values_list("code", flat=True).first() or ""
