"""The set-up at a glance: what a street can set, how it stands, and where it is set."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices.wording import all_templates
from accounts.models import NoticeText, User
from cases.models import ApprovalRule, Category, Policy
from gridgov.core.calendar import loaded_until, runs_out
from gridgov.setup.links import link_of
from grids.models import Unit

# (the line, whether somebody should look)
Told = tuple[str, bool]


@dataclass(frozen=True)
class Card:
    title: Any
    icon: str
    about: Any
    page: str
    tell: Callable[[User, dt.datetime], Told]


def page(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    cards = []
    for card in CARDS:
        line, warns = card.tell(request.user, now)
        url = link_of(request.user, card.page) or (reverse(f"admin:{card.page}") if card.page in OWN else "")
        cards.append({"card": card, "line": line, "warns": warns, "url": url})
    return {"title": _t("Set-up"), "cards": cards}


def _calendar(by: User, at: dt.datetime) -> Told:
    today = timezone.localdate(at)
    until = loaded_until(today)
    if until is None:
        return _t("no day is loaded"), True
    return _t("loaded up to %(day)s") % {"day": until}, runs_out(until, today)


def _matters(by: User, at: dt.datetime) -> Told:
    found = Category.objects.filter(level=2).aggregate(
        on=Count("pk", filter=Q(enabled=True)), off=Count("pk", filter=Q(enabled=False))
    )
    return _t("%(on)d matters in use, %(off)d switched off") % found, not found["on"]


def _proof(by: User, at: dt.datetime) -> Told:
    found = Category.objects.choosable().aggregate(
        place=Count("pk", filter=Q(needs_place=True)), after=Count("pk", filter=Q(needs_photo=True)),
        before=Count("pk", filter=Q(needs_photo_before=True)),
    )  # fmt: skip
    return _t("%(after)d want a photo when completed, %(before)d one from before, %(place)d a place") % found, False


def _own_rows(model: type[Policy] | type[ApprovalRule]) -> Callable[[User, dt.datetime], Told]:
    """How many rows of the offices' own, and since when the last one holds."""

    def tell(by: User, at: dt.datetime) -> Told:
        found = model.objects.visible_to(by).order_by().aggregate(count=Count("pk"), last=Max("effective_from"))
        if not found["count"]:
            return _t("the house's own hold everywhere"), False
        day = f"{timezone.localtime(found['last']):%Y-%m-%d}"
        return _t("%(count)d of the offices' own, the last from %(day)s on") % {
            "count": found["count"],
            "day": day,
        }, False

    return tell


def _notices(by: User, at: dt.datetime) -> Told:
    own = NoticeText.objects.exclude(wording="").values("text").distinct().count()
    return _t("%(own)d of %(all)d in words of your own") % {"own": own, "all": len(all_templates())}, False


def _roles(by: User, at: dt.datetime) -> Told:
    found = User.objects.able().aggregate(people=Count("pk"), roles=Count("role", distinct=True))
    return _t("%(people)d people in %(roles)d roles") % found, False


def _units(by: User, at: dt.datetime) -> Told:
    count = Unit.objects.filter(is_active=True).order_by().count()
    return _t("%(count)d units take orders") % {"count": count}, not count


def _steps(by: User, at: dt.datetime) -> Told:
    return _t("what a new street begins with"), False


def _doctor(by: User, at: dt.datetime) -> Told:
    return _t("engines, jobs, records, backup"), False


# Pages of this set-up that stand in no sidebar.
OWN = frozenset({"first_steps", "setup_roles"})
CARDS = (
    Card(_("Work calendar"), "calendar_month", _("Which days and hours count for deadlines."), "core_calendarday_year", _calendar),
    Card(_("Matter list"), "checklist", _("What can be reported, with its tier and usual unit."), "cases_category_changelist", _matters),
    Card(_("Proof rules"), "photo_camera", _("Which matters ask for a place and for photos."), "cases_category_proof", _proof),
    Card(_("Time limits"), "timer", _("Limits that differ from the tiers' own."), "cases_policy_changelist",
         _own_rows(Policy)),
    Card(_("Approval rules"), "gavel", _("Who decides applications, how often, how long."), "cases_approvalrule_changelist",
         _own_rows(ApprovalRule)),
    Card(_("Wording of notices"), "mail", _("In which words people are told."), "accounts_noticetext_changelist", _notices),
    Card(_("Roles"), "admin_panel_settings", _("What each role may do, asked of the rules."), "setup_roles", _roles),
    Card(_("Units"), "apartment", _("Departments, sections and firms that take orders."), "grids_unit_changelist", _units),
    Card(_("First steps"), "flag", _("How far the street has come."), "first_steps", _steps),
    Card(_("Doctor"), "vital_signs", _("How the house is, check by check."), "doctor", _doctor),
)  # fmt: skip
