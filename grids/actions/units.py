"""Registering and changing units."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict
from gridgov.core.masking import mask_phone
from gridgov.core.records import record
from grids import rules
from grids.actions.tree import KEEP, cleaned, insist_clean
from grids.models import Unit
from grids.queries import scope_of


@transaction.atomic
def register_unit(
    *,
    name: str,
    kind: str,
    by: User,
    at: dt.datetime,
    aliases: list[str] | None = None,
    area_prefix: str = "",
    phone: str = "",
    lng: float | None = None,
    lat: float | None = None,
) -> Unit:
    """Enter a unit that takes orders. Raises Conflict when the name is taken."""
    rules.can_tend_units(by, scope_of(by, timezone.localdate(at)), area_prefix).insist()
    rules.check_place(lng, lat).insist()
    unit = Unit(
        name=name.strip(),
        kind=kind,
        aliases=_tidy(aliases or []),
        area_prefix=area_prefix,
        phone=phone,
        lng=lng,
        lat=lat,
    )
    insist_clean(unit)
    _insist_new_name(unit.name, unit)
    unit.save()
    record("units.registered", unit, by=by, at=at, data={"name": unit.name, "kind": kind, "area": area_prefix})
    return unit


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    by: User,
    at: dt.datetime,
    name: str = KEEP,
    kind: str = KEEP,
    aliases: list[str] = KEEP,
    area_prefix: str = KEEP,
    phone: str = KEEP,
    lng: float | None = KEEP,
    lat: float | None = KEEP,
    is_active: bool = KEEP,
) -> Unit:
    """Change a unit; what is not named stays. `is_active=False`: it takes no new orders."""
    values: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "area_prefix": area_prefix,
        "phone": phone,
        "lng": lng,
        "lat": lat,
        "is_active": is_active,
    }
    if aliases is not KEEP:
        values["aliases"] = _tidy(aliases)
    values = cleaned(Unit, values)
    unit = Unit.objects.locked(unit)
    scope = scope_of(by, timezone.localdate(at))
    rules.can_tend_units(by, scope, unit.area_prefix).insist()
    rules.can_tend_units(by, scope, values.get("area_prefix", unit.area_prefix)).insist()
    rules.check_place(values.get("lng", unit.lng), values.get("lat", unit.lat)).insist()
    _insist_new_name(values.get("name", unit.name), unit)
    changes = unit.change(**values)
    if "phone" in changes:
        changes["phone"] = [mask_phone(str(number)) for number in changes["phone"]]
    if changes:
        record("units.changed", unit, by=by, at=at, data={"changes": changes})
    return unit


def _tidy(aliases: list[str]) -> list[str]:
    """Other names, each once, without blanks."""
    return list(dict.fromkeys(alias.strip() for alias in aliases if alias.strip()))


def _insist_new_name(name: str, unit: Unit) -> None:
    if Unit.objects.filter(name=name).exclude(pk=unit.pk).exists():
        raise Conflict(_("There is a unit of this name already."), field="name")
