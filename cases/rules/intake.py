"""Who may report, accept and look at the reporter."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, Role
from cases.choices import PHONE_DIGITS, TAIL_DIGITS, Tier
from cases.rules.standing import decides, leads
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Category, Reporter
    from grids.models import Grid


def can_report(by: "User") -> Verdict:
    return YES if by.role in CASE_ROLES | {Role.SYSTEM} else Verdict.forbid(_("This account does not work with cases."))


def can_choose_tier(by: "User", category: "Category", tier: str) -> Verdict:
    """Anyone may keep the catalogue's tier. A person names tiers up to the own authority; below the catalogue's only
    the street goes, so that no case is made small where it arises."""
    if tier == category.tier:
        return YES
    if tier not in Tier.values:
        return Verdict.reject(_("There is no such tier."), field="tier")
    if tier < category.tier and by.role not in {Role.STREET, Role.SYSTEM}:
        message = _("“%(name)s” is tier %(tier)s; only the street office may lower it.")
        return Verdict.reject(message % {"name": category.label, "tier": category.tier}, "tier_not_yours", "tier")
    if not decides(by, tier):
        message = _("Tier %(tier)s is not yours to choose; leave it to the intake, or hand the case up.")
        return Verdict.reject(message % {"tier": tier}, "tier_not_yours", "tier")
    return YES


def captures(by: "User", grid: "Grid") -> bool:
    """A worker's report from an own micro-grid counts as accepted at once (clocks: two clocks)."""
    return by.role == Role.WORKER and grid.pk in scope_of(by).grids.get(grid.kind, [])


def can_accept(by: "User") -> Verdict:
    return YES if leads(by) else Verdict.forbid(_("Reports are accepted by grid leads and the street office."))


def works_with_cases(by: "User") -> Verdict:
    return YES if by.role in CASE_ROLES else Verdict.forbid(_("This account does not work with cases."))


def can_print(by: "User") -> Verdict:
    """The archive of a case shows what its page shows, masked alike."""
    return works_with_cases(by)


def can_look_for_phone(by: "User", tail: str) -> Verdict:
    """By the end of a phone a case is found by those who may reveal its reporter; fewer digits would find half a street."""
    if by.is_client:
        return Verdict.forbid(_("Connected systems do not look for people."))
    verdict = works_with_cases(by)
    if verdict and not (tail.isascii() and tail.isdigit() and TAIL_DIGITS <= len(tail) <= PHONE_DIGITS):
        message = _("Write * and the last %(least)s to %(most)s digits of a phone.")
        return Verdict.reject(message % {"least": TAIL_DIGITS, "most": PHONE_DIGITS}, field="q")
    return verdict


def can_see_confidential(by: "User") -> Verdict:
    """Who reported in confidence is known to whoever is entrusted with it by name; to no other system."""
    if by.role == Role.STREET and by.keeps_confidential and not by.is_client:
        return YES
    message = _(
        "This report is confidential. Only whoever is entrusted with it at the street office may see the reporter."
    )
    return Verdict.forbid(message, "confidential")


def can_see_reporter(by: "User", reporter: "Reporter", reason: str) -> Verdict:
    verdict = can_see_confidential(by) if reporter.confidential else YES
    return can_reveal(by, reason) if verdict else verdict


def can_hear(by: "User", speaker_id: int, reporter: "Reporter | None") -> Verdict:
    """A voice note may tell who reported: of a confidential report it is heard by whoever recorded it, or is entrusted."""
    if reporter is None or not reporter.confidential or speaker_id == by.pk:
        return YES
    return can_see_confidential(by)


def can_leave_by_api(reporter: "Reporter") -> Verdict:
    """Confidential ones are looked at on the case's page and nowhere else, whoever asks."""
    message = _("This report is confidential; its reporter is not given out here.")
    return Verdict.forbid(message, "confidential") if reporter.confidential else YES


def can_keep_confidential(by: "User", reporter: "Reporter") -> Verdict:
    """Marked by whoever takes reports in, and never unmarked."""
    verdict = can_accept(by)
    return Verdict.clash(_("It is so already."), "no_change") if verdict and reporter.confidential else verdict


def can_reveal(by: "User", reason: str) -> Verdict:
    verdict = works_with_cases(by)
    if verdict and len(reason.strip()) < 2:
        return Verdict.reject(_("Say why you need to see it."), field="reason")
    return verdict
