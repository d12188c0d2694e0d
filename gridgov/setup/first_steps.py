"""The first steps of a new street: what is done is seen from the data, what only a person can know is ticked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, DESK_ROLES, Role
from accounts.models import User
from cases.choices import CaseState
from cases.models import Case, Category
from gridgov.core.calendar import loaded_until, runs_out
from gridgov.core.doctor import State, ask
from gridgov.core.models import Record
from grids.actions.first_steps import SUBJECT
from grids.choices import FIRST_STEPS, GridKind, StaffGap
from grids.models import Grid, Unit
from grids.reports import staffing

STREETS_SHOWN = 50
# How a step stands: done, and a line that says how far.
Told = tuple[bool, str]

# A street works without mediators of their own: others of its people may mediate.
NEEDED = DESK_ROLES - {Role.MEDIATOR}


@dataclass(frozen=True)
class Kind:
    """A step: who takes it, on which page, and how it is seen that it is done. Without `probe` it is ticked."""

    name: str
    title: Any
    icon: str
    who: frozenset[Role]
    page: str
    probe: Callable[[Grid, dt.datetime], Told] | None = None


@dataclass(frozen=True)
class Step:
    kind: Kind
    done: bool
    said: str

    @property
    def who(self) -> str:
        return " · ".join(str(role.label) for role in sorted(self.kind.who))

    @property
    def by_hand(self) -> bool:
        return self.kind.name in FIRST_STEPS


@dataclass(frozen=True)
class FirstSteps:
    """How far STREET has come (None: there is none yet); `hidden`: its office has put the list away."""

    street: Grid | None
    steps: list[Step]
    hidden: bool = False

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.steps) if self.steps else 100

    @property
    def complete(self) -> bool:
        return self.done == len(self.steps)


def streets_of(user: User) -> list[Grid]:
    """The streets whose beginning USER has to do with, by code. The security hand, who grants roles and posts in all of
    them, knows them by name as it does from the posts."""
    rows = Grid.objects.all() if user.role in ADMIN_HANDS else Grid.objects.visible_to(user)
    return list(rows.filter(parent=None).order_by("code").defer("border", "shape", "box")[:STREETS_SHOWN])


def first_steps(street: Grid | None, user: User, at: dt.datetime) -> FirstSteps:
    """The steps of STREET as they stand at AT, a dozen queries; those that the security hand takes are all it sees."""
    mine = [kind for kind in KINDS if user.role != Role.SECURITY_ADMIN or user.role in kind.who]
    if street is None:
        return FirstSteps(None, [Step(kind, False, "") for kind in mine])
    ticks = _ticks(street)
    steps = [Step(kind, *_told(kind, ticks, street, at)) for kind in mine]
    return FirstSteps(street, steps, hidden=ticks.get("all", False))


def _ticks(street: Grid) -> dict[str, bool]:
    rows = Record.objects.filter(subject_type=SUBJECT, subject_id=street.pk).order_by("seq")
    return {data["step"]: data["done"] for data in rows.values_list("data", flat=True)}


def _told(kind: Kind, ticks: dict[str, bool], street: Grid, at: dt.datetime) -> Told:
    if kind.probe is not None:
        return kind.probe(street, at)
    done = ticks.get(kind.name, False)
    return done, _t("looked at") if done else _t("not looked at yet")


# --- the steps -------------------------------------------------------------------------------------------------------


def _grids(street: Grid, at: dt.datetime) -> Told:
    rows = Grid.objects.under(street).current(timezone.localdate(at))
    found = rows.aggregate(
        totals=Count("pk", filter=Q(kind=GridKind.TOTAL)), micros=Count("pk", filter=Q(kind=GridKind.MICRO))
    )
    said = _t("%(totals)d total grids, %(micros)d micro-grids") % found
    return bool(found["totals"] and found["micros"]), said


def _borders(street: Grid, at: dt.datetime) -> Told:
    """Whether all have one; how they fit together is the coverage page's business, and takes longer."""
    rows = Grid.objects.under(street).current(timezone.localdate(at))
    found = rows.aggregate(all=Count("pk"), bare=Count("pk", filter=Q(border__isnull=True)))
    return found["all"] > 1 and not found["bare"], _t("%(bare)d of %(all)d without a border") % found


