"""What can be done with many cases at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_AT_ONCE = 100


class BulkVerb(models.TextChoices):
    DISPATCH = "dispatch", _("Dispatch")
    URGE = "urge", _("Urge")
    MERGE = "merge", _("Merge")


class OwnGrid(models.TextChoices):
    """Which of its own grids each case is sent to; the names of its columns."""

    GRID = "grid", _("the grid each case lies in")
    COMPREHENSIVE = "comprehensive", _("the comprehensive grid of each case")
    TOTAL = "total", _("the community of each case")
