"""What the map answers when rooms below ask."""

import datetime as dt

from accounts.choices import Role
from accounts.models import User
from gridgov.core.questions import Place, places_of
from grids.choices import CODE_DIGITS, GridKind
from grids.models import Grid
from grids.queries import scope_of

DISTRICT = 6
STREET = CODE_DIGITS[GridKind.STREET]


@places_of.answers
def streets_and_districts(by: User, on: dt.date | None = None) -> list[Place]:
    """The streets that BY's posts stand on, and their districts. A street is kept from a post on it, a district
    and all its streets from a post for it; the system hand keeps all there are."""
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        streets = dict(Grid.objects.filter(parent=None).order_by().values_list("code", "name"))
        return _with_districts(streets, kept={*streets, *(code[:DISTRICT] for code in streets)})
    scope = scope_of(by, on)
    own = {node.code: node.name for node in scope.nodes if node.parent_id is None}
    return _with_districts(own, kept={*own, *scope.districts})


def _with_districts(streets: dict[str, str], kept: set[str]) -> list[Place]:
    districts = {code[:DISTRICT] for code in {*streets, *kept}}
    return [
        *(Place(code, kept=code in kept) for code in districts),
        *(Place(code, name, kept=code in kept) for code, name in streets.items()),
    ]
