"""Who sets up what of mediation, and what a committee has to be (人民调解法 8, 9, 13)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, DESK_ROLES
from gridgov.core.errors import YES, Verdict
from grids.queries import heavy, scope_of
from grids.queries.nodes import lies_within
from mediation.choices.people import (
    KEEPERS,
    LEAST_SEATS,
    MOST_SEATS,
    NAME_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    DisputeKind,
    MediatorKind,
    Office,
    Profession,
    Sex,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from accounts.models import User
    from grids.models import Grid
    from mediation.models import Committee, Mediator, Room
    from mediation.models.people import OnGrid


def can_keep(by: "User", grid: "Grid") -> Verdict:
    """The street office and leads of communities, at or below the own posts."""
    if by.role not in KEEPERS or by.is_client:
        return Verdict.forbid(_("Committees and mediators are kept by the street office and the community's lead."))
    if not scope_of(by).covers(grid):
        return Verdict.reject(_("This grid is none of yours."), field="grid")
    return YES


def is_director(by: "User", committee: "Committee") -> bool:
    return committee.seats.directing(by).exists()


def can_lead(by: "User", committee: "Committee") -> Verdict:
    """The keepers of its ground, and the director of a committee that stands."""
    verdict = YES if is_director(by, committee) else can_keep(by, committee.grid)
    if verdict and committee.ended_on is not None:
        return Verdict.clash(_("This committee has ended."), "ended")
    return verdict


def can_set_up(by: "User", grid: "Grid") -> Verdict:
    """Mediators, experts, rooms: the keepers, and directors on the ground of their committee."""
    mediator = getattr(by, "mediator", None)
    seats = (
        mediator.seats.directing(by).select_related("committee__grid").defer(*heavy("committee__grid"))
        if mediator
        else ()
    )
    return YES if any(lies_within(grid, seat.committee.grid) for seat in seats) else can_keep(by, grid)


def can_change(by: "User", row: "OnGrid") -> Verdict:
    """`can_set_up` for something that is still there."""
    verdict = can_set_up(by, row.grid)
    return Verdict.clash(_("This has ended already."), "ended") if verdict and row.ended_on is not None else verdict


def fits_name(name: str) -> Verdict:
    if not 2 <= len(name.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Please give a name of two to sixty characters."), field="name")
    return YES


def fits_mediator(kind: str, name: str, sex: str, skills: "Collection[str]") -> Verdict:
    if kind not in MediatorKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if sex not in Sex.values:
        return Verdict.reject(
            _("Please say the sex: a committee must have women in it (People's Mediation Law, art. 8)."), field="sex"
        )
    if not set(skills) <= set(DisputeKind.values):
        return Verdict.reject(_("There is no such kind of dispute."), field="skills")
    return fits_name(name)


def fits_ground(grounds: "Iterable[Grid]", grid: "Grid") -> Verdict:
    """Where somebody of GRID serves: in its street."""
    if any(one.tree_id != grid.tree_id for one in grounds):
        return Verdict.reject(_("Choose grids of this street."), field="serves")
    return YES


def fits_account(user: "User | None", own: "Mediator | None" = None) -> Verdict:
    """An account that has a desk and is nobody else's mediator; administrators' hands mediate nothing."""
    if user is None:
        return YES
    if user.is_client or not user.is_active or user.role not in DESK_ROLES - ADMIN_HANDS:
        return Verdict.reject(_("Nobody mediates by this account."), field="user")
    if getattr(user, "mediator", None) not in {None, own}:
        return Verdict.clash(_("This account is another mediator's."), "user")
    return YES


def can_change_account(by: "User", mediator: "Mediator", user: "User | None") -> Verdict:
    """Whoever has the account reads the files: while some lie with MEDIATOR it isn't changed, nor taken by who keeps the list."""
    if user == mediator.user or not (mediator.user_id or user == by):
        return YES
    if mediator.assignments.current().exists() or mediator.seats.current().filter(office=Office.DIRECTOR).exists():
        words = _("Files lie with this mediator, and whoever has the account reads them. Release the mediator first.")
        return Verdict.clash(words, "in_hand")
    return YES


def fits_room(name: str, place: str, seats: int) -> Verdict:
    if not 1 <= len(place.strip()) <= PLACE_CHARS:
        return Verdict.reject(_("Please say where the room is."), field="place")
    if not LEAST_SEATS <= seats <= MOST_SEATS:
        return Verdict.reject(_("A room has two to two hundred seats."), field="seats")
    return fits_name(name)


def fits_expert(profession: str, name: str) -> Verdict:
    if profession not in Profession.values:
        return Verdict.reject(_("There is no such kind."), field="profession")
    return fits_name(name)


def fits_studio(committee: "Committee", mediator: "Mediator | None", room: "Room | None") -> Verdict:
    """A brand of a standing committee: its mediator and room are of the same street, and still there."""
    if committee.ended_on is not None:
        return Verdict.clash(_("This committee has ended."), "ended")
    for field, one in (("mediator", mediator), ("room", room)):
        if one is not None and (one.ended_on is not None or one.grid.tree_id != committee.grid.tree_id):
            return Verdict.reject(_("Choose one of this street that is still there."), field=field)
    return YES


def check_reason(reason: str) -> Verdict:
    if not 2 <= len(reason.strip()) <= REASON_CHARS:
        return Verdict.reject(_("Please say why."), field="reason")
    return YES
