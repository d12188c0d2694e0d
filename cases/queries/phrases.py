"""The phrasebooks of streets."""

from typing import Self

from grids.queries import OfStreetQuerySet


class PhraseQuerySet(OfStreetQuerySet):
    """Seen by those whose posts lie in the street."""

    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def for_list(self) -> Self:
        return super().for_list().select_related("street", "category")
