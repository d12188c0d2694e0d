"""The rollups that figures are read from, and the frozen figures of a month. How they are kept: ADR 0005."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices.figures import MEASURES
from cases.queries import FrozenFiguresQuerySet
from grids.models import Grid


class Cell(models.Model):
    """What happened on a day in one cell of the cube. Keys are those of the case (0: none), without foreign keys:
    written by the database's triggers (migration 0003), never by hand. A measure that is 0 is NULL, which takes no room."""

    day = models.DateField(editable=False)
    street = models.IntegerField(editable=False, db_column="street_id")
    total = models.IntegerField(editable=False, db_column="total_id")
    comprehensive = models.IntegerField(editable=False, db_column="comprehensive_id")
    category = models.IntegerField(editable=False, db_column="category_id")
    tier = models.CharField(editable=False, max_length=1)
    channel = models.CharField(editable=False, max_length=16)
    unit = models.IntegerField(editable=False, db_column="unit_id")

    class Meta:
        abstract = True


for _name in MEASURES:
    _field = models.BigIntegerField if _name == "seconds" else models.IntegerField
    _field(null=True, editable=False).contribute_to_class(Cell, _name)


class TallyDelta(Cell):
    """What one statement changed, signed. Only ever appended, so that no two writers meet in a row; `fold` takes it away."""

    class Meta:
        verbose_name = _("unfolded cell")
        verbose_name_plural = _("unfolded cells")
        indexes: ClassVar = [models.Index(fields=["day"], name="tallydelta_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class Tally(Cell):
    """Folded deltas, by day and once more by month (`day` is its first)."""

    DAY, MONTH = "d", "m"

    span = models.CharField(editable=False, max_length=1)

    class Meta:
        verbose_name = _("cell of the figures")
        verbose_name_plural = _("cells of the figures")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["span", "day", "street", "total", "comprehensive", "category", "tier", "channel", "unit"],
                name="tally_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.day:%Y-%m-%d}"


class FrozenFigures(models.Model):
    """The figures of a grid and a month as they stood at `at`. The database refuses to change or drop a row."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"), db_index=False)
    month = models.DateField(_("month"))
    at = models.DateTimeField(_("frozen at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    figures = models.JSONField(_("figures"))

    objects = FrozenFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen figures")
        verbose_name_plural = _("frozen figures")
        ordering = ("-month", "grid_id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grid", "month"], name="frozen_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="frozen_month_first"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.grid}"

    @property
    def scope_code(self) -> str:
        return self.grid.code
