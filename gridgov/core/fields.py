"""Columns that PostgreSQL has and Django hasn't."""

from typing import Any

from django.db import models

Bounds = tuple[float, float, float, float]


class BoxField(models.Field):
    """PostgreSQL's `box`, in Python (west, south, east, north). Only for finding candidates by its GiST index:
    PostgreSQL compares boxes with a tolerance of 1e-6, so the exact test is Shapely's."""

    def db_type(self, connection: Any) -> str:
        return "box"

    def get_prep_value(self, value: Bounds | None) -> str | None:
        return None if value is None else "({},{}),({},{})".format(*value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Bounds | None:
        if value is None:
            return None
        east, north, west, south = (float(number) for number in value.strip("()").replace("),(", ",").split(","))
        return west, south, east, north

    def to_python(self, value: Any) -> Any:
        return value


@BoxField.register_lookup
class Overlaps(models.Lookup):
    """`box__overlaps=(west, south, east, north)`."""

    lookup_name = "overlaps"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        box, params = self.process_lhs(compiler, connection)
        bounds, given = self.process_rhs(compiler, connection)
        return f"{box} && {bounds}::box", (*params, *given)
