"""What each role may do, asked of the rules themselves: a person of the role, a case of each tier, and what they say.

Nothing here repeats a rule, so that nothing here can differ from one. Where a post or an order decides, the rules are not
asked; the page says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts import rules as of_accounts
from accounts.choices import DESK_ROLES, Role
from accounts.models import User
from cases import rules as of_cases
from cases.actions import MOVE
from cases.admin import CaseAdmin
from cases.choices import HELD_MOVES, MOVES, Ask, CaseState, Hold, Tier, Verb
from cases.models import Case
from gridgov.core import rules as of_core
from gridgov.setup.links import link_of
from grids import rules as of_grids
from grids.choices import POSTS, PostKind

ROLES = [role for role in Role if role in DESK_ROLES]


@dataclass(frozen=True)
class _Visit:
    """All that a page asks of a request to say who may come in."""

    user: User


@dataclass(frozen=True)
class Power:
    """Something to do in the house, and what the rule says to somebody: "" is no, anything else yes, and how far."""

    title: Any
    ask: Callable[[User], str]


@dataclass(frozen=True)
class Row:
    title: str
    # One for each of ROLES.
    cells: list[str]


def page(request: HttpRequest) -> dict[str, Any]:
    people = dict(User.objects.able().order_by().values_list("role").annotate(Count("pk")))
    return {
        "title": _t("Roles"), "roles": [(role, people.get(role, 0), _people(request.user, role)) for role in ROLES],
        "groups": [(_t("Cases"), [_asked(power) for power in OF_CASES]), (_t("The house"), [_asked(power) for power in OF_HOUSE]),
                   (_t("Posts it may hold"), _posts()), (_t("Pages of the desk"), _pages())],
        "moves": _moves(), "marks": [(_t("r"), _t("reads")), (_t("a"), _t("adds")), (_t("c"), _t("changes"))],
    }  # fmt: skip


def _people(user: User, role: str) -> str:
    return link_of(user, "accounts_user_changelist", f"role__exact={role}&is_active__exact=1")


def somebody(role: str) -> User:
    """A person of ROLE whom nobody knows: without posts, orders and stand-ins."""
    user = User(pk=0, role=role, username=role)
    user._stands_in = []
    return user


def _asked(power: Power) -> Row:
    return Row(str(power.title), [power.ask(somebody(role)) for role in ROLES])


def _yes(rule: Callable[..., Any], *more: Any) -> Callable[[User], str]:
    return lambda by: _t("yes") if rule(by, *more) else ""


def _tiers(rule: Callable[[User, Case], Any]) -> Callable[[User], str]:
    """The tiers of whose cases the rule says yes."""
    return lambda by: " ".join(tier for tier in Tier.values if rule(by, Case(tier=tier)))


def _to_another(rule: Callable[..., Any], *more: Any) -> Callable[[User], str]:
    return lambda by: _t("yes") if rule(by, User(pk=-1, role=Role.WORKER), *more) else ""


def _rung(by: User) -> str:
    level = of_cases.level_of(by)
    return str(level.label) if level else ""


# Moves whose buttons are called otherwise: named as their records are.
_CALLED = {
    "ask": Verb.ASKED, "whistle": Verb.WHISTLED, "assist": Verb.ASSIST_CALLED, "team": Verb.TEAM_FORMED,
    "add_photo": Verb.PHOTO_ADDED, "publish_reply": Verb.REPLIED,
}  # fmt: skip
OF_CASES = (
    Power(_("report a case"), _yes(of_cases.can_report)),
    Power(_("see who reported, with a reason"), _yes(of_cases.can_reveal, "because")),
    Power(
        _("see confidential reporters, if entrusted by name"), lambda by: _t("yes") if by.role == Role.STREET else ""
    ),
    Power(_("accept or reject"), _yes(of_cases.can_accept)),
    Power(_("dispatch cases of tier"), _tiers(of_cases.can_dispatch)),
    Power(_("raise the tier"), lambda by: _t("yes") if of_cases.can_raise(by, Case(tier=Tier.A), Tier.B) else ""),
    Power(_("verify what others did"), lambda by: _t("yes") if of_cases.can_verify(by, Case(), []) else ""),
    Power(_("give the public reply"), _yes(of_cases.can_reply)),
    Power(_("reopen"), lambda by: _t("yes") if of_cases.can_reopen(by, Case(round=1)) else ""),
    Power(_("merge and take apart"), lambda by: _t("yes") if of_cases.can_merge(by, Case()) else ""),
    Power(_("urge any case"), lambda by: _t("yes") if of_cases.can_urge(by, Case()) else ""),
    Power(_("supervise cases that wait for dispatch, of tier"), _tiers(of_cases.can_supervise)),
    Power(_("form a special team"), _yes(of_cases.can_form_team)),
    Power(_("decide applications, at the rung"), _rung),
    Power(
        _("resume a suspended case"), lambda by: _t("yes") if of_cases.can_resume(by, Case(hold=Hold.SUSPENDED)) else ""
    ),
    Power(_("review parked cases"), lambda by: _t("yes") if of_cases.can_review(by, Case()) else ""),
)
OF_HOUSE = (
    Power(_("open accounts"), _yes(of_accounts.can_open_account)),
    Power(_("grant roles to others"), _to_another(of_accounts.can_grant_role, Role.WORKER)),
    Power(_("lock and unlock others"), _to_another(of_accounts.can_switch)),
    Power(_("set passwords of others"), _to_another(of_accounts.can_set_password)),
    Power(_("name a stand-in for others"), _to_another(of_accounts.can_delegate, "because")),
    Power(_("found a street"), _yes(of_grids.can_found_street)),
    Power(_("import grids"), _yes(of_grids.can_import)),
    Power(_("import bound professional workers"), _yes(of_grids.can_import_bindings)),
    Power(_("keep the nation's calendar"), _yes(of_core.can_keep_days, "")),
    Power(_("set time limits"), _yes(of_cases.is_office)),
    Power(_("set approval rules"), _yes(of_cases.can_set_approval_rule)),
    Power(_("change the matter list and proof rules"), _yes(of_cases.is_office)),
    Power(_("reword notices"), _yes(of_accounts.can_reword)),
)


def _posts() -> list[Row]:
    return [
        Row(str(PostKind(kind).label), [_t("yes") if role in holders else "" for role in ROLES])
        for kind, (_places, holders) in POSTS.items()
    ]  # fmt: skip


def _pages() -> list[Row]:
    """Every list of the desk by what its page says to somebody of the role: reads, adds, changes."""
    found = []
    for model, face in admin.site._registry.items():
        asked = (
            (_t("r"), face.has_view_permission),
            (_t("a"), face.has_add_permission),
            (_t("c"), face.has_change_permission),
        )
        cells = [" ".join(mark for mark, may in asked if may(_Visit(somebody(role)))) for role in ROLES]
        found.append(Row(str(model._meta.verbose_name_plural), cells))
    return sorted(found, key=lambda row: row.title)


def _moves() -> list[dict[str, Any]]:
    """The table of legal moves, as the desk's buttons name them."""
    names: dict[str, Any] = {verb.name.replace("-", "_"): verb.label for verb in CaseAdmin.verbs}
    names |= {move: Ask(ask).label for ask, move in reversed(MOVE.items()) if move not in names}
    names |= {move: verb.label for move, verb in _CALLED.items()}
    return [
        {"verb": names[verb], "from": [CaseState(state).label for state in CaseState if state in sources],
         "to": CaseState(target).label if target else "", "held": verb in HELD_MOVES}
        for verb, (sources, target) in MOVES.items()
    ]  # fmt: skip
