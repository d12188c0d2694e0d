"""What may be done to the map, and by whom. A scope is handed in: whoever asks has just read it."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.choices import LEADS, Role
from gridgov.core.errors import YES, Conflict, Verdict
from grids.choices import (
    CHILDREN,
    CODE_DIGITS,
    IN_DISTRICT,
    IN_UNIT,
    PARTY_CHILDREN,
    PARTY_COVERS,
    POSTS,
    SEQUENCES,
    GridKind,
    MicroType,
    PartyKind,
    PostKind,
)

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Binding, Duty, Grid, PartyOrg, Post, Unit
    from grids.queries import Scope

# The system hand looks after the map as it does after the other master data, usually by import.
EVERYWHERE = frozenset({Role.SYSTEM, Role.SYSTEM_ADMIN})


# --- who -------------------------------------------------------------------------------------------------------------


def can_tend(by: "User", scope: "Scope", grid: "Grid") -> Verdict:
    """Whether BY may change GRID or what hangs on it."""
    if by.role in EVERYWHERE:
        return YES
    if by.role == Role.STREET and scope.covers(grid):
        return YES
    return Verdict.forbid(_("Only the street office changes its grids."))


def can_oversee(by: "User") -> Verdict:
    """Whether BY reads overviews of posts and borders: those who tend the map, and leads of their ground."""
    if by.role in EVERYWHERE | LEADS | {Role.STREET}:
        return YES
    return Verdict.forbid(_("Overviews are for grid leads and the street office."))


def can_found_street(by: "User") -> Verdict:
    if by.role in EVERYWHERE:
        return YES
    return Verdict.forbid(_("Only a system administrator founds a street."))


def can_import(by: "User") -> Verdict:
    """Whether BY may found many grids at once; a street hand within the own scope, which is judged row by row."""
    if by.role in EVERYWHERE or by.role == Role.STREET:
        return YES
    return Verdict.forbid(_("Only a system administrator or the street office imports grids."))


def can_mend(by: "User") -> Verdict:
    if by.role in EVERYWHERE:
        return YES
    return Verdict.forbid(_("Only a system administrator mends the tree."))


def can_tend_units(by: "User", scope: "Scope", area: str) -> Verdict:
    """Units with the area code AREA: a district's or a street's code serves what it begins; '' serves everywhere, so no street
    changes it for all the others."""
    if by.role in EVERYWHERE:
        return YES
    if by.role == Role.STREET and not area:
        return Verdict.forbid(
            _("A unit without an area code serves everywhere: only the system administrator keeps it.")
        )
    if by.role == Role.STREET and any(n.code.startswith(area) or area.startswith(n.code) for n in scope.nodes):
        return YES
    return Verdict.forbid(_("Only the street office changes the units of its area."))


def check_place(lng: float | None, lat: float | None) -> Verdict:
    """Whether these can be the place of a unit: WGS-84 degrees, both or neither."""
    if (lng is None) != (lat is None):
        return Verdict.reject(_("A place has a longitude and a latitude."), field="lng" if lng is None else "lat")
    if lng is None or lat is None or (-180 <= lng <= 180 and -90 <= lat <= 90):
        return YES
    return Verdict.reject(_("This is no place on the earth: longitude comes first, then latitude."), field="lng")


# --- codes and places in the tree ------------------------------------------------------------------------------------


def can_stand_under(kind: str, micro_type: str, parent_kind: str) -> Verdict:
    """Whether a grid of KIND may stand under one of PARENT_KIND ('' for none)."""
    if kind not in GridKind.values:
        return Verdict.reject(_("There is no kind of grid “%(kind)s”.") % {"kind": kind}, field="kind")
    if kind not in CHILDREN[parent_kind]:
        words = {"kind": GridKind(kind).label}
        if not parent_kind:
            return Verdict.reject(_("A %(kind)s needs a grid above it.") % words, field="parent")
        words["parent"] = GridKind(parent_kind).label
        return Verdict.reject(_("A %(kind)s can't stand under a %(parent)s.") % words, field="parent")
    if (kind == GridKind.MICRO) != (micro_type in MicroType.values):
        return Verdict.reject(
            _("A micro-grid is for residents or for merchants.")
            if kind == GridKind.MICRO
            else _("Only micro-grids have a type."),
            field="micro_type",
        )
    return YES


def prefix_of(kind: str, parent_code: str) -> str:
    """How the code of a KIND begins under the parent's code; for a total grid the community's three digits follow."""
    return parent_code[:12] if kind in {GridKind.COMPREHENSIVE, GridKind.DEDICATED} else parent_code


def check_code(code: str, kind: str, micro_type: str, parent_code: str) -> Verdict:
    """Whether CODE suits a grid of KIND founded under PARENT_CODE ('' for a street), handbook 1.1.

    Holds at the founding only: a grid keeps its code when it moves.
    """
    digits = CODE_DIGITS[GridKind(kind)]
    words: dict[str, Any] = {"kind": GridKind(kind).label, "code": code, "digits": digits}
    if not re.fullmatch(r"[0-9]+", code) or len(code) != digits:
        return _bad_code(_("The code of a %(kind)s has %(digits)d digits; “%(code)s” has not."), words)
    prefix = prefix_of(kind, parent_code)
    if not code.startswith(prefix):
        words["prefix"] = prefix
        return _bad_code(_("%(code)s must begin with %(prefix)s, the code of the grid above."), words)
    if kind == GridKind.STREET:
        return YES
    if kind == GridKind.TOTAL and code[9:12] == "000":
        return _bad_code(_("%(code)s names no community: digits 10 to 12 can't be 000."), words)
    words["first"], words["last"] = SEQUENCES[micro_type or kind]
    if not words["first"] <= int(code[-3:]) <= words["last"]:
        words["kind"] = MicroType(micro_type).label if micro_type else words["kind"]
        return _bad_code(_("%(code)s: the last three digits of a %(kind)s run from %(first)03d to %(last)03d."), words)
    return YES


def _bad_code(message: str, words: dict[str, Any]) -> Verdict:
    return Verdict.reject(message % words, code="bad_code", field="code")


def can_hold_child(parent: "Grid", on: dt.date) -> Verdict:
    """Whether PARENT may be given a child that begins on the day ON."""
    if on < parent.valid_from or (parent.valid_to is not None and parent.valid_to < on):
        words = {"name": parent.name, "date": on}
        message = _("“%(name)s” is not in force on %(date)s.") % words
        return Verdict(Conflict(message, code="not_in_force", field="valid_from"))
    return YES


def can_move(grid: "Grid", parent: "Grid", on: dt.date) -> Verdict:
    """Whether GRID may stand under PARENT from the day ON. Streets don't exchange grids: their codes differ."""
    if grid.parent_id == parent.pk:
        return Verdict.clash(_("The grid stands there already."))
    if grid.tree_id != parent.tree_id:
        return Verdict.reject(_("A grid moves within its street only."), field="parent")
    if grid.valid_to is not None and grid.valid_to < on:
        return Verdict.clash(_("This grid is retired."))
    return can_stand_under(grid.kind, grid.micro_type, parent.kind) and can_hold_child(parent, on)