def _units(street: Grid, at: dt.datetime) -> Told:
    count = Unit.objects.serving(street.code).filter(is_active=True).order_by().count()
    return count > 0, _t("%(count)d units take orders") % {"count": count}


def _accounts(street: Grid, at: dt.datetime) -> Told:
    """Somebody for every role that the house can't work without."""
    able = dict(User.objects.able().order_by().values_list("role").annotate(Count("pk")))
    lacking = [role.label for role in Role if role in NEEDED and not able.get(role)]
    if lacking:
        return False, _t("nobody yet as: %(roles)s") % {"roles": ", ".join(map(str, lacking))}
    return True, _t("%(count)d people can sign in") % {"count": sum(able.values())}


def _posts(street: Grid, at: dt.datetime) -> Told:
    vacant = sum(StaffGap.VACANT in line.lacks for line in staffing(street, timezone.localdate(at)))
    return not vacant, _t("%(count)d grids without their lead or worker") % {"count": vacant}


def _calendar(street: Grid, at: dt.datetime) -> Told:
    today = timezone.localdate(at)
    until = loaded_until(today)
    if until is None:
        return False, _t("no day is loaded")
    return not runs_out(until, today), _t("loaded up to %(day)s") % {"day": until}


def _categories(street: Grid, at: dt.datetime) -> Told:
    count = Category.objects.choosable().order_by().count()
    return count > 0, _t("%(count)d matters in use") % {"count": count}


def _trial(street: Grid, at: dt.datetime) -> Told:
    done = Case.objects.filter(street=street, state=CaseState.CLOSED).exists()
    return done, _t("a case went all the way") if done else _t("no case is closed yet")


def _backup(street: Grid, at: dt.datetime) -> Told:
    found = ask("backup", at=at)
    return found.state == State.OK, found.said


_SYSTEM, _SECURITY, _STREET = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.SECURITY_ADMIN}), frozenset({Role.STREET})
KINDS = (
    Kind("street", _("Found the street"), "location_city", _SYSTEM, "grids_grid_changelist", lambda street, at: (True, street.name)),
    Kind("grids", _("Import the grids"), "account_tree", _SYSTEM | _STREET, "grids_grid_changelist", _grids),
    Kind("borders", _("Draw the borders"), "polyline", _SYSTEM | _STREET, "grids_grid_changelist", _borders),
    Kind("units", _("Register the units"), "apartment", _SYSTEM | _STREET, "grids_unit_changelist", _units),
    Kind("accounts", _("Open accounts, grant roles"), "manage_accounts", _SYSTEM | _SECURITY, "accounts_user_changelist", _accounts),
    Kind("posts", _("Give the posts"), "badge", _SECURITY | _STREET, "grids_post_changelist", _posts),
    Kind("calendar", _("Load the work calendar"), "calendar_month", _SYSTEM, "core_calendarday_year", _calendar),
    Kind("categories", _("Load the matter list"), "checklist", _SYSTEM, "cases_category_changelist", _categories),
    Kind("limits", _("Look at time limits and approval rules"), "timer", _STREET, "cases_policy_changelist"),
    Kind("proof", _("Look at the proof rules"), "photo_camera", _STREET, "cases_category_proof"),
    Kind("notices", _("Look at the wording of notices"), "mail", _STREET, "accounts_noticetext_changelist"),
    Kind("trial", _("Take one case all the way"), "flag", _STREET, "cases_case_changelist", _trial),
    Kind("backup", _("Set up the backup"), "backup", _SYSTEM, "doctor", _backup),
)  # fmt: skip
