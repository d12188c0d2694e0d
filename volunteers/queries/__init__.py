"""Who sees what of volunteering: organisers what lies in their scope, volunteers what is theirs, and nobody else anybody."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import holds_phone, plain_phone
from grids.choices import GridKind
from grids.queries import heavy, scope_of
from volunteers.choices.ledger import AppealState, HoursKind, PointsKind, RedemptionState
from volunteers.choices.people import ORGANISERS, SIZES, SquadGap, SquadKind, VolunteerState
from volunteers.choices.work import TAKING, ProjectState, ShiftState, SignUpState

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

# Fewer are no phone number that somebody signs in by.
_LEAST_DIGITS = 7


def _grids(user: "User") -> Any:
    """The keys of the grids at or below the posts of USER, who is an organiser; none of anybody else's."""
    grids: Any = apps.get_model("grids", "Grid")._default_manager
    found = grids.filter(scope_of(user).under()) if user.role in ORGANISERS else grids.none()
    return found.order_by().values("pk")


def _own_streets(user: "User") -> Any:
    """The trees in which USER is enrolled."""
    volunteers: Any = apps.get_model("volunteers", "Volunteer")._default_manager
    return volunteers.filter(user=user, state=VolunteerState.ACTIVE).order_by().values("grid__tree_id")


# A reversal of something exchanged bears the exchange; all others take back what was earned.
EARNED = Q(kind=PointsKind.EARNED) | Q(kind=PointsKind.REVERSAL, redemption=None)


class InScopeQuerySet(LockingQuerySet):
    """Rows on a grid: GRID is the way to it, OWN the way to the account of the volunteer whose row it is ("" for none)."""

    grid, own = "grid", ""

    def visible_to(self, user: "User") -> Self:
        seen = Q((f"{self.grid}__in", _grids(user)))
        if self.own:
            seen |= Q((self.own, user))
        return self.filter(seen)

    def for_list(self) -> Self:
        return self.select_related(self.grid).defer(*heavy(self.grid))

    def for_detail(self) -> Self:
        return self.for_list()


class VolunteerQuerySet(InScopeQuerySet):
    own = "user"

    def active(self) -> Self:
        return self.filter(state=VolunteerState.ACTIVE)

    def about_phone(self, phone: str) -> Self:
        """Those who have PHONE, or whose guardian has."""
        return self.filter(holds_phone(phone, "phone", "guardian_phone"))

    def account_of(self, said: str) -> str:
        """The user name of the one volunteer with the number or the phone SAID who can sign in, or applies; "" where there is
        none, or several have that phone. Those who can sign in go first: a family may apply with one phone."""
        own = self.filter(user__role=Role.VOLUNTEER)
        if found := own.filter(no=said.upper()).values_list("user__username", flat=True).first():
            return str(found)
        phone = plain_phone(said)
        if len(phone) < _LEAST_DIGITS or not phone.lstrip("+").isdigit():
            return ""
        with_it = own.filter(phone=phone).order_by("pk")
        for rows in (with_it.filter(user__is_active=True), with_it.filter(state=VolunteerState.APPLIED)):
            if names := list(rows.values_list("user__username", flat=True)[:2]):
                return str(names[0]) if len(names) == 1 else ""
        return ""

    def in_a_squad(self, stands: bool = True) -> Self:
        """Those who stand in a squad, or in none."""
        members: Any = apps.get_model("volunteers", "Member")._default_manager
        found = members.current().filter(volunteer=OuterRef("pk"))
        return self.filter(Exists(found) if stands else ~Exists(found))

    def outside(self, squad: Any) -> Self:
        """Those who don't stand in SQUAD."""
        return self.exclude(pk__in=squad.members.current().order_by().values("volunteer"))

    def for_list(self) -> Self:
        return super().for_list().select_related("user", "balance")

    def for_detail(self) -> Self:
        return self.for_list().select_related("reviewed_by")

    def of(self, user: "User") -> Any:
        """The volunteer that USER is, whatever the state; None for whoever is none."""
        return self.filter(user=user).for_list().first()


