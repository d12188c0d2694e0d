"""The texts of papers, as the office wants them, and volumes that somebody exports."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from grids.models import Grid
from mediation.choices.papers import BODY_CHARS, Ending, TemplateKind
from mediation.models.files import Mediation, OfFile
from mediation.queries import TemplateQuerySet, VolumeQuerySet


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


class Volume(OfFile):
    """A volume that USER exports: printed by the courier, kept privately for a day. `pieces` are the papers in it."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="volumes", verbose_name=_("mediation file"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("for"))
    ending = models.CharField(_("format"), max_length=4, choices=Ending.choices, default=Ending.PDF)
    at = models.DateTimeField(_("time"))
    pieces = models.PositiveSmallIntegerField(_("papers in the volume"), default=0)
    laid = models.PositiveSmallIntegerField(_("papers printed"), default=0)
    pages = models.PositiveSmallIntegerField(_("number of pages"), default=0)
    bytes = models.PositiveIntegerField(_("size in bytes"), default=0)
    file = models.UUIDField(editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects = VolumeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exported volume")
        verbose_name_plural = _("exported volumes")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="volume_ending_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="volume_own"),
            models.Index(fields=["expires_at"], name="volume_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.mediation}.{self.ending}"
