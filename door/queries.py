"""Who holds which slip."""

from typing import TYPE_CHECKING, Any, Self

from gridgov.core.codes import fits, tidied
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import holds_phone
from grids.queries import heavy

if TYPE_CHECKING:
    from door.models import Slip


class SlipQuerySet(LockingQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Slips on which PHONE was left."""
        return self.filter(holds_phone(phone, "phone"))

    def held_by(self, number: str, code: str) -> "Slip | None":
        """The slip of the case NUMBER that CODE belongs to, if it still stands. An unknown number and a wrong code are
        answered alike, and take alike long: two queries at most, and always one comparison at least."""
        found = list(self.filter(case__no=number, withdrawn_at=None).values_list("pk", "code_digest"))
        fit = fits(tidied(code), [digest for _pk, digest in found] or ["0" * 64])
        pk = next((pk for pk, digest in found if digest == fit), None)
        slip: Slip | None = None if pk is None else self.for_page().get(pk=pk)  # type: ignore[assignment]
        return slip

    def for_page(self) -> Self:
        """With the case as its reporter is shown it, and the one that leads it."""
        related = ("case", "case__leading")
        rows: Any = self.select_related(
            "case__category", "case__street", "case__total", "case__grid", "case__reporter", "case__rating", "case__leading",
        ).defer(
            *(f"{one}__search" for one in related), *heavy("case__street", "case__total", "case__grid"),
        )  # fmt: skip
        return rows