class SquadQuerySet(InScopeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those in scope; those one leads or stands in."""
        members: Any = apps.get_model("volunteers", "Member")._default_manager
        mine = members.current().filter(volunteer__user=user).order_by().values("squad")
        return self.filter(Q(grid__in=_grids(user)) | Q(lead=user) | Q(pk__in=mine))

    def standing(self) -> Self:
        return self.filter(ended_on=None)

    def of(self, volunteer: Any) -> Self:
        """Those that VOLUNTEER stands in."""
        return self.filter(members__volunteer=volunteer, members__until=None)

    def counted(self) -> Self:
        """With `strength`: how many active volunteers stand in it."""
        members: Any = apps.get_model("volunteers", "Member")._default_manager
        active = members.current().filter(squad=OuterRef("pk"), volunteer__state=VolunteerState.ACTIVE).order_by()
        strength = active.values("squad").annotate(count=Count("pk")).values("count")
        return self.annotate(strength=Coalesce(Subquery(strength), 0))

    def lacking(self, gap: str) -> Self:
        """Standing ones of which that is so; `counted`. As volunteers.reports.squads.gaps_of tells it of one."""
        unbound = Q(kind=SquadKind.ONE_PLUS_FIVE, micros=None) & ~Q(grid__kind=GridKind.MICRO)
        told = {
            SquadGap.SHORT: _sized(lambda least, most: Q(strength__lt=least)),
            SquadGap.OVER: _sized(lambda least, most: Q(strength__gt=most) if most else None),
            SquadGap.NO_LEAD: Q(lead=None) | Q(lead__is_active=False),
            SquadGap.NO_MICRO: unbound,
        }
        return self.standing().filter(told[SquadGap(gap)])

    def for_list(self) -> Self:
        return super().for_list().select_related("lead").counted()


def _sized(told: "Callable[[int, int | None], Q | None]") -> Q:
    """Any kind whose size is out of its bounds in the way TOLD says."""
    found = Q(pk__in=[])
    for kind, (least, most) in SIZES.items():
        if (of_kind := told(least, most)) is not None:
            found |= Q(kind=kind) & of_kind
    return found


class MemberQuerySet(InScopeQuerySet):
    grid, own = "squad__grid", "volunteer__user"

    def current(self) -> Self:
        return self.filter(until=None)

    def for_list(self) -> Self:
        return super().for_list().select_related("squad", "volunteer")


class NeedQuerySet(InScopeQuerySet):
    def for_list(self) -> Self:
        return super().for_list().select_related("case", "project", "entered_by").defer("case__search")


class ProjectQuerySet(InScopeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those in scope; for volunteers what is open in the own street, and what they signed up for."""
        offered = Q(state=ProjectState.OPEN, grid__tree_id__in=_own_streets(user))
        mine = Q(pk__in=_signed_up(user).values("shift__project"))
        return self.filter(Q(grid__in=_grids(user)) | offered | mine)

    def public(self) -> Self:
        return self.filter(state=ProjectState.OPEN, is_public=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("organiser")


def _signed_up(user: "User") -> Any:
    sign_ups: Any = apps.get_model("volunteers", "SignUp")._default_manager
    return sign_ups.filter(volunteer__user=user).order_by()


class ShiftQuerySet(InScopeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """As the projects they belong to."""
        offered = Q(project__state=ProjectState.OPEN, grid__tree_id__in=_own_streets(user))
        mine = Q(pk__in=_signed_up(user).values("shift"))
        return self.filter(Q(grid__in=_grids(user)) | offered | mine)

    def open(self) -> Self:
        return self.filter(state=ShiftState.OPEN)

    def to_close(self, at: dt.datetime) -> Self:
        """Open ones that are over: their minutes wait to be confirmed."""
        return self.open().filter(ends_at__lte=at)

    def ahead(self, at: dt.datetime) -> Self:
        """Open ones that have not begun."""
        return self.open().filter(starts_at__gt=at, project__state=ProjectState.OPEN)

    def for_list(self) -> Self:
        return super().for_list().select_related("project__organiser")


class SignUpQuerySet(InScopeQuerySet):
    grid, own = "shift__grid", "volunteer__user"

    def taking(self) -> Self:
        """Those that take a place."""
        return self.filter(state__in=TAKING)

    def waiting(self) -> Self:
        """The waiting list, who came first first."""
        return self.filter(state=SignUpState.WAITING).order_by("queued_at", "pk")

    def for_list(self) -> Self:
        return super().for_list().select_related("shift__project", "volunteer")


class GovernancePostQuerySet(InScopeQuerySet):
    """Governance posts."""

    def visible_to(self, user: "User") -> Self:
        offered = Q(is_open=True, grid__tree_id__in=_own_streets(user))
        return self.filter(Q(grid__in=_grids(user)) | offered | Q(claims__volunteer__user=user)).distinct()

    def with_keepers(self) -> Self:
        """`kept`: how many volunteers keep it."""
        keepers: Any = apps.get_model("volunteers", "Claim")._default_manager.filter(post=OuterRef("pk"), until=None)
        count = keepers.order_by().values("post").annotate(count=Count("pk")).values("count")
        return self.annotate(kept=Coalesce(Subquery(count), 0))


class OfVolunteerQuerySet(InScopeQuerySet):
    """Rows of a volunteer: the own ones, and for organisers those of the volunteers in scope."""

    grid, own = "volunteer__grid", "volunteer__user"

    def for_list(self) -> Self:
        return super().for_list().select_related("volunteer")


class ClaimQuerySet(OfVolunteerQuerySet):
    def current(self) -> Self:
        return self.filter(until=None)

    def kept_through(self, first: dt.date, last: dt.date) -> Self:
        """Those that stood on each day from FIRST to LAST."""
        return self.filter(Q(until=None) | Q(until__gte=last), since__lte=first)

    def for_list(self) -> Self:
        return super().for_list().select_related("post")


class HoursQuerySet(OfVolunteerQuerySet):
    def visible_to(self, user: "User") -> Self:
        """One's own; for organisers those of the volunteers in scope, and those served there."""
        grids = _grids(user)
        here = Q(volunteer__grid__in=grids) | Q(sign_up__shift__grid__in=grids)
        return self.filter(here | Q(volunteer__user=user))

    def for_list(self) -> Self:
        return super().for_list().select_related("sign_up__shift__project", "by", "reversed_by", "look")

    def minutes_on(self, volunteer: Any, day: dt.date) -> int:
        """What the lines of VOLUNTEER for DAY add up to."""
        return self.filter(volunteer=volunteer, day=day).aggregate(minutes=Sum("minutes"))["minutes"] or 0

    def standing(self) -> Self:
        """Those that count: no reversals, and none that one takes back."""
        return self.exclude(kind=HoursKind.REVERSAL).filter(reversed_by=None)

    def to_look_at(self) -> Self:
        """Flagged, and nobody has said yet that they are right."""
        return self.standing().filter(is_flagged=True, look=None)


class PointsQuerySet(OfVolunteerQuerySet):
    def for_list(self) -> Self:
        return super().for_list().select_related("rule", "by", "redemption__good", "reversed_by")

    def earned(self) -> Self:
        """Lines of what was earned, and of what was taken back of it."""
        return self.filter(EARNED)

    def by_source(self, source: str) -> Self:
        """Lines of what was earned for SOURCE: those that put it right too, `sign_up:7:31`."""
        return self.earned().filter(Q(source=source) | Q(source__startswith=f"{source}:"))

    def running_out(self, day: dt.date) -> Any:
        """{volunteer, left}: whose points of before DAY are more than was spent and has expired, and by how many."""
        sums = {"earned": Sum("points", filter=EARNED & Q(expires_on__lt=day), default=0),
                "gone": Sum("points", filter=~EARNED, default=0)}  # fmt: skip
        rows = self.order_by("-volunteer_id").values("volunteer").annotate(**sums)
        return rows.annotate(left=F("earned") + F("gone")).filter(left__gt=0).values("volunteer", "left")

    def total(self) -> int:
        """What these lines add up to."""
        return self.aggregate(points=Sum("points"))["points"] or 0


class AppealQuerySet(OfVolunteerQuerySet):
    """Appeals about shifts in scope, and one's own."""

    grid = "sign_up__shift__grid"

    def for_list(self) -> Self:
        return super().for_list().select_related("sign_up__shift__project", "answered_by")

    def open(self) -> Self:
        return self.filter(state=AppealState.OPEN)


class PointsRuleQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The house's own and those of the own streets; for organisers and for volunteers, who should know what counts."""
        trees = {node.tree_id for node in scope_of(user).nodes} if user.role in ORGANISERS else set()
        trees |= set(_own_streets(user).values_list("grid__tree_id", flat=True))
        return self.filter(Q(street=None) | Q(street__tree_id__in=trees)) if trees else self.none()

    def in_force(self, what: str, kind: str, street: str, day: dt.date) -> Any:
        """The rule by which volunteers of KIND get points for WHAT in the street with the code STREET on DAY, or None: the
        street's before the house's, then one for the kind before one for all, then the latest."""
        rows = self.filter(Q(street=None) | Q(street__code=street), what=what, kind__in=("", kind))
        return rows.filter(effective_from__lte=day).order_by("street_id", "-kind", "-effective_from").first()

    def for_list(self) -> Self:
        return self.select_related("street").defer(*heavy("street"))

    def for_detail(self) -> Self:
        return self.for_list()


class StationQuerySet(InScopeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those in scope and the one that one keeps; for volunteers the open ones of the own street."""
        offered = Q(is_open=True, grid__tree_id__in=_own_streets(user))
        return self.filter(Q(grid__in=_grids(user)) | Q(keeper=user) | offered)

    def kept_by(self, user: "User") -> Self:
        """Where USER hands over: the own station, and for organisers all in scope."""
        return self.filter(Q(grid__in=_grids(user)) | Q(keeper=user))

    def for_list(self) -> Self:
        return super().for_list().select_related("keeper")


class GoodQuerySet(InScopeQuerySet):
    grid = "station__grid"

    def visible_to(self, user: "User") -> Self:
        offered = Q(is_open=True, station__is_open=True, station__grid__tree_id__in=_own_streets(user))
        return self.filter(Q(station__grid__in=_grids(user)) | Q(station__keeper=user) | offered)

    def for_list(self) -> Self:
        return super().for_list().select_related("station")


class RedemptionQuerySet(InScopeQuerySet):
    """Of the stations in scope and the one that one keeps, and one's own."""

    grid, own = "good__station__grid", "volunteer__user"

    def visible_to(self, user: "User") -> Self:
        mine = Q(volunteer__user=user) | Q(good__station__keeper=user)
        return self.filter(Q(good__station__grid__in=_grids(user)) | mine)

    def for_list(self) -> Self:
        return super().for_list().select_related("good__station__keeper", "volunteer", "settled_by")

    def kept_by(self, user: "User") -> Self:
        """Of the stations where USER hands over."""
        return self.filter(Q(good__station__grid__in=_grids(user)) | Q(good__station__keeper=user))

    def waiting(self) -> Self:
        """Reserved, and not collected yet."""
        return self.filter(state=RedemptionState.RESERVED)
