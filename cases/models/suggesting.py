"""What the office's own cases have taught the suggestions."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuggestionModel(models.Model):
    """One round of learning: weights of words by category, names of places, ways of orders (cases/reports/learned.py).
    Never edited; the newest counts. No text of a case stands in it."""

    trained_at = models.DateTimeField(_("learned"))
    cases = models.PositiveIntegerField(_("cases learned from"))
    measures = models.JSONField(_("measures"), default=dict)
    data = models.BinaryField(_("weights"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("suggestion model")
        verbose_name_plural = _("suggestion models")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M}"

    @property
    def scope_code(self) -> str:
        return ""
