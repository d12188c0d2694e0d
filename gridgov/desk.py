"""The sidebar, made for the role."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, CASE_ROLES, DESK_ROLES, FIELD_ROLES, LEADS, Role
from accounts.models import Notice, User
from cases.choices.figures import FIGURE_ROLES
from fieldwork.choices import OVERSEERS
from integrations.choices.channels import LOOKERS
from integrations.choices.hotline import EXCHANGE
from mediation.choices.people import MEDIATING
from privacy.choices import ASSESSMENT_READERS, LOG_READERS, REQUEST_READERS, RETENTION_READERS
from resources.choices import READERS
from volunteers.choices.people import ORGANISERS

MAP_KEEPERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN, *LEADS})
UNREAD_COUNTED = 100
# Lines of a sidebar that is shown whole.
MOST_UNFOLDED = 20


@dataclass(frozen=True)
class _Entry:
    """A line of the sidebar: the name of its page, and for whom."""

    title: Any
    icon: str
    page: str
    roles: frozenset[str]
    # The page whose address it lights up under, where that isn't its own.
    under: str = ""


_EVERYBODY = DESK_ROLES
# Pages whose addresses begin with that of another entry.
_WITHIN = frozenset(
    {
        "cases_case_add",
        "volunteers_panel_figures",
        "volunteers_shift_organising",
        "mediation_mediation_mine",
        "mediation_room_calendar",
        "mediation_committee_figures",
    }
)
_MENU: tuple[tuple[Any, tuple[_Entry, ...]], ...] = (
    (None, (
        _Entry(_("Workbench"), "space_dashboard", "index", _EVERYBODY),
        _Entry(_("Inbox"), "mail", "accounts_notice_changelist", _EVERYBODY),
        _Entry(_("Downloads"), "download", "accounts_download_changelist", CASE_ROLES),
        _Entry(_("Stand-ins"), "switch_account", "accounts_delegation_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("Cases"), (
        _Entry(_("Report a case"), "add_circle", "cases_case_add", CASE_ROLES),
        _Entry(_("All cases"), "assignment", "cases_case_changelist", CASE_ROLES),
        _Entry(_("Applications"), "approval", "cases_application_changelist", CASE_ROLES),
        _Entry(_("Parked cases"), "inventory_2", "cases_pause_changelist", CASE_ROLES),
        _Entry(_("Published results"), "public", "cases_publication_changelist", LEADS | {Role.STREET}),
        _Entry(_("One map"), "map", "cases_map", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Statistics"), "monitoring", "cases_dashboard", FIGURE_ROLES, "cases_frozenfigures_changelist"),
        _Entry(_("Matter list"), "checklist", "cases_category_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Time limits"), "timer", "cases_policy_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Approval rules"), "gavel", "cases_approvalrule_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("Grids and people"), (
        _Entry(_("Grid tree"), "account_tree", "grids_grid_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
        _Entry(_("Redrawings"), "content_cut", "grids_redrawing_changelist", MAP_KEEPERS),
        _Entry(_("Posts"), "badge", "grids_post_by_grid", MAP_KEEPERS, "grids_post_changelist"),
        _Entry(_("Posts"), "badge", "grids_post_changelist",
               (CASE_ROLES | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}) - MAP_KEEPERS),
        _Entry(_("Professional workers"), "engineering", "grids_binding_changelist",
               CASE_ROLES | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
        _Entry(_("Party organisations"), "flag", "grids_partyorg_changelist", MAP_KEEPERS),
        _Entry(_("Duty lists"), "checklist_rtl", "grids_duty_changelist", MAP_KEEPERS),
        _Entry(_("Public pages"), "qr_code_2", "grids_publicpage_changelist", MAP_KEEPERS),
        _Entry(_("Phrasebook"), "sms", "cases_streetphrase_changelist", frozenset({Role.STREET})),
        _Entry(_("Announcements"), "campaign", "grids_gridnotice_changelist", FIELD_ROLES | {Role.STREET}),
        _Entry(_("Residents' groups"), "groups", "grids_grouplink_changelist", FIELD_ROLES | {Role.STREET}),
        _Entry(_("Units"), "apartment", "grids_unit_changelist", CASE_ROLES | {Role.SYSTEM_ADMIN}),
    )),
    (_("Resources"), (
        _Entry(_("Library of resources"), "inventory", "resources_resource_changelist", READERS),
        _Entry(_("What is on this month"), "calendar_month", "resources_service_month", READERS, "resources_service_changelist"),
    )),
    (_("Work in the grid"), (
        _Entry(_("Daily reports"), "today", "fieldwork_dailyreport_of_a_day", OVERSEERS, "fieldwork_dailyreport_changelist"),
        _Entry(_("Patrols"), "directions_walk", "fieldwork_patrol_changelist", OVERSEERS),
        _Entry(_("Visits"), "meeting_room", "fieldwork_visit_changelist", OVERSEERS),
        _Entry(_("Needless work"), "do_not_disturb_on", "fieldwork_needlesswork_changelist", OVERSEERS),
    )),
    (_("Volunteers"), (
        _Entry(_("Organiser's workbench"), "assignment_ind", "volunteers_shift_organising", ORGANISERS),
        _Entry(_("Projects"), "handshake", "volunteers_project_changelist", ORGANISERS),
        _Entry(_("Shifts"), "event", "volunteers_shift_changelist", ORGANISERS),
        _Entry(_("Needs for help"), "sos", "volunteers_need_changelist", ORGANISERS),
        _Entry(_("Governance posts"), "pin_drop", "volunteers_governancepost_changelist", ORGANISERS),
        _Entry(_("Roster of volunteers"), "volunteer_activism", "volunteers_volunteer_changelist", ORGANISERS),
        _Entry(_("Squads"), "groups_2", "volunteers_squad_changelist", ORGANISERS),
        _Entry(_("Hours of service"), "schedule", "volunteers_hoursentry_changelist", ORGANISERS),
        _Entry(_("Appeals about hours"), "gavel", "volunteers_appeal_changelist", ORGANISERS),
        _Entry(_("Points"), "savings", "volunteers_pointsentry_changelist", ORGANISERS),
        _Entry(_("Rules of points"), "tune", "volunteers_pointsrule_changelist", ORGANISERS),
        _Entry(_("Exchange stations"), "storefront", "volunteers_station_changelist", ORGANISERS),
        _Entry(_("Goods"), "local_offer", "volunteers_good_changelist", ORGANISERS),
        _Entry(_("Exchanges of points"), "shopping_cart", "volunteers_redemption_changelist", ORGANISERS),
        _Entry(_("Residents' feedback"), "reviews", "volunteers_feedback_changelist", ORGANISERS),
        _Entry(_("Panels"), "star_half", "volunteers_panel_changelist", ORGANISERS | {Role.WORKER}),
        _Entry(_("Certificates"), "military_tech", "volunteers_certificate_changelist", ORGANISERS),
        _Entry(_("Objections"), "gavel", "volunteers_objection_changelist", ORGANISERS),
        _Entry(_("Issuers of certificates"), "draw", "volunteers_issuer_changelist", ORGANISERS),
        _Entry(_("Volunteering by grid"), "monitoring", "volunteers_panel_figures", ORGANISERS),
    )),
    (_("Mediation"), (
        _Entry(_("My mediation"), "assignment_ind", "mediation_mediation_mine", MEDIATING),
        _Entry(_("Files of disputes"), "folder_shared", "mediation_mediation_changelist", MEDIATING),
        _Entry(_("Calendar of mediation"), "calendar_month", "mediation_room_calendar", MEDIATING),
        _Entry(_("Mediation committees"), "diversity_3", "mediation_committee_changelist", MEDIATING),
        _Entry(_("Mediators"), "forum", "mediation_mediator_changelist", MEDIATING),
        _Entry(_("Experts"), "psychology", "mediation_expert_changelist", MEDIATING),
        _Entry(_("Mediation rooms"), "meeting_room", "mediation_room_changelist", MEDIATING),
        _Entry(_("Quarter of mediation"), "monitoring", "mediation_committee_figures", MEDIATING),
        _Entry(_("Texts of papers"), "description", "mediation_template_changelist", frozenset({Role.STREET})),
    )),
    (_("Protection of personal data"), (
        _Entry(_("Requests of persons"), "contact_support", "privacy_request_changelist", REQUEST_READERS),
        _Entry(_("Terms of keeping"), "timer", "privacy_retention", RETENTION_READERS),
        _Entry(_("Holds"), "lock", "privacy_hold_changelist", RETENTION_READERS),
        _Entry(_("Lifted limits"), "lock_open", "privacy_lift_changelist", RETENTION_READERS),
        _Entry(_("Access log"), "visibility", "privacy_look_changelist", LOG_READERS),
        _Entry(_("Impact assessments"), "fact_check", "privacy_assessment_changelist", ASSESSMENT_READERS),
    )),
    (_("Other systems"), (
        _Entry(_("Connected systems"), "hub", "accounts_apiclient_changelist", ADMIN_HANDS),
        _Entry(_("Exchange partners"), "swap_horiz", "integrations_partner_changelist", EXCHANGE),
        _Entry(_("Partners' orders"), "inbox", "integrations_partnerorder_changelist", EXCHANGE),
        _Entry(_("Partners' messages"), "rule", "integrations_inbound_changelist", EXCHANGE),
        _Entry(_("Partners' codes"), "translate", "integrations_partnercode_changelist", EXCHANGE),
        _Entry(_("Told to partners"), "upload", "integrations_outbound_changelist", EXCHANGE),
        _Entry(_("Partners' pictures"), "image", "integrations_partnerfile_changelist", EXCHANGE),
        _Entry(_("Refused messages"), "block", "integrations_refusedmessage_changelist", EXCHANGE),
        _Entry(_("Webhooks"), "webhook", "integrations_webhook_changelist", frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})),
        _Entry(_("Deliveries"), "send", "integrations_delivery_changelist", frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})),
        _Entry(_("Channels of notices"), "notifications_active", "integrations_channel_changelist", LOOKERS),
        _Entry(_("Sent messages"), "chat", "integrations_message_changelist", LOOKERS),
        _Entry("Open311", "api", "integrations_jurisdiction_changelist",
               frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})),
    )),
    (_("System"), (
        _Entry(_("Set-up"), "tune", "setup", frozenset({Role.STREET, Role.SYSTEM_ADMIN})),
        _Entry(_("Roles"), "admin_panel_settings", "setup_roles", frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})),
        _Entry(_("Doctor"), "vital_signs", "doctor", frozenset({Role.STREET, Role.SYSTEM_ADMIN})),
        _Entry(_("Accounts"), "manage_accounts", "accounts_user_changelist", ADMIN_HANDS),
        _Entry(_("Entry apps"), "key", "accounts_entryapp_changelist", ADMIN_HANDS),
        _Entry(_("Sign-in sessions"), "devices", "accounts_session_changelist", frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})),
        _Entry(_("Sign-ins from outside"), "link", "accounts_identity_changelist", frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})),
        _Entry(_("Calendar"), "calendar_month", "core_calendarday_year", frozenset({Role.STREET, Role.SYSTEM_ADMIN}),
               "core_calendarday_changelist"),
        _Entry(_("Stuck jobs"), "running_with_errors", "core_job_changelist", frozenset({Role.STREET, Role.SYSTEM_ADMIN})),
        _Entry(_("Records"), "receipt_long", "core_record_changelist", frozenset({Role.AUDITOR})),
    )),
)  # fmt: skip


def pages_of(role: str) -> frozenset[str]:
    """The names of the pages in the sidebar of ROLE: what can be linked to."""
    return frozenset(entry.page for _title, entries in _MENU for entry in entries if role in entry.roles)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar for this person; one query, for the unread notices. A long one is folded: the day's work and what one is at
    stand open, and whatever this browser unfolded (static/gridgov/sidebar.js)."""
    user = request.user
    groups: list[dict[str, Any]] = []
    for place, (title, entries) in enumerate(_MENU):
        items = [_item(request, entry) for entry in entries if user.role in entry.roles]
        if items:
            groups.append({"key": place, "title": title, "separator": title is not None, "items": items})
    folds = sum(len(group["items"]) for group in groups) > MOST_UNFOLDED
    for place, group in enumerate(groups):
        group["is_here"] = any(item["active"] for item in group["items"])
        group["open"] = not folds or place <= 1 or group["is_here"]
    return groups


