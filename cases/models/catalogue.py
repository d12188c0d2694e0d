"""The matter list and the time limits."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.choices import LimitOf, Tier, Urgency
from cases.queries import CategoryQuerySet, PolicyQuerySet
from gridgov.core.calendar import LimitUnit
from gridgov.core.models import Changing
from grids.models import Grid


def in_readers_language(name: str, name_en: str) -> str:
    """NAME, or NAME_EN where there is one and the reader reads English."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class Category(Changing):
    """An item of the published matter list 网格事项清单: eight areas, eleven groups, and what belongs under them."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    key = models.CharField(max_length=64, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("group")
    )
    level = models.PositiveSmallIntegerField(_("level"))
    name = models.CharField(_("name"), max_length=32)
    name_en = models.CharField(_("English name"), max_length=64, blank=True)
    area = models.CharField(_("matter area"), max_length=16)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, blank=True)
    response_hours = models.PositiveSmallIntegerField(_("accept within (hours)"), null=True, blank=True)
    lead_unit = models.CharField(_("usual unit"), max_length=64, blank=True)
    assist_units = models.JSONField(_("usually assisting"), default=list, blank=True)
    pausable = models.BooleanField(_("clock may be paused"), default=True)
    public = models.BooleanField(_("outcome may be published"), default=False)
    sensitive = models.BooleanField(_("touches sensitive personal data"), default=False)
    needs_place = models.BooleanField(_("needs a place"), default=False)
    needs_photo = models.BooleanField(_("needs a photo when completed"), default=False)
    needs_photo_before = models.BooleanField(_("needs a photo from before"), default=False, db_default=False)
    keywords = models.JSONField(_("key words"), default=list, blank=True)
    basis = models.CharField(_("basis"), max_length=128, blank=True)
    enabled = models.BooleanField(_("in use"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("matter list")
        ordering = ("sort_order", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_readers_language(self.name, self.name_en)

    @property
    def scope_code(self) -> str:
        return ""


class Policy(Changing):
    """A limit that differs from the tier's own, for cases accepted from `effective_from` on. Never edited: a new row
    takes over, and running cases keep the row they started with."""

    street = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"),
        help_text=_("Empty: every street."),
    )  # fmt: skip
    limit = models.CharField(
        _("limits"), max_length=10, choices=LimitOf.choices, default=LimitOf.CASE, db_default=LimitOf.CASE
    )
    tier = models.CharField(
        _("tier"), max_length=1, choices=Tier.choices, blank=True, help_text=_("Empty: every tier.")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("category"),
        help_text=_("Empty: every category."),
    )  # fmt: skip
    value = models.DecimalField(
        _("limit"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    unit = models.CharField(_("counted in"), max_length=16, choices=LimitUnit.choices)
    effective_from = models.DateTimeField(_("holds from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ("-effective_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gt=0), name="policy_value_positive"),
            models.CheckConstraint(condition=Q(unit__in=LimitUnit.values), name="policy_unit_known"),
            models.CheckConstraint(condition=Q(limit__in=LimitOf.values), name="policy_limit_known"),
            models.CheckConstraint(condition=~Q(limit=LimitOf.CASE, tier=""), name="policy_case_has_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {LimitUnit(self.unit).spell(self.value)}"

    @property
    def scope_code(self) -> str:
        return self.street.code if self.street else ""