def can_retire(grid: "Grid", valid_to: dt.date, heir: "Grid | None", outliving: int) -> Verdict:
    """Whether GRID may end on VALID_TO with HEIR in its place; OUTLIVING children would still be in force after."""
    if valid_to < grid.valid_from:
        return Verdict.reject(_("A grid can't end before it begins."), field="valid_to")
    if outliving:
        words = {"count": outliving}
        return Verdict.clash(_("%(count)d grids below it are still in force then. Retire them first.") % words)
    return YES if heir is None else _can_inherit(heir, grid, valid_to)


def _can_inherit(heir: "Grid", grid: "Grid", valid_to: dt.date) -> Verdict:
    """Whether HEIR may take the place of GRID, which ends on VALID_TO."""
    if heir.pk == grid.pk or heir.superseded_by_id == grid.pk:
        return Verdict.reject(_("A grid can't be replaced by itself."), field="superseded_by")
    if heir.tree_id != grid.tree_id:
        return Verdict.reject(_("A grid is replaced by one of its own street."), field="superseded_by")
    if heir.valid_to is not None and heir.valid_to <= valid_to:
        return Verdict.reject(_("The grid that replaces it must outlive it."), field="superseded_by")
    return YES


def can_revive(grid: "Grid", parent: "Grid | None") -> Verdict:
    """Whether GRID's retirement may be taken back."""
    if grid.valid_to is None:
        return Verdict.clash(_("This grid is not retired."))
    if parent is not None and parent.valid_to is not None:
        return Verdict.clash(_("The grid above it is retired. Revive that first."))
    return YES


# --- posts -----------------------------------------------------------------------------------------------------------


