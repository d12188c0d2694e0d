"""A street's own phrasebook for the phone."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.choices import PHRASE_CHARS
from cases.models.catalogue import Category
from cases.queries import PhraseQuerySet
from gridgov.core.models import Changing
from grids.models import Grid


class StreetPhrase(Changing):
    """A common sentence about a matter, in the words of a street: a tap instead of typing. Retired, never deleted."""

    street = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    position = models.PositiveSmallIntegerField(_("place in the list"))
    text = models.CharField(_("common words"), max_length=PHRASE_CHARS)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("common words")
        verbose_name_plural = _("phrasebook")
        ordering = ("street", "position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["street", "category", "text"], condition=Q(retired_at=None), name="phrase_once_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def scope_code(self) -> str:
        return self.street.code
