"""What the tests of proposals and of like cases share: the whole matter list, and cases as they stand."""

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

from accounts.models import User
from cases import actions
from cases.choices import CaseState
from cases.models import Case, Category, Reporter
from grids.choices import GridKind
from grids.models import Grid
from tests.factories import MONDAY, Cast

ROOT = Path(__file__).resolve().parent.parent.parent
HOUR = dt.timedelta(hours=1)


@cache
def _read(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_matters() -> None:
    """The matter list as it is delivered."""
    actions.load_catalogue(rows=_read("cases/data/categories.csv"), by=User.objects.system(), at=MONDAY)


def sample(number: str) -> dict[str, str]:
    """One of the hand-written cases of the demo."""
    return next(row for row in _read("gridgov/demo/data/sample_cases.csv") if row["case_no"] == number)


def stand(
    cast: Cast,
    text: str,
    category: str = "0501",
    *,
    micro: int = 0,
    grid: Grid | None = None,
    name: str = "",
    **values: Any,
) -> Case:
    """A case as it stands in the table, accepted an hour before MONDAY unless VALUES say otherwise."""
    where = grid or cast.place.micros[micro]
    path = {step.kind: step for step in Grid.objects.above(where)}
    at = values.pop("at", MONDAY - HOUR)
    case = Case.objects.create(
        **{
            "category": Category.objects.get(code=category), "tier": "C", "urgency": "normal", "channel": "phone",
            "title": text[:20], "text": text, "state": CaseState.ACCEPTED, "reported_by": cast.street, "reported_at": at,
            "accepted_at": at, "street": path[GridKind.STREET], "total": path.get(GridKind.TOTAL),
            "comprehensive": path.get(GridKind.COMPREHENSIVE), "grid": where, **values,
        }
    )  # fmt: skip
    Reporter.objects.create(case=case, name=name)
    return case


def another_community(cast: Cast) -> Grid:
    """A micro-grid of a second community in the street of CAST."""
    street = cast.place.street
    total = Grid.objects.create(
        code=f"{street.code}009000", kind=GridKind.TOTAL, name="桥南总网格", parent=street, valid_from=street.valid_from
    )
    lead = Grid.objects.create(
        code=f"{street.code}009001", kind=GridKind.COMPREHENSIVE, name="桥南第一网格", parent=total,
        valid_from=street.valid_from,
    )  # fmt: skip
    micro = Grid.objects.create(
        code=f"{street.code}009001001", kind=GridKind.MICRO, micro_type="resident", name="桥南家园1号楼微网格", parent=lead,
        valid_from=street.valid_from,
    )  # fmt: skip
    for user in (cast.street, cast.total_lead, cast.lead, cast.worker):
        user.__dict__.pop("_scope", None)
    return Grid.objects.get(pk=micro.pk)
