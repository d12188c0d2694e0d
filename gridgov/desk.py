"""The signed-in person's desk: the sidebar and the admin's first page, both made for the role."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, CASE_ROLES, LEADS, Role
from accounts.models import Notice, User
from cases.admin import looks
from cases.admin.page import tiles
from cases.admin.queues import BY_NAME, count_waiting, urgent
from cases.choices import LEVEL_OF_ROLE, Level
from cases.choices.figures import FIGURE_ROLES
from cases.models import Application, Case
from gridgov.core.admin import calendar_runs_out
from gridgov.core.calendar import loaded_until
from gridgov.core.models import Job, Record
from gridgov.core.records import SEAL
from gridgov.core.rules import can_keep_days
from grids.choices import GridKind
from grids.models import Grid, Post
from grids.queries import scope_of

MAP_KEEPERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN, *LEADS})
SHOWN = 10
UNREAD_COUNTED = 100
MOST_DRAWN = 1500


@dataclass(frozen=True)
class _Entry:
    """A line of the sidebar: the name of its page, and for whom."""

    title: Any
    icon: str
    page: str
    roles: frozenset[str]
    # The page whose address it lights up under, where that isn't its own.
    under: str = ""


_EVERYBODY = frozenset(Role) - {Role.SYSTEM}
_MENU: tuple[tuple[Any, tuple[_Entry, ...]], ...] = (
    (None, (
        _Entry(_("Workbench"), "space_dashboard", "index", _EVERYBODY),
        _Entry(_("Inbox"), "mail", "accounts_notice_changelist", _EVERYBODY),
        _Entry(_("Stand-ins"), "switch_account", "accounts_delegation_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("Cases"), (
        _Entry(_("Report a case"), "add_circle", "cases_case_add", CASE_ROLES),
        _Entry(_("All cases"), "assignment", "cases_case_changelist", CASE_ROLES),
        _Entry(_("Applications"), "approval", "cases_application_changelist", CASE_ROLES),
        _Entry(_("Parked cases"), "inventory_2", "cases_pause_changelist", CASE_ROLES),
        _Entry(_("Statistics"), "monitoring", "cases_figures", FIGURE_ROLES),
        _Entry(_("Matter list"), "checklist", "cases_category_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Time limits"), "timer", "cases_policy_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Approval rules"), "gavel", "cases_approvalrule_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("Grids and people"), (
        _Entry(_("Grid tree"), "account_tree", "grids_grid_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Posts"), "badge", "grids_post_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
        _Entry(_("Professional workers"), "engineering", "grids_binding_changelist",
               CASE_ROLES | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
        _Entry(_("Party organisations"), "flag", "grids_partyorg_changelist", MAP_KEEPERS),
        _Entry(_("Units"), "apartment", "grids_unit_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("System"), (
        _Entry(_("Accounts"), "manage_accounts", "accounts_user_changelist", ADMIN_HANDS),
        _Entry(_("Calendar"), "calendar_month", "core_calendarday_year", frozenset({Role.STREET, Role.SYSTEM_ADMIN}),
               "core_calendarday_changelist"),
        _Entry(_("Stuck jobs"), "running_with_errors", "core_job_changelist", frozenset({Role.STREET, Role.SYSTEM_ADMIN})),
        _Entry(_("Records"), "receipt_long", "core_record_changelist", frozenset({Role.AUDITOR})),
    )),
)  # fmt: skip


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar for this person; one query, for the unread notices."""
    user = request.user
    groups = []
    for title, entries in _MENU:
        items = [_item(request, entry) for entry in entries if user.role in entry.roles]
        if items:
            groups.append({"title": title, "separator": title is not None, "items": items})
    return groups


def _item(request: HttpRequest, entry: _Entry) -> dict[str, Any]:
    link = reverse(f"admin:{entry.page}")
    item: dict[str, Any] = {
        "title": entry.title,
        "icon": entry.icon,
        "link": link,
        "active": _is_here(request.path, entry, link),
    }
    if entry.page == "accounts_notice_changelist" and (unread := unread_of(request.user)):
        item["badge"] = str(unread) if unread < UNREAD_COUNTED else f"{UNREAD_COUNTED - 1}+"
    return item


