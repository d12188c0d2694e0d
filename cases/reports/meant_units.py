"""Which unit the matter list means: it names kinds of units that every community has one of."""

from collections.abc import Iterable

from grids.models import Unit


def meant_units(name: str, units: Iterable[Unit], code: str) -> list[Unit]:
    """Those of UNITS that go by NAME on the ground CODE: of all whose area is around it the nearest; none of another place."""
    around = [unit for unit in units if unit.goes_by(name) and code.startswith(unit.area_prefix)] if name else []
    nearest = max((len(unit.area_prefix) for unit in around), default=0)
    return [unit for unit in around if len(unit.area_prefix) == nearest]


def meant_unit(name: str, units: Iterable[Unit], code: str) -> Unit | None:
    """The one that is meant; none where several are as near."""
    found = meant_units(name, units, code)
    return found[0] if len(found) == 1 else None
