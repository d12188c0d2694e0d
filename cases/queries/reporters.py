"""Whose report it was: found by the phone alone, and never by somebody's own scope. Whoever asks is judged by a rule."""

from typing import Self

from gridgov.core.phones import holds_phone
from gridgov.core.sealed import OpenOrder, digits_of


class ReporterQuerySet(OpenOrder):
    def about_phone(self, phone: str) -> Self:
        """Those who left PHONE, the confidential ones among them."""
        return self.filter(holds_phone(phone, "phone"))

    def ending_with(self, tail: str) -> list[int]:
        """The cases of those, not confidential, whose phone ends with the digits TAIL: their drawer is opened and looked through."""
        rows = self.filter(phone__drawer=tail, confidential=False).values_list("case", "phone")
        return [case for case, phone in rows if digits_of(phone).endswith(tail)]
