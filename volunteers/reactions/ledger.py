"""The notices about hours and points, and whether the ledgers add up."""

import datetime as dt

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from gridgov.core.doctor import Finding, State, check
from volunteers.choices.ledger import NOTICES
from volunteers.reports.checking import ledger_faults


@notice_templates.answers
def told_of_hours_and_points() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in NOTICES]


@check("volunteer_ledgers", _("Ledgers of hours and points"))
def do_ledgers_add_up(at: dt.datetime) -> Finding:
    """Whether balances are what their lines add up to."""
    faults = ledger_faults()
    if not faults:
        return Finding(State.OK, _t("Every balance is what its lines add up to."))
    said = _t("%(count)s faults, the first: %(fault)s") % {"count": len(faults), "fault": faults[0]}
    return Finding(
        State.BAD, said, _t("Nobody should write into these tables by hand. List them:"), code="manage.py check_ledgers"
    )
