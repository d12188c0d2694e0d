"""The admin's first page: what waits for whoever signed in, and the state of the house for its hands."""

import datetime as dt
from dataclasses import dataclass
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
from cases.admin.waiting import Line, Next, application_lines, case_lines
from cases.choices import LEVEL_OF_ROLE, Level, Light
from cases.models import Application
from cases.reports import time_words
from cases.reports.queues import BY_NAME, MINE, Surveyed, has_streets, survey
from gridgov.core.admin import calendar_runs_out
from gridgov.core.admin.jobs import KEEPERS, JobAdmin
from gridgov.core.calendar import loaded_until
from gridgov.core.models import Job, Record
from gridgov.core.records import SEAL
from gridgov.core.rules import can_keep_days
from gridgov.desk import unread_of
from gridgov.ground import communities_of, ground_of
from grids.queries import scope_of

LINES, NOTICES, RECORDS = 12, 6, 10
BEHIND_AFTER = dt.timedelta(minutes=5)
TO_DECIDE, STUCK = "to-decide", "stuck"
# What is asked of a person; all other tabs only watch.
ASKED = frozenset({MINE, TO_DECIDE, STUCK})
TABS = frozenset({*BY_NAME, TO_DECIDE, STUCK})


@dataclass(frozen=True)
class Tab:
    """A kind of things that wait: how many, the list of them all, and how it looks when there are some."""

    name: str
    label: Any
    icon: str
    count: int
    url: str
    warns: str = ""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows (unfold's DASHBOARD_CALLBACK): the live part, and what doesn't change while one looks."""
    user, now = request.user, timezone.now()
    more = board(user, request.GET.get("tab", ""), now)
    more |= {"title": _("Workbench"), "role_name": Role(user.role).label, "now": timezone.localtime(now)}
    if user.role in CASE_ROLES:
        more |= ground_of(user, more["communities"] or [], now)
    if user.role in KEEPERS:
        today = timezone.localdate(now)
        until = loaded_until(today)
        more |= {"until": until, "calendar": calendar_runs_out(until, today), "behind": _behind(now)}
        more |= {"can_load": bool(can_keep_days(user, ""))}
    if user.role in ADMIN_HANDS:
        more["accounts"] = _accounts()
    if user.role == Role.AUDITOR:
        more |= {
            "records": _last_records(),
            "seal": Record.objects.filter(subject_type=SEAL, subject_id=0).order_by("seq").last(),
        }
    return {**context, **more}


def board(user: User, wanted: str, now: dt.datetime) -> dict[str, Any]:
    """The part that is kept up to date: tabs with their counts, the lines of the tab WANTED (the first if there is no such
    one), notices, communities; no communities for those without ground."""
    found = survey(user, now) if user.role in CASE_ROLES else None
    tabs = _tabs(user, found, now)
    tab = next((one for one in tabs if one.name == wanted), tabs[0] if tabs else None)
    return {
        "tabs": tabs,
        "tab": tab,
        "lines": _lines(user, found, tab, now) if tab and tab.count else [],
        "more": any(one.count for one in tabs),
        "waits": sum(one.count for one in tabs if one.name in ASKED),
        "communities": communities_of(user, found.communities) if found and scope_of(user).nodes else None,
        "streets": bool(found) and has_streets(user),
        "unread": unread_of(user),
        "notices": list(Notice.objects.visible_to(user).unread().select_related("instead_of")[:NOTICES]),
    }


def _tabs(user: User, found: Surveyed | None, now: dt.datetime) -> list[Tab]:
    tabs: list[Tab] = []
    if found:
        listed = reverse("admin:cases_case_changelist")
        for name, count in found.counts.items():
            one = BY_NAME[name]
            tabs.append(Tab(name, one.label, one.icon, count, f"{listed}?queue={name}", one.warns if count else ""))
    if LEVEL_OF_ROLE.get(Role(user.role), Level.NONE) != Level.NONE:
        count = Application.objects.waiting_for(user, now).order_by().count()
        url = f"{reverse('admin:cases_application_changelist')}?waits=me"
        tabs.insert(1, Tab(TO_DECIDE, _("to decide"), "approval", count, url))
    if user.role in KEEPERS:
        count = Job.objects.stuck().order_by().count()
        url = reverse("admin:core_job_changelist")
        tabs.append(Tab(STUCK, _("stuck jobs"), "running_with_errors", count, url, "warn" if count else ""))
    return tabs


def _lines(user: User, found: Surveyed | None, tab: Tab, now: dt.datetime) -> list[Line]:
    if tab.name == TO_DECIDE:
        return application_lines(user, now, LINES)
    if found and tab.name in BY_NAME:
        return case_lines(user, found, BY_NAME[tab.name], now, LINES)
    return [_job_line(job, now) for job in Job.objects.stuck().order_by("stuck_at", "id")[:LINES]]


def _job_line(job: Job, now: dt.datetime) -> Line:
    again, stuck_at = JobAdmin.verbs[0], job.stuck_at or now
    return Line(
        key=f"job-{job.pk}",
        url=reverse("admin:core_job_change", args=[job.pk]),
        title=str(job),
        where=job.last_error.strip().rpartition("\n")[2],
        light=looks.chip_of(Light.LATE),
        left=_t("stuck for %(time)s") % {"time": time_words.span(now - stuck_at)},
        chips=(),
        next=Next(again.label, again.icon, reverse("admin:core_job_do", args=[job.pk, again.name])),
    )


def _behind(now: dt.datetime) -> int:
    """Jobs whose moment was a while ago, counted to a thousand: then beat or the workers stand still."""
    return Job.objects.open().filter(run_at__lt=now - BEHIND_AFTER).order_by()[:1000].count()


def _last_records() -> list[Record]:
    rows = list(Record.objects.select_related("actor").order_by("-id")[:RECORDS])
    for row in rows:
        row.words = _t(row.verb)  # type: ignore[attr-defined]
    return rows


def _accounts() -> dict[str, int]:
    able = Count("pk", filter=Q(is_active=True))
    return User.objects.people().aggregate(all=Count("pk"), able=able, locked=Count("pk") - able)
