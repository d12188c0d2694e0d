"""Who may merge cases, and which."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.choices import CAN_LEAD
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def can_merge(by: "User", case: "Case", *, leads_others: bool = False) -> Verdict:
    """By those who lead; a case that leads others stays, or they would lose their answer."""
    if not leads(by):
        return Verdict.forbid(_("Cases are merged by grid leads and the street office."))
    if leads_others:
        message = _("Other cases were merged into %(no)s. Merge those elsewhere first.")
        return Verdict.clash(message % {"no": case.no}, "leads_others")
    return YES


def can_lead(leading: "Case", case: "Case") -> Verdict:
    """Whether CASE can be merged into LEADING: always the younger report into the older, so that no clock starts afresh
    by merging."""
    if leading.pk == case.pk:
        return Verdict.reject(_("A case can't be merged into itself."), "same_case", "leading")
    if leading.state not in CAN_LEAD:
        message = _("Case %(no)s is “%(state)s” and can't lead others.")
        words = {"no": leading.no, "state": leading.get_state_display()}
        return Verdict.reject(message % words, "cannot_lead", "leading")
    if leading.reported_at > case.reported_at:
        message = _("Case %(no)s was reported later. Merge the younger into the older.")
        return Verdict.reject(message % {"no": leading.no}, "younger", "leading")
    return YES


def can_unmerge(by: "User", case: "Case") -> Verdict:
    return YES if leads(by) else Verdict.forbid(_("Merged cases are taken apart by grid leads and the street office."))
