"""The matter list and the time limits."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.choices import TIER_LIMITS, Ask, LimitOf
from cases.models import ApprovalRule, Category, Policy
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Faults, Invalid
from gridgov.core.records import Subject, record, record_many
from grids.models import Grid

# How the catalogue file spells the tiers' ordinary limits; any other is a deviation and becomes a policy row.
ORDINARY = {"A": ("1", "natural_day"), "B": ("3", "work_day"), "C": ("7", "work_day")}
# Groups whose matters have no place of their own.
PLACELESS = frozenset({"01", "09", "11"})


@transaction.atomic
def load_catalogue(*, rows: Iterable[Mapping[str, str]], by: User, at: dt.datetime) -> int:
    """Put the catalogue in from ROWS (the columns of cases/data/categories.csv); the number of categories.

    Known codes are updated, none is deleted. A limit that deviates from its tier's becomes a policy of the category,
    once; the office's own limits and switches stay.
    """
    count = 0
    for row in rows:
        count += 1
        parent = Category.objects.get(code=row["parent_code"]) if row["parent_code"] else None
        # What the catalogue says may change with its next edition; the office's own switches are set once.
        said = {
            "key": row["key"], "parent": parent, "level": int(row["level"]), "name": row["name_zh"],
            "name_en": row["name_en"], "area": row["matter_area_zh"], "tier": row["default_tier"],
            "urgency": row["urgency"], "lead_unit": row["default_department_zh"], "basis": row["basis"],
            "response_hours": int(row["first_response_hours"]) if row["first_response_hours"] else None,
            "assist_units": [name for name in row["assist_departments_zh"].split(";") if name],
            "pausable": row["pausable"] != "0",
            "sensitive": row["sensitive_pi"] == "1", "sort_order": int(row["sort_order"]),
            "keywords": [word for word in row["keywords_zh"].split("|") if word],
        }  # fmt: skip
        needs_place = bool(parent) and row["parent_code"] not in PLACELESS
        switches = {
            "enabled": row["enabled"] == "1",
            "needs_place": needs_place,
            "public": row["public_default"] == "1",
        }
        category, made = Category.objects.update_or_create(
            code=row["code"], defaults=said, create_defaults={**said, **switches}
        )
        limit = (row["deadline_value"], row["deadline_unit"])
        if made and row["default_tier"] and limit != ORDINARY[row["default_tier"]]:
            Policy.objects.create(
                tier=category.tier, category=category, value=Decimal(limit[0]), unit=limit[1],
                effective_from=at, reason=category.basis,
            )  # fmt: skip
    record("cases.catalogue_loaded", Subject("cases.catalogue", 0), by=by, at=at, data={"rows": count})
    return count


# What is switched of an item of the matter list.
SWITCHES = ("enabled", "needs_place", "needs_photo", "needs_photo_before", "public")


@transaction.atomic
def change_category(
    *, category: Category, enabled: bool, needs_place: bool, needs_photo: bool, needs_photo_before: bool,
    public: bool, by: User, at: dt.datetime,
) -> Category:  # fmt: skip
    """Switch an item of the matter list on or off, and say what it asks for and whether it is public. Cases that stand keep
    their category."""
    rules.can_change_category(by).insist()
    category = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
    changes = category.change(
        enabled=enabled,
        needs_place=needs_place,
        needs_photo=needs_photo,
        needs_photo_before=needs_photo_before,
        public=public,
    )
    if changes:
        record("cases.category_changed", category, by=by, at=at, data={"changes": changes})
    return category


@transaction.atomic
def switch_categories(*, switches: Mapping[int, Mapping[str, bool]], by: User, at: dt.datetime) -> int:
    """Move SWITCHES, {category: {switch: on}}, of many items at once; how many items changed. Each is recorded."""
    rules.can_change_category(by).insist()
    rows = Category.objects.select_for_update(no_key=True, of=("self",)).filter(level=2, pk__in=switches).order_by("pk")
    pairs = [(row, row.change(**switches[row.pk])) for row in rows]
    changed = [(row, {"changes": changes}) for row, changes in pairs if changes]
    record_many("cases.category_changed", changed, by=by, at=at)
    return len(changed)


@transaction.atomic
def set_policy(
    *, tier: str = "", value: Decimal | str, unit: str, effective_from: dt.datetime | None = None, street: Grid | None = None,
    limit: str = LimitOf.CASE, category: Category | None = None, reason: str = "", by: User, at: dt.datetime,
) -> Policy:  # fmt: skip
    """Set a limit for cases accepted from EFFECTIVE_FROM on (now by default). Running cases keep theirs."""
    rules.can_set_policy(by).insist()
    if tier not in TIER_LIMITS and (tier or limit == LimitOf.CASE):
        raise Invalid(_("There is no such tier."), field="tier")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise Invalid(_("The limit must be a number."), field="value") from None
    policy = Policy(
        limit=limit, tier=tier, value=amount, unit=LimitUnit(unit) if unit in LimitUnit.values else unit, street=street,
        category=category, effective_from=effective_from or at, reason=reason,
    )  # fmt: skip
    if policy.effective_from < at:
        raise Invalid(_("A limit can't be set for the past."), field="effective_from")
    try:
        policy.full_clean()
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    policy.save()
    record(
        "cases.policy_set", policy, by=by, at=at,
        data={"limit": str(limit), "tier": tier, "value": str(policy.value), "unit": unit, "category": category.code if category else "",
              "from": policy.effective_from.isoformat()},
    )  # fmt: skip
    return policy


@transaction.atomic
def set_approval_rule(
    *, kind: str, steps: int = 1, again: int = 1, least: int = 0, most: int | None = None, longest: Decimal | str | None = None,
    unit: str = "", street: Grid | None = None, effective_from: dt.datetime | None = None, reason: str = "", by: User,
    at: dt.datetime,
) -> ApprovalRule:  # fmt: skip
    """Say how applications of KIND are treated from EFFECTIVE_FROM on (now by default). What is asked already is decided
    on the rung that it was asked for."""
    rules.can_set_approval_rule(by).insist()
    if kind not in Ask.values:
        raise Invalid(_("There is no such application."), field="kind")
    rule = ApprovalRule(
        street=street, kind=kind, steps=steps, again=again, least=least, most=most, longest=longest, unit=unit if longest else "",
        effective_from=effective_from or at, reason=reason,
    )  # fmt: skip
    if rule.effective_from < at:
        raise Invalid(_("A rule can't be set for the past."), field="effective_from")
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    rule.save()
    record(
        "cases.approval_rule_set", rule, by=by, at=at,
        data={"kind": str(kind), "steps": steps, "again": again, "least": int(least), "most": most,
              "longest": str(longest) if longest else "", "unit": unit, "from": rule.effective_from.isoformat()},
    )  # fmt: skip
    return rule
