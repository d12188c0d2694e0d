"""What the door tells the rooms below when they ask, and what it does when it hears of changes there."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from accounts.models import User
from cases.models import Case
from door.actions import GUESSED, forget_contact, set_expiry
from door.actions.leaving import forget_due, move_expiry
from door.choices import NOTICE_ADDED
from door.reports import contacts, contacts_of, slip_columns, told_beside
from gridgov.core.doctor import Finding, State, check
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.models import Record
from gridgov.core.questions import Aside, beside_case, case_columns, waiting_for
from gridgov.core.records import on

LATELY = dt.timedelta(days=1)


@case_columns.answers
def columns() -> dict[str, Any]:
    return slip_columns()


@beside_case.answers
def beside(case: Case) -> list[Aside]:
    return told_beside(case)


@waiting_for.answers
def joined(case: int) -> list[tuple[str, str]]:
    """Those who said "me too" and left a contact."""
    return contacts_of(case)


@notice_templates.answers
def told_about_reports() -> list[NoticeTemplate]:
    return [NoticeTemplate(NOTICE_ADDED, NoticeKind.PROGRESS)]


@on("cases.closed")
@on("cases.leading_ended")
@on("cases.leading_reopened")
@on("cases.rejected")
@on("cases.reopened")
@on("cases.unmerged")
@on("cases.voided")
def keep_as_long(row: Record) -> None:
    """A case is over, or open again: contact data of who reported or joined it is kept accordingly."""
    set_expiry(case=row.subject_id, by=User.objects.system(), at=row.at)


@check("guessing", _("Query codes tried"))
def _guessing(at: dt.datetime) -> Finding:
    """Series of wrong codes at the residents' door, of the last day."""
    found = Record.objects.filter(subject_type=GUESSED, at__gt=at - LATELY).count()
    if not found:
        return Finding(State.OK, _t("No series of wrong codes in the last day"))
    return Finding(
        State.WARN, _t("%(count)d series of wrong codes in the last day") % {"count": found},
        _t("Somebody may be trying to read others' reports. They are held up; the records tell when, and for which number."),
        "core_record_changelist", "q=door.guessed",
    )  # fmt: skip


keeps(
    Kind(
        "door.contact",
        _("who joined a report, and residents' slips"),
        purpose=_("to tell them the result, and to let them follow their report"),
        basis=_("separate consent (PIPL 13 I 1)"),
        where=_("beside the slip, masked everywhere"),
        seen_by=_("those who may look at the case's reporter, with a reason that is recorded"),
        term=Term(365, _("after the case is closed, three years after the report at most"), _("as who reported")),
        public=True,
        consented=True,
        follows="cases.reporter",
        ways=Ways(
            find=contacts.slips_of,
            label=lambda row: row.case.no,
            copy=contacts.copy_of,
            page="cases_case",
            page_key=lambda row: row.case_id,
            erase=lambda row, by, at: forget_contact(slip=row, by=by, at=at),
            held="cases.case",
            holding=lambda row: row.case_id,
        ),
        going=Going(
            "door.forget",
            forget_due,
            contacts.due_slips,
            "expires_at",
            lambda days: move_expiry(days=days, by=User.objects.system()),
        ),
    )
)