def can_hold_post(user: "User", kind: str, place: str) -> Verdict:
    """Whether USER's role suits the post KIND, and the post suits the place: a kind of grid, IN_UNIT or IN_DISTRICT."""
    if kind not in POSTS:
        return Verdict.reject(_("There is no post “%(kind)s”.") % {"kind": kind}, field="kind")
    places, roles = POSTS[kind]
    words: dict[str, Any] = {"post": PostKind(kind).label}
    if place not in places:
        names = {IN_UNIT: _("a unit"), IN_DISTRICT: _("a district")}
        words["places"] = ", ".join(sorted(str(names.get(p) or GridKind(p).label) for p in places))
        return Verdict.reject(_("A post as %(post)s belongs to: %(places)s.") % words, field="grid")
    if user.role not in roles:
        words["roles"] = ", ".join(sorted(str(Role(role).label) for role in roles))
        return Verdict.reject(_("A post as %(post)s is for the role: %(roles)s.") % words, field="user")
    return YES


def can_staff(by: "User", scope: "Scope", grid: "Grid | None", unit: "Unit | None") -> Verdict:
    """Whether BY may give or end posts there: the street office in its scope; the security hand grants everywhere."""
    if by.role in {Role.SYSTEM, Role.SECURITY_ADMIN}:
        return YES
    if by.role == Role.STREET and grid is not None and scope.covers(grid):
        return YES
    if by.role == Role.STREET and unit is not None and can_tend_units(by, scope, unit.area_prefix):
        return YES
    return Verdict.forbid(_("Posts are given by the street office of the place or by a security administrator."))


def can_end_post(by: "User", scope: "Scope", post: "Post", on: dt.date) -> Verdict:
    """Whether BY may still end POST, or hand it over, on the day ON."""
    allowed = can_staff(by, scope, post.grid, post.unit)
    if allowed and post.valid_to is not None and post.valid_to < on:
        return Verdict.clash(_("This post has ended."))
    return allowed


def can_end_post_on(post: "Post", valid_to: dt.date) -> Verdict:
    """Whether POST may have VALID_TO as its last day."""
    if valid_to < post.valid_from:
        return Verdict.reject(_("A post can't end before it begins."), field="valid_to")
    if post.valid_to is not None and post.valid_to < valid_to:
        return Verdict(Conflict(_("This post ends earlier. Give it anew to prolong it."), field="valid_to"))
    return YES


def can_import_posts(by: "User") -> Verdict:
    """Whether BY may give and end many posts at once; each line is judged by `can_staff`."""
    if by.role in {Role.SYSTEM, Role.SECURITY_ADMIN, Role.STREET}:
        return YES
    return Verdict.forbid(_("Posts are given by the street office of the place or by a security administrator."))


def can_hand_over(post: "Post", to: "User", on: dt.date) -> Verdict:
    """Whether TO may hold POST from the day ON, and its holder until the day before."""
    if to.pk == post.user_id:
        return Verdict.reject(_("%(person)s holds this post already.") % {"person": to}, field="user")
    if on <= post.valid_from:
        return Verdict.reject(_("The holder before needs a day at least: hand over later."), field="valid_from")
    if post.valid_to is not None and post.valid_to < on:
        return Verdict.reject(_("The post has ended by then. Give it anew."), field="valid_from")
    return YES


def check_public_phone(phone: str) -> Verdict:
    """Whether PHONE can stand on a public page; '' stands for none."""
    if re.fullmatch(r"([0-9+][0-9() -]{2,19})?", phone):
        return YES
    return Verdict.reject(_("“%(phone)s” is no phone number.") % {"phone": phone}, field="phone")


# --- bindings --------------------------------------------------------------------------------------------------------


def can_bind(post: "Post", grid: "Grid", begin: dt.date) -> Verdict:
    """Whether the professional worker of POST may answer for GRID from the day BEGIN."""
    if post.kind != PostKind.SPECIALIST_WORKER or post.unit is None:
        words: dict[str, Any] = {"post": PostKind.SPECIALIST_WORKER.label}
        return Verdict.reject(_("Only a post as %(post)s is bound to a grid.") % words, field="post")
    if begin < post.valid_from or (post.valid_to is not None and post.valid_to < begin):
        words = {"person": post.user, "date": begin}
        message = _("%(person)s doesn't hold this post on %(date)s.") % words
        return Verdict(Conflict(message, code="not_in_force", field="valid_from"))
    # Its street at least: within one, a grid may have come from another community and keeps that one's code.
    if not grid.code.startswith(post.unit.area_prefix[: CODE_DIGITS[GridKind.STREET]]):
        words = {"unit": post.unit, "name": grid.name}
        return Verdict.reject(_("%(unit)s doesn't serve the area of “%(name)s”.") % words, field="grid")
    return can_hold_child(grid, begin)


