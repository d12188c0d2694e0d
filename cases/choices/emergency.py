"""Which number to call before anything is written down."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Emergency(models.TextChoices):
    """The nation's numbers."""

    FIRE = "119", _("fire, gas, rescue")
    POLICE = "110", _("police")
    AMBULANCE = "120", _("ambulance")


# By matter, the one to call first: somebody lost, an open manhole. Everywhere else it is fire and rescue.
_FIRST = {"1008": Emergency.POLICE, "0401": Emergency.POLICE}


def number_first(category: str) -> Emergency:
    """The number for an emergency of CATEGORY (a code)."""
    return _FIRST.get(category, Emergency.FIRE)
