"""Impact assessments: entered, replaced by the next, and brought to mind when their day has come."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from privacy import rules
from privacy.actions.telling import tell_security
from privacy.choices import NOTICE_REVIEW
from privacy.models import Assessment
from privacy.reports.assessed import processing, title_of


@transaction.atomic
def assess(
    *, kind: str, purpose: str, effect: str, measures: str, risk: str, review_on: dt.date, by: User, at: dt.datetime
) -> Assessment:
    """Enter the assessment of a KIND of processing; the one before is replaced, and kept."""
    rules.can_assess(by, kind, [name for name, _title in processing()], review_on, localdate(at)).insist()
    for name, words in (("purpose", purpose), ("effect", effect), ("measures", measures)):
        rules.is_reason(words, name).insist()
    advisory_lock("privacy.assessment", kind)
    before = Assessment.objects.in_force().filter(kind=kind).first()
    if before is not None:
        before.change(ended_at=at)
    row = Assessment.objects.create(
        kind=kind, purpose=purpose.strip(), effect=effect.strip(), measures=measures.strip(), risk=risk, by=by, at=at,
        review_on=review_on,
    )  # fmt: skip
    data = {"kind": kind, "risk": risk, "review_on": review_on.isoformat(), "replaces": before and before.pk}
    record("privacy.assessed", row, by=by, at=at, data=data)
    return row


@transaction.atomic
def tell_reviews(*, by: User, at: dt.datetime) -> int:
    """Tell the security administrators of assessments whose day of review has come, each once; how many."""
    due = list(Assessment.objects.to_review(localdate(at)).order_by("pk"))
    for row in due:
        words = {"kind": str(title_of(row.kind)), "day": f"{row.review_on}"}
        tell_security(NOTICE_REVIEW, f"privacy:review:{row.pk}", words, at)
        if not row.told:
            row.change(told=True)
            record("privacy.review_due", row, by=by, at=at, data={"kind": row.kind})
    return len(due)
