"""What was brought to a case to be seen and heard."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import PhotoKind
from cases.models.case import Case
from cases.queries import PhotoQuerySet
from gridgov.core.models import Changing


class Photo(Changing):
    """A picture of a case, re-encoded on the way in: no EXIF, no place in it, at most 1920 pixels. Files lie under
    MEDIA_ROOT and are only handed out by the photo view. `file` is what everybody sees; where `areas` (x, y, width, height
    in shares of the sides) are covered, `original` is the file without the cover."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=6, choices=PhotoKind.choices)
    file = models.CharField(max_length=100)
    thumb = models.CharField(max_length=100)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    bytes = models.PositiveIntegerField(_("size in bytes"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added"))
    taken_at = models.DateTimeField(_("taken by the device's clock"), null=True)
    original = models.CharField(max_length=100, blank=True, default="", db_default="")
    original_thumb = models.CharField(max_length=100, blank=True, default="", db_default="")
    areas = models.JSONField(_("covered areas"), default=list, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "kind", "sha256"], name="photo_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.width}×{self.height}"

    @property
    def stamp(self) -> str:
        """Changes with the file, so that no browser shows an uncovered one that it kept."""
        return self.file.removesuffix(".jpg")[-8:]


class VoiceNote(Changing):
    """A minute of speech, kept as it came; only the voice view hands it out."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="voices", verbose_name=_("case"))
    file = models.CharField(_("file"), max_length=100)
    mime = models.CharField(_("file type"), max_length=16)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64)
    bytes = models.PositiveIntegerField(_("size in bytes"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added"))

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("voice note")
        verbose_name_plural = _("voice notes")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"#{self.case_id} {self.at:%Y-%m-%d %H:%M}"
