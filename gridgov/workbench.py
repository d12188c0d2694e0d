"""The admin's first page: what waits for whoever signed in, and the state of the house for its hands."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, CASE_ROLES, Role
from accounts.models import Notice, User
from cases.admin import looks
from cases.admin.queues import count_waiting, urgent
from cases.choices import LEVEL_OF_ROLE, Level
from cases.models import Application
from gridgov.core.admin import calendar_runs_out
from gridgov.core.calendar import loaded_until
from gridgov.core.models import Job, Record
from gridgov.core.records import SEAL
from gridgov.core.rules import can_keep_days
from gridgov.desk import UNREAD_COUNTED
from gridgov.ground import ground_of

SHOWN = 10


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows: for case people what waits for them, for the hands the state of the house."""
    user, now = request.user, timezone.now()
    more: dict[str, Any] = {"title": _("Workbench"), "role_name": Role(user.role).label, "now": timezone.localtime(now)}
    if user.role in CASE_ROLES:
        more |= _for_cases(user, now)
    if user.role in {Role.SYSTEM_ADMIN, Role.STREET}:
        today = timezone.localdate(now)
        until = loaded_until(today)
        more |= {"until": until, "calendar": calendar_runs_out(until, today)}
        more |= {"can_load": bool(can_keep_days(user, "")), "jobs": _jobs(now)}
    if user.role in ADMIN_HANDS:
        more["accounts"] = _accounts()
    if user.role == Role.AUDITOR:
        more |= {
            "records": _last_records(),
            "seal": Record.objects.filter(subject_type=SEAL, subject_id=0).order_by("seq").last(),
        }
    more["notices"] = list(Notice.objects.visible_to(user).unread().select_related("instead_of")[:6])
    return {**context, **more}


def _for_cases(user: User, now: dt.datetime) -> dict[str, Any]:
    listed = reverse("admin:cases_case_changelist")
    found = [
        {
            "name": queue.name,
            "label": queue.label,
            "icon": queue.icon,
            "count": count,
            "warns": queue.warns if count else "",
            "url": f"{listed}?queue={queue.name}",
        }
        for queue, count in count_waiting(user, now)
    ]
    if LEVEL_OF_ROLE.get(Role(user.role), Level.NONE) != Level.NONE:
        found.insert(0, _to_decide(user, now))
    lines = [
        {"case": case, "url": reverse("admin:cases_case_change", args=[case.pk]), "light": looks.light_chip(case, now),
         "left": looks.time_left(case, now), "state": looks.state_chip(case), "tier": looks.tier_chip(case)}
        for case in urgent(user, now, SHOWN)
    ]  # fmt: skip
    return {"tiles": found, "lines": lines, **ground_of(user, now)}


def _to_decide(user: User, now: dt.datetime) -> dict[str, Any]:
    """The applications that wait for this person; one query."""
    return {
        "name": "to-decide", "label": _t("to decide"), "icon": "approval", "warns": "",
        "count": Application.objects.waiting_for(user, now).order_by()[:UNREAD_COUNTED].count(),
        "url": f"{reverse('admin:cases_application_changelist')}?waits=me",
    }  # fmt: skip


def _jobs(now: dt.datetime) -> dict[str, Any]:
    waiting = Job.objects.filter(done_at=None, stuck_at=None, run_at__lt=now - dt.timedelta(minutes=5))
    return {
        "stuck": Job.objects.stuck().order_by()[:1000].count(),
        "behind": waiting.order_by()[:1000].count(),
    }


def _last_records() -> list[Record]:
    rows = list(Record.objects.select_related("actor").order_by("-id")[:SHOWN])
    for row in rows:
        row.words = _t(row.verb)  # type: ignore[attr-defined]
    return rows


def _accounts() -> dict[str, int]:
    able = Count("pk", filter=Q(is_active=True))
    return User.objects.exclude(role=Role.SYSTEM).aggregate(all=Count("pk"), able=able, locked=Count("pk") - able)
