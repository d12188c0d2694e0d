"""The own streets and grids, as organisers name them by their codes."""

from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy, scope_of


def street_for(user: User, code: str = "") -> Grid:
    """The street CODE among those that USER holds, or the first of them. Raises Invalid."""
    rows = Grid.objects.filter(pk__in=scope_of(user).grids.get(GridKind.STREET, ())).defer(*heavy("")).order_by("code")
    found = next((street for street in rows if code in {"", street.code}), None)
    if found is None:
        raise Invalid(_("This is not one of your grids."), code="unknown_grid", field="street")
    return found


def grid_for(user: User, code: str) -> Grid:
    """The grid CODE at or below a post of USER. Raises Invalid."""
    rows = Grid.objects.ground_of(user).defer(*heavy(""))
    found: Grid | None = rows.filter(code=code).first() if code.isascii() and code.isdigit() else None
    if found is None:
        raise Invalid(_("This is not one of your grids."), code="unknown_grid", field="grid")
    return found
