"""Looks that are recorded: at what is masked, and what is taken out of the house on paper."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cases import rules
from cases.actions.taking import take
from cases.choices import TAIL_DIGITS
from cases.models import Case, Reporter
from gridgov.core.locks import advisory_lock
from gridgov.core.looking import record_look
from gridgov.core.masking import nameless
from gridgov.core.questions import waiting_for
from gridgov.core.records import Subject, record


@transaction.atomic
def reveal_reporter(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Reporter:
    """The reporter's data as given; `also` are (name, phone) of others who wait for the answer. Who looked, when and why is
    recorded; without a reason nothing is shown."""
    case = take(case, by)
    reporter = Reporter.objects.get(case=case)
    rules.can_see_reporter(by, reporter, reason).insist()
    record_look("cases.revealed", case, by=by, at=at, data={"note": reason.strip()[:200]})
    reporter.also = [contact for found in waiting_for.ask(case.pk) for contact in found]  # type: ignore[attr-defined]
    return reporter


@transaction.atomic
def keep_confidential(*, case: Case | int, by: User, at: dt.datetime) -> Case:
    """Whoever reported CASE stays unknown from now on, to all but those who are entrusted with it. What was read before stays
    read: whoever looked stands in the records."""
    case = take(case, by)
    reporter = Reporter.objects.select_for_update(no_key=True).get(case=case)
    rules.can_keep_confidential(by, reporter).insist()
    Reporter.objects.filter(case=case).update(confidential=True)
    quiet = {
        name: nameless(getattr(case, name), reporter.name.strip(), reporter.phone.strip())
        for name in ("title", "text", "place")
    }
    record("cases.kept_confidential", case, by=by, at=at, data={"words": len(case.change(**quiet))})
    return case


@transaction.atomic
def print_archive(*, case: Case | int, by: User, at: dt.datetime) -> Case:
    """Note that BY prints the archive of a case 电子档案 (cases.reports.archive makes it). Nothing else changes."""
    rules.can_print(by).insist()
    case = take(case, by)
    record_look("cases.printed", case, by=by, at=at)
    return case


@transaction.atomic
def look_for_phone(*, tail: str, by: User, at: dt.datetime) -> None:
    """Write down that BY looked for cases by the end of a reporter's phone: it tells whose they are, like a reveal."""
    rules.can_look_for_phone(by, tail).insist()
    advisory_lock("phone_search", by.pk)  # stands for the row that the chain of looks has not
    data = {"phone": f"****{tail[-TAIL_DIGITS:]}"}  # no more than a masked one shows
    record_look("cases.phone_searched", Subject("cases.phone_search", by.pk), by=by, at=at, data=data)
