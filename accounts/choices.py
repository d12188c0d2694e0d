"""Roles and their groups, and why something lies in an inbox."""

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
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDITOR = "auditor", _("auditor")
    SYSTEM = "system", _("the system itself")


LEADS = frozenset({Role.TOTAL_LEAD, Role.COMPREHENSIVE_LEAD})
FIELD_ROLES = frozenset({Role.WORKER, *LEADS})
# Those who see cases at all, each in the own scope.
CASE_ROLES = frozenset({Role.STREET, Role.UNIT_STAFF, *FIELD_ROLES})
ADMIN_HANDS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class NoticeKind(models.TextChoices):
    """Why something lies in the inbox."""

    ORDER = "order", _("new order")
    NEAR = "near", _("time is running out")
    BREACH = "breach", _("overdue")
    CARD = "card", _("card")
    RETURNED = "returned", _("returned")
    PROGRESS = "progress", _("progress")
    URGE = "urge", _("urging")
    SUPERVISION = "supervision", _("supervision")
    SYSTEM = "system", _("system")


NOTICE_CALENDAR = gettext_noop(
    "The work calendar ends on %(last)s. Deadlines beyond it rest on a guess: please load the next year."
)
