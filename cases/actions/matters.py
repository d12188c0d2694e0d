"""Taking the matter list in from a file of the office: new codes come in, known ones are brought up to date, none goes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.models import Category
from gridgov.core.errors import Faults, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record, record_many
from gridgov.core.rows import FaultList, RowFault


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One line of the list: a group (two digits) or an item (four, the group's first), and what is said of it by the
    names of Category's fields. What a list has no column for stays as it is."""

    code: str
    values: Mapping[str, Any]

    @property
    def group(self) -> str:
        """The code of the group it belongs to, '' for a group itself."""
        return self.code[:2] if len(self.code) == 4 else ""


@dataclass(frozen=True, slots=True)
class MatterChange:
    """What a list changes about one code: {field: [before, after]}; empty for a new one."""

    code: str
    name: str
    changes: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class MattersImported:
    """How many lines were, or in a dry run would be, new, changed, and left as they stood."""

    founded: int
    changed: int
    unchanged: int
    changes: list[MatterChange]


@transaction.atomic
def import_matters(
    *, rows: Iterable[MatterRow], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> MattersImported:
    """Take ROWS in, or only check them. FAULTS are those found while reading the file. Raises BadRows with all of them."""
    rules.can_change_category(by).insist()
    advisory_lock("cases.catalogue")
    given, found = list(rows), FaultList(faults)
    known = {row.code: row for row in Category.objects.select_for_update(no_key=True, of=("self",))}
    _check_codes(given, known, found)
    plan = {row.code: _planned(row, known.get(row.code), index, found) for index, row in enumerate(given)}
    found.insist_none()
    changes = [plan[row.code] for row in given if row.code not in known or plan[row.code].changes]
    new = sum(change.code not in known for change in changes)
    result = MattersImported(new, len(changes) - new, len(given) - len(changes), changes)
    if not dry_run and changes:
        _take_in(given, known, changes, by, at)
    return result


def _check_codes(given: list[MatterRow], known: Mapping[str, Category], found: FaultList) -> None:
    """Each code once, and no item without its group."""
    groups = {row.code for row in given if not row.group} | {code for code, row in known.items() if row.level == 1}
    seen = set[str]()
    for index, row in enumerate(given):
        if row.code in seen:
            found.add(index, "code", _("The code %(code)s stands twice in the list.") % {"code": row.code})
        seen.add(row.code)
        if row.group and row.group not in groups:
            found.add(index, "code", _("There is no group %(code)s.") % {"code": row.group})


def _planned(row: MatterRow, standing: Category | None, index: int, found: FaultList) -> MatterChange:
    """What ROW changes; what can't be is added to FOUND."""
    level = 2 if row.group else 1
    there = standing or Category(code=row.code, key=_key(row), level=level)
    changes = {
        name: [getattr(there, name), value] for name, value in row.values.items() if getattr(there, name) != value
    }
    after = {field.name: getattr(there, field.name) for field in Category._meta.fields if field.name != "parent"}
    wanted = Category(**{**after, **row.values})
    with found.of(index):
        rules.can_be_matter(row.code, wanted.tier, wanted.urgency).insist()
        if there.level != level:
            raise Invalid(_("This code stands for something else."), field="code")
        try:
            wanted.full_clean(exclude=["id", "parent", "key", "code"])
        except ValidationError as error:
            raise Faults(error.message_dict) from None
    return MatterChange(row.code, wanted.name, changes if standing else {})


def _key(row: MatterRow) -> str:
    return f"own.{row.code}"


def _take_in(
    given: list[MatterRow], known: Mapping[str, Category], changes: list[MatterChange], by: User, at: dt.datetime
) -> None:
    """Groups first: their items hang on them."""
    wanted = {change.code for change in changes}
    last = max((row.sort_order for row in known.values()), default=0)
    groups, changed = dict(known), []
    for place, row in enumerate(sorted((row for row in given if row.code in wanted), key=lambda row: len(row.code)), 1):
        standing = known.get(row.code)
        if standing is not None:
            changed.append((standing, {"changes": standing.change(**row.values)}))
            continue
        parent = groups[row.group] if row.group else None
        order = min(last + place, 32767)
        groups[row.code] = Category.objects.create(
            code=row.code, **row.values, key=_key(row), parent=parent, level=2 if parent else 1, sort_order=order
        )  # fmt: skip
    record_many("cases.category_changed", changed, by=by, at=at)
    told = {
        "rows": len(given),
        "founded": [code for code in sorted(wanted) if code not in known],
        "changed": len(changed),
    }
    record("cases.catalogue_loaded", Subject("cases.catalogue", 0), by=by, at=at, data=told)
