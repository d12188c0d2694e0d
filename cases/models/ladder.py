"""Supervision 督办: a case is held up to those who have it, and they must answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import CardLevel, SupervisionKind
from cases.models.case import Case
from cases.models.orders import Order
from cases.queries import SupervisionQuerySet
from gridgov.core.models import Changing
from grids.models import Grid, Unit


class Supervision(Changing):
    """A demand to answer in writing by `reply_due` (a clock of its own, Clock.REPLY). One is open at a time; a higher one
    takes the place of a lower."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supervisions", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=SupervisionKind.choices)
    level = models.PositiveSmallIntegerField(_("card"), choices=CardLevel.choices, default=CardLevel.NONE)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, related_name="+", verbose_name=_("order"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    text = models.CharField(_("what is demanded"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    at = models.DateTimeField(_("issued"))
    reply_due = models.DateTimeField(_("answer due"))
    reply = models.TextField(_("answer"), max_length=2000, blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    replied_at = models.DateTimeField(_("answered"), null=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(replied_at=None, superseded_at=None), name="supervision_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def words(self) -> str:
        """What is demanded; by rule, in the reader's language."""
        return gettext(self.text)

    @property
    def to(self) -> str:
        return str(self.unit or self.grid or "")

    @property
    def scope_code(self) -> str:
        return self.case.scope_code
