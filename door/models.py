from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from door.choices import NAME_CHARS, PHONE_CHARS, WORDS_CHARS, SlipKind
from door.queries import SlipQuerySet
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField, whole_index


class Slip(Changing):
    """What a resident without an account takes along: the number of a case and a code, of which only a digest is kept.
    `name` and `phone` are those of a me-too; a report's stand with its case (cases.Reporter)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="slips", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=8, choices=SlipKind.choices)
    code_digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("time"))
    name = SealedCharField(_("name"), max_length=NAME_CHARS, blank=True)
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, find="phone")
    consent = models.CharField(_("agreed to version"), max_length=16, blank=True)
    consented_at = models.DateTimeField(_("agreed"), null=True)
    expires_at = models.DateTimeField(_("contact kept until"), null=True)
    forgotten_at = models.DateTimeField(_("contact deleted"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident's slip")
        verbose_name_plural = _("residents' slips")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=SlipKind.values), name="slip_kind_known"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind=SlipKind.REPORT), name="slip_one_report_a_case"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="slip_expiry", condition=models.Q(expires_at__isnull=False)),
            whole_index("phone", "slip_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.case_id}"

    @property
    def scope_code(self) -> str:
        return self.case.grid.code

    def stands(self) -> bool:
        """Whether its holder still follows the case by it."""
        return self.withdrawn_at is None


class Words(models.Model):
    """What a resident said later to the own report."""

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="words", verbose_name=_("slip"))
    text = SealedCharField(_("words"), max_length=WORDS_CHARS)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("resident's words")
        verbose_name_plural = _("residents' words")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:40]
