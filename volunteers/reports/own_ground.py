"""The own streets, grids and volunteers, as organisers name them by codes and numbers."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy, scope_of
from volunteers.models import Volunteer


def own_streets(user: User) -> QuerySet[Grid]:
    """The streets that USER holds, by code: for those rules are set."""
    streets = scope_of(user).grids.get(GridKind.STREET, ())
    return Grid.objects.filter(pk__in=streets).defer(*heavy("")).order_by("code")


def street_for(user: User, code: str = "") -> Grid:
    """The street CODE among those that USER holds, or the first of them. Raises Invalid."""
    found = next((street for street in own_streets(user) if code in {"", street.code}), None)
    if found is None:
        raise Invalid(_("This is not one of your grids."), code="unknown_grid", field="street")
    return found


def grid_for(user: User, code: str, field: str = "grid") -> Grid:
    """The grid CODE at or below a post of USER. Raises Invalid."""
    rows = Grid.objects.ground_of(user).defer(*heavy(""))
    found: Grid | None = rows.filter(code=code).first() if code.isascii() and code.isdigit() else None
    if found is None:
        raise Invalid(_("This is not one of your grids."), code="unknown_grid", field=field)
    return found


def volunteers_for(user: User, numbers: Sequence[str]) -> list[int]:
    """The keys of the volunteers with these NUMBERS that USER sees, each once. Raises Invalid where one is none."""
    found = dict(Volunteer.objects.visible_to(user).filter(no__in=numbers).values_list("no", "pk"))
    if strange := [no for no in numbers if no not in found]:
        words = _("No volunteer of yours: %(numbers)s") % {"numbers": " ".join(strange)}
        raise Invalid(words, field="volunteers")
    return list(dict.fromkeys(found[no] for no in numbers))
