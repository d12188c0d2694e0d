"""Under which name a street answers to Open311."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gridgov.core.models import Changing
from grids.models import Grid
from integrations.choices.open311 import ID_CHARS
from integrations.queries.open311 import JurisdictionQuerySet


class Jurisdiction(Changing):
    """A street as Open311 knows it. `code` is its jurisdiction_id, by custom the office's website without “www”."""

    street = models.OneToOneField(Grid, models.PROTECT, related_name="jurisdiction", verbose_name=_("street"))
    code = models.CharField(
        _("jurisdiction_id"), max_length=ID_CHARS, unique=True,
        help_text=_("By custom the office's website without “www”, like street.example.gov.cn."),
    )  # fmt: skip
    is_open = models.BooleanField(
        _("on"), default=False, help_text=_("Counts only while the street's pages are public, too.")
    )
    contact = models.CharField(
        _("contact for developers"), max_length=200, blank=True, help_text=_("Everybody can read this.")
    )
    key_service = models.CharField(
        _("how to get a key"), max_length=200, blank=True, help_text=_("Everybody can read this.")
    )
    changed_at = models.DateTimeField(_("last changed"))

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Open311 jurisdiction")
        verbose_name_plural = _("Open311 jurisdictions")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def is_public(self) -> bool:
        """Whether the street's own pages are; without, nothing is answered here (JurisdictionQuerySet.open)."""
        page = getattr(self.street, "public_page", None)
        return page is not None and page.is_open

    @property
    def scope_code(self) -> str:
        return self.street.code
