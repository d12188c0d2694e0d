"""Where other systems stand: the one part of the street, or the unit, that each of them sees."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiClient
from gridgov.core.models import Changing
from grids.models.ground import Grid, Unit


class ClientGround(Changing):
    """The ground of another system, from which its scope follows like a person's from a post (grids.queries.scope_of).
    It is no post: nobody's duty, no vacancy filled, and on no list of who serves where."""

    client = models.OneToOneField(
        ApiClient, models.PROTECT, primary_key=True, related_name="ground", verbose_name=_("connected system")
    )
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("ground of a system")
        verbose_name_plural = _("grounds of systems")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grid__isnull=False, unit=None) | Q(grid=None, unit__isnull=False),
                name="client_ground_at_one_place",
            )
        ]

    def __str__(self) -> str:
        return str(self.grid or self.unit)

    @property
    def scope_code(self) -> str:
        return self.grid.code if self.grid else self.unit.area_prefix if self.unit else ""
