"""Whom a grid can call: the professional workers bound to it or to a grid above."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from gridgov.core.masking import mask_phone
from grids.models import Binding, Grid

_FIELDS = (
    "post__user_id", "post__user__full_name", "post__user__phone", "post__is_public_contact", "post__unit_id",
    "post__unit__name", "post__unit__phone", "grid_id", "grid__code", "grid__name", "post_id", "pk", "matters", "misfit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Specialist:
    """A professional worker, as found at the nearest grid. Ids are keys. `phone` is whole where the post is a public
    contact and masked elsewhere; `unit_phone` is the unit's own. `fits`: for the matter asked for, or for everything."""

    user: int
    name: str
    phone: str
    is_public_contact: bool
    unit: int
    unit_name: str
    unit_phone: str
    grid: int
    grid_code: str
    grid_name: str
    post: int
    binding: int
    matters: tuple[str, ...]
    fits: bool


def specialists_for(grid: Grid, on: dt.date, matter: str = "", units: Iterable[int] | None = None) -> list[Specialist]:
    """Who of UNITS (of all) can be called at GRID on the day ON: bound there or above, the fitting for MATTER first, then
    the nearest. One query."""
    path = Grid.objects.above(grid).order_by().values("pk")
    return specialists_on(path, on, matter, units)


def specialists_on(
    path: Iterable[int], on: dt.date, matter: str = "", units: Iterable[int] | None = None
) -> list[Specialist]:
    """`specialists_for` where the keys of the grids of a path are known, as a case keeps them. One query."""
    rows = Binding.objects.serving(path, on, matter=matter, units=units).values_list(*_FIELDS)
    found: dict[int, Specialist] = {}
    for row in rows:
        one = _specialist(*row)
        found.setdefault(one.post, one)  # bound to several grids of the path: the best comes first
    return list(found.values())


def _specialist(
    user: int, name: str, phone: str, is_public: bool, unit: int, unit_name: str, unit_phone: str, grid: int,
    grid_code: str, grid_name: str, post: int, binding: int, matters: list[str], misfit: int,
) -> Specialist:  # fmt: skip
    return Specialist(
        user=user, name=name, phone=phone if is_public else mask_phone(phone), is_public_contact=is_public, unit=unit,
        unit_name=unit_name, unit_phone=unit_phone, grid=grid, grid_code=grid_code, grid_name=grid_name, post=post,
        binding=binding, matters=tuple(matters), fits=not misfit,
    )  # fmt: skip
