"""The texts of papers, as the office wants them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from grids.models import Grid
from mediation.choices.papers import BODY_CHARS, TemplateKind
from mediation.queries import TemplateQuerySet


class Template(Changing):
    """How a paper of KIND is written on the ground of a street (None: everywhere). A change is a new row; the last one holds."""

    street = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"))
    kind = models.CharField(_("kind of paper"), max_length=12, choices=TemplateKind.choices)
    body = models.TextField(_("text"), max_length=BODY_CHARS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written down by"))
    at = models.DateTimeField(_("written down"))

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of a paper")
        verbose_name_plural = _("templates of papers")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=TemplateKind.values), name="template_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "street", "-id"], name="template_in_force")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def scope_code(self) -> str:
        return self.street.code if self.street_id and self.street else ""
