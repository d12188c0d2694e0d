"""What other systems may ask for by key: scopes, purposes and limits."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# What keys may be given; views say which they ask for (gridgov.core.keys).
SCOPES: dict[str, Any] = {
    "cases:read": _("read cases, with their orders, photos, applications and supervisions"),
    "cases:write": _("report cases, and carry out what is done with them"),
    "cases:personal": _("see who reported a case"),
    "photos:personal": _("see pictures without their cover"),
    "voices:personal": _("hear the voice notes of reporters"),
    "calendar:read": _("read the work calendar"),
    "calendar:write": _("change the days of the own street in the work calendar"),
    "catalogue:read": _("read the matter list, time limits and approval rules"),
    "catalogue:write": _("change the matter list, time limits and approval rules"),
    "figures:read": _("read figures"),
    "figures:write": _("freeze figures"),
    "grids:read": _("read grids and borders"),
    "grids:write": _("change, split and merge grids, and their borders"),
    "units:read": _("read units"),
    "units:write": _("register and change units"),
    "posts:read": _("read posts, duty lists and professional workers"),
    "posts:write": _("give and end posts, keep duty lists, bind professional workers"),
    "party:read": _("read party organisations"),
    "party:write": _("change party organisations"),
    "public:read": _("read what residents find: announcements, groups, contact cards, public pages, results"),
    "public:write": _("keep what residents find"),
    "volunteers:read": _("read volunteers, squads, projects, shifts, hours and points"),
    "volunteers:write": _("keep projects and shifts, and what volunteers do in them"),
    "volunteers:personal": _("see volunteers' names and numbers"),
    "mediation:read": _("read mediation committees, mediators, rooms and figures; never a file"),
    "mediation:refer": _("refer disputes to a mediation committee"),
    "resources:read": _("read the library of resources and their monthly services"),
    "resources:write": _("keep the library of resources"),
    "doctor:read": _("ask how the house is (for a monitor)"),
    "feed:read": _("read the feed of changes and whole lists"),
    "hooks:manage": _("keep the own webhooks"),
    "hotline:exchange": _("exchange work orders (12345 and city management)"),
    "open311:report": _("report by Open311"),
}


class Purpose(models.TextChoices):
    """For what personal data is looked at (PIPL 6: a clear purpose, no more than it needs). Sent in `X-Purpose`."""

    HANDLING = "handling", _("handling the case")
    CALL_BACK = "call_back", _("calling the reporter back")
    HAND_OVER = "hand_over", _("handing the case over to the authority in charge")
    APPEAL = "appeal", _("answering an appeal or a court")


PURPOSE_HEADER = "X-Purpose"
# Keys that hold at once: the one in use, and the one that takes its place.
MOST_KEYS = 2
KEY_DAYS, USUAL_PER_MINUTE, MOST_PER_MINUTE = 365, 120, 6000
MOST_NETWORKS = 20
# Keys that end within so many days are told of.
WARN_DAYS = 14
# Wrong keys a minute from one address, before it waits.
MOST_UNKNOWN = 60
CALLS_KEPT_DAYS = 400
