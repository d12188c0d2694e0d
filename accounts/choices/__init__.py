"""Roles and their groups, why something lies in an inbox, and the hours at which it is put there."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Role(models.TextChoices):
    """One account, one role: the three administrator hands can't meet in one account (等保 三员分立, handbook 1.9)."""

    STREET = "street", _("street office")
    TOTAL_LEAD = "total_lead", _("total-grid lead")
    COMPREHENSIVE_LEAD = "comprehensive_lead", _("comprehensive-grid lead")
    WORKER = "worker", _("grid worker")
    UNIT_STAFF = "unit_staff", _("unit staff")
    VOLUNTEER = "volunteer", _("volunteer")
    # Who mediates and has no other post: a lawyer, an elder, a full-time mediator. Sees files of their own, and no cases.
    MEDIATOR = "mediator", _("mediator")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDITOR = "auditor", _("auditor")
    SYSTEM = "system", _("the system itself")


LEADS = frozenset({Role.TOTAL_LEAD, Role.COMPREHENSIVE_LEAD})
FIELD_ROLES = frozenset({Role.WORKER, *LEADS})
# Those who see cases at all, each in the own scope.
CASE_ROLES = frozenset({Role.STREET, Role.UNIT_STAFF, *FIELD_ROLES})
# Those who have a desk. A volunteer has a phone and pages of their own.
DESK_ROLES = frozenset(Role) - {Role.VOLUNTEER, Role.SYSTEM}
ADMIN_HANDS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})

# The accounts of the role SYSTEM, and no others: the house itself, and the door at which residents come in.
NOBODYS = ("system", "door")

# Who stands in has the same role or a later one of this ladder; unit staff stand in for unit staff.
LADDER = (Role.WORKER, Role.COMPREHENSIVE_LEAD, Role.TOTAL_LEAD, Role.STREET)
# A stand-in who is away too is followed to the own stand-in, so often and no further.
MOST_STEPS = 5


class NoticeKind(models.TextChoices):
    """Why something lies in the inbox."""

    ORDER = "order", _("new order")
    NEAR = "near", _("time is running out")
    BREACH = "breach", _("overdue")
    CARD = "card", _("card")
    RETURNED = "returned", _("returned")
    PROGRESS = "progress", _("progress")
    APPLICATION = "application", _("application")
    URGE = "urge", _("urging")
    SUPERVISION = "supervision", _("supervision")
    SYSTEM = "system", _("system")
    DIGEST = "digest", _("digest")


@dataclass(frozen=True)
class Hours:
    """When ordinary notices reach people (clocks: ladder)."""

    quiet_from: dt.time
    quiet_until: dt.time
    # When what the quiet hours held back is told.
    digest_at: dt.time
    # Older than this, a notice is news of an outage and is gathered …
    late_after: dt.timedelta
    # … until the next full so many minutes of the day.
    round_to: dt.timedelta


# The office's own, from the environment (gridgov/settings.py).
HOURS = Hours(**settings.NOTICE_HOURS)

NOTICE_DIGEST = gettext_noop("%(count)s notices gathered: %(kinds)s")
NOTICE_STAND_IN = gettext_noop("You stand in for %(name)s from %(first)s to %(last)s.")
NOTICE_STOOD_IN_FOR = gettext_noop("%(name)s stands in for you from %(first)s to %(last)s.")
NOTICE_CALENDAR = gettext_noop(
    "The work calendar ends on %(last)s. Deadlines beyond it rest on a guess: please load the next year."
)
NOTICE_DOWNLOAD = gettext_noop("Your list “%(title)s” is ready: %(rows)s rows. It is kept for 7 days.")
# Rows of one file, files under way of one person, and how long a file is kept.
MOST_DOWNLOADED, MOST_UNDER_WAY, KEPT = 100_000, 3, dt.timedelta(days=7)
# Of a saved list.
NAME_CHARS, QUERY_CHARS = 24, 500
