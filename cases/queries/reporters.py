"""Whose report it was: found by the phone alone, and never by somebody's own scope. Whoever asks is judged by a rule."""

from typing import Self

from django.db.models import QuerySet

from gridgov.core.phones import holds_phone


class ReporterQuerySet(QuerySet):
    def about_phone(self, phone: str) -> Self:
        """Those who left PHONE, the confidential ones among them."""
        return self.filter(holds_phone(phone, "phone"))