def _is_here(path: str, entry: _Entry, link: str) -> bool:
    """The report form lies under the list of cases and must not light up both."""
    if entry.page in {"index", "cases_case_add"}:
        return path == link
    link = reverse(f"admin:{entry.under}") if entry.under else link
    return path.startswith(link) and path != reverse("admin:cases_case_add")


def unread_of(user: User) -> int:
    """Unread notices, counted to a hundred and no further."""
    return Notice.objects.visible_to(user).unread().order_by()[:UNREAD_COUNTED].count()


# --- the first page --------------------------------------------------------------------------------------------------


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
    return {"tiles": found, "lines": lines, **_street(user, now)}


def _to_decide(user: User, now: dt.datetime) -> dict[str, Any]:
    """The applications that wait for this person; one query."""
    return {
        "name": "to-decide", "label": _t("to decide"), "icon": "approval", "warns": "",
        "count": Application.objects.waiting_for(user, now).order_by()[:UNREAD_COUNTED].count(),
        "url": f"{reverse('admin:cases_application_changelist')}?waits=me",
    }  # fmt: skip


def _street(user: User, now: dt.datetime) -> dict[str, Any]:
    """The ground of those who have some: numbers of grids and posts, open and overdue cases per community, the map."""
    scope = scope_of(user)
    if not scope.nodes:
        return {}
    ground = Grid.objects.filter(scope.under(), valid_to=None).order_by()
    kinds = dict(ground.values_list("kind").annotate(Count("pk")))
    posts = Post.objects.current(timezone.localdate(now)).order_by().filter(grid__in=ground.values("pk"))
    filled = posts.aggregate(posts=Count("pk"), people=Count("user", distinct=True), grids=Count("grid", distinct=True))
    communities = _communities(user, now)
    return {
        "kinds": [(kind.value, kind.label, kinds.get(kind, 0)) for kind in GridKind if kind != GridKind.STREET],
        "posts": filled,
        "vacant": sum(kinds.values()) - filled["grids"],
        "communities": communities,
        "street_map": {
            "notes": _notes(communities),
            "kinds": _layers(sum(kinds.values())),
            "tiles": tiles(),
            "hideEmpty": True,
        },
    }


def _layers(grids: int) -> list[str]:
    """What the map draws, the communities last and on top, for they answer the pointer; micro-grids while a page can
    carry them."""
    drawn = [GridKind.STREET, GridKind.DEDICATED, GridKind.COMPREHENSIVE, GridKind.TOTAL]
    return [kind.value for kind in ([GridKind.MICRO, *drawn] if grids <= MOST_DRAWN else drawn)]


def _communities(user: User, now: dt.datetime) -> list[dict[str, Any]]:
    """Open and overdue cases of each community, the most overdue first; one query over the open cases."""
    rows = Case.objects.visible_to(user).open().order_by().exclude(total=None).values("total__code", "total__name")
    late = BY_NAME["late"].holds(user, now)
    found = rows.annotate(open=Count("pk"), late=Count("pk", filter=late)).order_by("-late", "-open", "total__code")
    url = reverse("admin:cases_case_changelist")
    return [
        {
            "code": row["total__code"], "name": row["total__name"], "open": row["open"], "late": row["late"],
            "open_url": f"{url}?community={row['total__code']}&state=open",
            "late_url": f"{url}?community={row['total__code']}&queue=late",
        }
        for row in found
    ]  # fmt: skip


def _notes(communities: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the map says about each community, and how it colours those with overdue cases."""
    return {
        row["code"]: {
            "text": _t("%(name)s: %(open)s open, %(late)s overdue") % row,
            "url": row["open_url"],
            "style": {"fillColor": "#dc2626", "fillOpacity": 0.16} if row["late"] else {},
        }
        for row in communities
    }


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
