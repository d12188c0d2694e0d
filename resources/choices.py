"""Kinds of resources 资源库 (seeds 000 and 004: shared space, services and talents), who keeps them, and how far one looks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES, LEADS, Role

# Those who keep the library, each in the own scope; the others read it.
KEEPERS = frozenset({Role.STREET, *LEADS})
READERS = frozenset({Role.STREET, *FIELD_ROLES})


class ResourceKind(models.TextChoices):
    VENUE = "venue", _("venue")
    SHOP = "shop", _("shop")
    ENTERPRISE = "enterprise", _("enterprise")
    SOCIAL_ORG = "social_org", _("social organisation")
    TALENT = "talent", _("talent")
    SERVICE_POINT = "service_point", _("service point")


# Material symbols: on the map, in lists and on the phone a kind is told by its sign, never by colour alone.
ICONS = {
    ResourceKind.VENUE: "meeting_room", ResourceKind.SHOP: "storefront", ResourceKind.ENTERPRISE: "factory",
    ResourceKind.SOCIAL_ORG: "diversity_3", ResourceKind.TALENT: "star", ResourceKind.SERVICE_POINT: "support_agent",
}  # fmt: skip


class ResourceState(models.TextChoices):
    IN_USE = "in_use", _("in use")
    ENDED = "ended", _("no longer there")


WEEKDAYS = (
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")), (6, _("Saturday")),
    (7, _("Sunday")),
)  # fmt: skip
# Which of a month's Mondays: the last is the fourth or the fifth.
LAST_WEEK = 5
WEEKS = (
    (1, _("1st in the month")), (2, _("2nd in the month")), (3, _("3rd in the month")), (4, _("4th in the month")),
    (LAST_WEEK, _("last in the month")),
)  # fmt: skip
MONTH_DAYS = 31

NAME_CHARS, OFFERS_CHARS, PLACE_CHARS, HOURS_CHARS, CONTACT_CHARS, PHONE_CHARS = 64, 500, 120, 120, 48, 20
WHAT_CHARS, TIME_CHARS, REASON_CHARS = 120, 60, 200
# How far one looks, in metres.
DISTANCES = (500, 1000, 2000)
USUAL_DISTANCE = 1000