@cache
def _link(page: str) -> str:
    """Two dozen a page, and always the same."""
    return reverse(f"admin:{page}")


def _item(request: HttpRequest, entry: _Entry) -> dict[str, Any]:
    link = _link(entry.page)
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
    """What lies under another page's address must not light up both."""
    if entry.page == "index" or entry.page in _WITHIN:
        return path == link
    link = _link(entry.under) if entry.under else link
    return path.startswith(link) and path not in {_link(page) for page in _WITHIN}


def way(groups: list[dict[str, Any]], path: str) -> list[tuple[Any, str]]:
    """How one comes to the page at PATH by the sidebar's GROUPS: its heading, if it has one, and its line, each with a link
    where it leads elsewhere. Nothing for pages that no line leads to."""
    for group in groups:
        for item in group["items"]:
            if item["active"]:
                heading = [(group["title"], "")] if group["title"] else []
                return [*heading, (item["title"], "" if item["link"] == path else item["link"])]
    return []


def unread_of(user: User) -> int:
    """Unread notices, counted to a hundred and no further. Kept on the user object: the sidebar and the page both ask."""
    kept: int | None = getattr(user, "_unread", None)
    if kept is None:
        kept = user._unread = Notice.objects.visible_to(user).unread().order_by()[:UNREAD_COUNTED].count()
    return kept