def can_import_bindings(by: "User") -> Verdict:
    """Whether BY may bind many at once; each line is judged by `can_staff`."""
    if by.role in {Role.SYSTEM, Role.SECURITY_ADMIN, Role.STREET}:
        return YES
    return Verdict.forbid(_("Professional workers are bound by the street office or by a security administrator."))


def check_matters(matters: Iterable[str]) -> Verdict:
    """Whether MATTERS can be beginnings of category codes."""
    for code in matters:
        if not re.fullmatch(r"[0-9A-Za-z]{1,16}", code):
            return Verdict.reject(
                _("“%(code)s” is no beginning of a category's code.") % {"code": code}, field="matters"
            )
    return YES


def can_bind_for(valid_from: dt.date, valid_to: dt.date | None) -> Verdict:
    """Whether VALID_TO can be the last day of a binding from VALID_FROM on."""
    if valid_to is None or valid_from <= valid_to:
        return YES
    return Verdict.reject(_("A binding can't end before it begins."), field="valid_to")


def can_end_binding(by: "User", scope: "Scope", binding: "Binding", on: dt.date) -> Verdict:
    """Whether BY may still end BINDING on the day ON; with which last day, `can_end_binding_on` says."""
    if binding.valid_to is not None and binding.valid_to < on:
        return can_staff(by, scope, binding.grid, binding.post.unit) and Verdict.clash(_("This binding has ended."))
    return can_staff(by, scope, binding.grid, binding.post.unit)


def can_end_binding_on(binding: "Binding", valid_to: dt.date) -> Verdict:
    """Whether BINDING may have VALID_TO as its last day."""
    if not (verdict := can_bind_for(binding.valid_from, valid_to)):
        return verdict
    if binding.valid_to is not None and binding.valid_to < valid_to:
        return Verdict(Conflict(_("This binding ends earlier. Bind anew to prolong it."), field="valid_to"))
    return YES


# --- party organisations ---------------------------------------------------------------------------------------------


def can_found_party(kind: str, parent: "PartyOrg | None") -> Verdict:
    if kind not in PartyKind.values:
        return Verdict.reject(_("There is no kind of organisation “%(kind)s”.") % {"kind": kind}, field="kind")
    if kind not in PARTY_CHILDREN[parent.kind if parent else ""]:
        words = {"kind": PartyKind(kind).label}
        return Verdict.reject(_("A %(kind)s belongs elsewhere in the chain.") % words, field="parent")
    if parent is not None and parent.valid_to is not None:
        return Verdict.clash(_("The organisation above it has ended."))
    return YES


def can_cover(kind: str, street: "Grid", grids: Iterable["Grid"]) -> Verdict:
    """Whether an organisation of KIND in STREET may cover GRIDS."""
    fitting = PARTY_COVERS[kind]
    for grid in grids:
        words = {"name": grid.name, "kind": PartyKind(kind).label}
        if grid.tree_id != street.tree_id:
            return Verdict.reject(_("“%(name)s” lies in another street.") % words, field="grids")
        if grid.kind not in fitting:
            words["kinds"] = ", ".join(sorted(str(GridKind(k).label) for k in fitting))
            return Verdict.reject(_("A %(kind)s covers: %(kinds)s. “%(name)s” is none.") % words, field="grids")
    return YES


def can_retire_party(org: "PartyOrg", valid_to: dt.date, outliving: int) -> Verdict:
    if valid_to < org.valid_from:
        return Verdict.reject(_("An organisation can't end before it begins."), field="valid_to")
    if outliving:
        words = {"count": outliving}
        return Verdict.clash(_("%(count)d organisations below it go on after that day. End them first.") % words)
    return YES


def can_change_party(by: "User", scope: "Scope", org: "PartyOrg", on: dt.date) -> Verdict:
    """Whether BY may still change ORG on the day ON."""
    allowed = can_tend(by, scope, org.street)
    if allowed and org.valid_to is not None and org.valid_to < on:
        return Verdict.clash(_("This organisation has ended."))
    return allowed


def can_change_duty(by: "User", scope: "Scope", duty: "Duty", on: dt.date) -> Verdict:
    """Whether BY may still change or end DUTY on the day ON."""
    allowed = can_tend(by, scope, duty.street)
    if allowed and duty.valid_to is not None and duty.valid_to < on:
        return Verdict.clash(_("This duty has ended."))
    return allowed
