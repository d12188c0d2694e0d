"""Who was told to do what."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import ORDER_IN_FORCE, OrderState, Part
from cases.models.case import Case
from gridgov.core.models import Changing, LockingQuerySet
from grids.models import Grid, Unit


class Order(Changing):
    """What a unit, or the post-holders of a grid, were told to do. A clock runs from the moment it was sent."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="orders", verbose_name=_("case"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("unit"))
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid"))
    part = models.CharField(_("part"), max_length=6, choices=Part.choices, default=Part.LEAD, db_default=Part.LEAD)
    whistled = models.BooleanField(_("called by whistle"), default=False, db_default=False)
    called = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called by name"), db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=OrderState.choices, default=OrderState.SENT)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent"))
    note = models.CharField(_("instruction"), max_length=500, blank=True)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="orders", verbose_name=_("handled by"))
    signed_at = models.DateTimeField(_("signed in"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    return_reason = models.CharField(_("reason of return"), max_length=500, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True, default="", db_default="")
    excuse = models.CharField(_("why excused"), max_length=500, blank=True, default="", db_default="")

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, grid=None) | Q(unit=None, grid__isnull=False), name="order_to_one"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(part=Part.LEAD, state__in=sorted(ORDER_IN_FORCE)), name="order_one_lead"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "-case"], name="order_unit")]

    def __str__(self) -> str:
        return str(self.unit or self.grid)
