"""Who may ask for what, and who decides about it (clocks.md, Applications)."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, Role
from accounts.queries import stands_in_for
from cases.choices import (
    BEFORE_EXPIRY,
    LEVEL_OF_ROLE,
    LEVEL_OF_TIER,
    PAUSING,
    Ask,
    AskState,
    Level,
    Terms,
    Tier,
    Urgency,
)
from cases.rules.orders import holds
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Application, Case, Order

# Asked for by whoever has the case in hand; the others by those who lead it.
BY_HOLDERS = frozenset({Ask.EXTENSION, Ask.SUSPENSION, Ask.PARKING, Ask.RECLASSIFICATION, Ask.RETURN})


def level_of(by: "User") -> Level:
    """The rung on which BY stands."""
    return LEVEL_OF_ROLE.get(Role(by.role), Level.NONE)


def level_for(by: "User", case: "Case", terms: Terms, before: int) -> Level:
    """The rung that decides: some steps above the applicant, more for each request BEFORE this one; never below the rung
    that decides about cases of this tier. The street is the last rung: there another person of the street decides."""
    above = level_of(by) + terms.steps + before * terms.again
    return Level(min(max(above, LEVEL_OF_TIER[Tier(case.tier)], terms.least), Level.STREET))


def can_ask(by: "User", case: "Case", kind: str, order: "Order | None") -> Verdict:
    """ORDER is the one in force that is addressed to BY, if there is one."""
    if kind not in Ask.values:
        return Verdict.reject(_("There is no such application."), field="kind")
    if by.role not in CASE_ROLES:
        return Verdict.forbid(_("This account does not work with cases."))
    asker = _may_ask(by, kind, order)
    return asker if not asker else _may_be_asked(case, kind, order)


def _may_ask(by: "User", kind: str, order: "Order | None") -> Verdict:
    """Whose wish it may be."""
    if kind == Ask.RETURN and order is None:
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if kind in BY_HOLDERS and order is None and not leads(by):
        return Verdict.forbid(_("Only whoever has the case in hand, or leads it, may ask for this."))
    if kind in {Ask.VOIDING, Ask.EXCLUSION} and not leads(by):
        return Verdict.forbid(_("This is asked for by grid leads and the street office."))
    return YES


def _may_be_asked(case: "Case", kind: str, order: "Order | None") -> Verdict:
    """What the case itself allows."""
    if kind in PAUSING and (case.urgency == Urgency.EMERGENCY or not case.category.pausable):
        return Verdict.clash(_("The clock of an emergency, or of this category, can't be stopped."), "not_pausable")
    if kind in PAUSING | {Ask.RETURN} and order is not None and order.pk != case.lead_order_id:
        return Verdict.forbid(_("A helper can't stop or return the whole case; the leading unit asks for that."))
    if kind == Ask.EXCLUSION and case.excluded:
        return Verdict.clash(_("This case is excluded from figures already."), "excluded")
    if kind == Ask.INCLUSION and not case.excluded:
        return Verdict.clash(_("This case is counted in figures."), "not_excluded")
    return YES


def can_ask_again(
    case: "Case", kind: str, order: "Order | None", earlier: "list[Application]", terms: Terms
) -> Verdict:
    """Whether the applications of this kind that came EARLIER leave room for another."""
    if any(one.state == AskState.PENDING for one in earlier):
        return Verdict.clash(_("Such an application waits for a decision already."), "pending")
    if kind == Ask.RETURN:
        # None after a ruling: whoever was refused keeps it, whoever returned it once too (handbook 1.4).
        ruled = [
            one for one in earlier
            if one.state in {AskState.APPROVED, AskState.REFUSED} and one.order is not None and order is not None
            and (one.order.unit_id, one.order.grid_id) == (order.unit_id, order.grid_id)
        ]  # fmt: skip
        if ruled:
            return Verdict.clash(
                _("This case was returned by the same hands, or was ruled to be theirs; it can't be returned again."),
                "returned_before",
            )
        return YES
    approved = sum(
        one.state == AskState.APPROVED and one.data.get("round", case.round) == case.round for one in earlier
    )
    if terms.most is not None and approved >= terms.most:
        return Verdict.clash(
            _("This was approved %(count)s times already; no more is possible.") % {"count": approved}, "too_often"
        )
    return YES


def in_time(kind: str, due: "dt.datetime | None", at: dt.datetime) -> Verdict:
    """Some things are asked for before the clock runs out, or not at all."""
    if kind in BEFORE_EXPIRY and (due is None or at >= due):
        return Verdict.clash(_("This must be asked for before the time runs out."), "too_late")
    return YES


def can_decide(by: "User", application: "Application", at: dt.datetime) -> Verdict:
    """Somebody else, high enough, of no unit that asks, and not in the applicant's stead."""
    if application.state != AskState.PENDING:
        message = _("This application is “%(state)s” already.") % {"state": application.get_state_display()}
        return Verdict.clash(message, "decided")
    own = {by.pk, *stands_in_for(by)}
    if application.by_id in own:
        return Verdict.forbid(_("Nobody decides about the own application."), "own_work")
    order = application.order
    if order is not None and (order.handler_id in own or (order.unit_id and order.unit_id in scope_of(by).units)):
        return Verdict.forbid(_("Nobody decides about the own application."), "own_work")
    if level_of(by) < application.level:
        message = _("This is decided by: %(level)s.") % {"level": Level(application.level).label}
        return Verdict.forbid(message, "level_too_low")
    if application.lapses_at is not None and at >= application.lapses_at:
        return Verdict.clash(_("The time has run out; the application has lapsed."), "lapsed")
    return YES


def can_withdraw(by: "User", application: "Application") -> Verdict:
    if application.by_id != by.pk:
        return Verdict.forbid(_("An application is withdrawn by whoever made it."))
    if application.state != AskState.PENDING:
        message = _("This application is “%(state)s” already.") % {"state": application.get_state_display()}
        return Verdict.clash(message, "decided")
    return YES


def can_resume(by: "User", case: "Case") -> Verdict:
    """Whoever leads the case, or has its order in hand."""
    if not case.hold:
        return Verdict.clash(_("This case does not stand still."), "not_held")
    if leads(by) or (case.lead_order is not None and holds(by, case.lead_order)):
        return YES
    return Verdict.forbid(_("A case is resumed by whoever leads it or has it in hand."))


def can_review(by: "User", case: "Case") -> Verdict:
    """A parked case is looked at by the rung that parks."""
    if level_of(by) < Level.STREET:
        return Verdict.forbid(_("Parked cases are reviewed by the street office."))
    return YES


def can_set_approval_rule(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Approval rules are set by the street office."))
