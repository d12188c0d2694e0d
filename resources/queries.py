"""Who sees what of the library: whoever works in a street reads all of it, for it is there to be called upon."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from gridgov.core.models import LockingQuerySet
from gridgov.core.nearness import Spot, near
from gridgov.core.phones import holds_phone
from gridgov.core.search import phrase
from grids.queries import heavy, scope_of
from resources.choices import READERS, ResourceState

if TYPE_CHECKING:
    from accounts.models import User

# Words of a search that are heeded.
MOST_WORDS = 8


def _trees(user: "User") -> set[int]:
    """The trees of the streets that USER works in."""
    return {node.tree_id for node in scope_of(user).nodes} if user.role in READERS else set()


class ResourceQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(grid__tree_id__in=_trees(user))

    def about_phone(self, phone: str) -> Self:
        """Those of which PHONE is the contact."""
        return self.filter(holds_phone(phone, "contact_phone"))

    def in_use(self) -> Self:
        return self.filter(state=ResourceState.IN_USE)

    def near(self, spot: Spot, metres: float) -> Self:
        """Those within METRES of SPOT, with `metres`; `nearest_first` puts them in order."""
        found: Self = near(self, spot, metres)  # type: ignore[assignment]
        return found

    def nearest_first(self) -> Self:
        return self.order_by("metres", "id")

    def search(self, words: str) -> Self:
        """Those in whose name, offer or place each of WORDS stands."""
        rows = self
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(search=phrase(word))
        return rows

    def for_list(self) -> Self:
        return self.select_related("grid").defer("search", *heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list().select_related("made_by")


class ServiceQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(resource__grid__tree_id__in=_trees(user))

    def standing(self) -> Self:
        """Not ended, of a resource that is in use."""
        return self.filter(ended_on=None, resource__state=ResourceState.IN_USE)

    def within(self, first: dt.date, last: dt.date) -> Self:
        """Of a resource in use, and not ended before FIRST or begun after LAST."""
        begun = self.filter(since__lte=last, resource__state=ResourceState.IN_USE)
        return begun.filter(ended_on=None) | begun.filter(ended_on__gte=first)

    def for_list(self) -> Self:
        return self.select_related("resource__grid").defer("resource__search", *heavy("resource__grid"))

    def for_detail(self) -> Self:
        return self.for_list()
