"""What came of a case, as everybody may read it 公开问效."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.case import Case
from cases.models.evidence import Photo
from cases.queries import PublicationQuerySet
from gridgov.core.models import Changing


class Publication(Changing):
    """The result of a case in words that somebody has looked through: nothing of the case itself is shown but its steps' days,
    its category and its grid. It holds for the ROUND it was written about and vanishes when the case is opened again."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="publication", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    title = models.CharField(_("title for the public"), max_length=60)
    text = models.TextField(_("result for the public"), max_length=2000)
    closed_at = models.DateTimeField(_("closed"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("published by"))
    at = models.DateTimeField(_("published"))
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ("-closed_at", "-id")
        indexes: ClassVar = [models.Index(fields=["-closed_at", "-id"], name="publication_order")]

    def __str__(self) -> str:
        return self.title

    @property
    def scope_code(self) -> str:
        return self.case.grid.code

    @property
    def is_out(self) -> bool:
        """Whether it is about the present round and was not taken back."""
        return self.withdrawn_at is None and self.round == self.case.round


class ReleasedPhoto(models.Model):
    """A picture released with a result, as it looked then: changed since (an area uncovered), it is released no more."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="photos", verbose_name=_("published result")
    )
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", verbose_name=_("photo"))
    stamp = models.CharField(_("how it looked"), max_length=8)

    class Meta:
        verbose_name = _("released photo")
        verbose_name_plural = _("released photos")
        ordering = ("photo",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["publication", "photo"], name="photo_released_once")]

    def __str__(self) -> str:
        return f"#{self.photo_id}"
