"""Rewording what the house tells people, and going back to its own words."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext, override

from accounts import rules
from accounts.choices.wording import NoticeTemplate
from accounts.models import NoticeText, User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record


@transaction.atomic
def reword_notice(
    *, template: NoticeTemplate, language: str, wording: str, by: User, at: dt.datetime
) -> NoticeText:  # fmt: skip
    """Tell TEMPLATE in WORDING to whoever reads LANGUAGE, notices that lie in inboxes already included; '' takes the
    house's own words back. Raises Forbidden, or Invalid for a place that the notice doesn't fill."""
    rules.can_reword(by).insist()
    rules.can_be_language(language).insist()
    rules.can_be_wording(template, wording).insist()
    with override(language):
        own = gettext(template.text)
    advisory_lock("accounts.wording", template.key, language)
    row, _made = NoticeText.objects.get_or_create(text=template.text, language=language)
    changes = row.change(wording="" if wording == own else wording)
    if changes:
        record(
            "accounts.notice_reworded",
            row,
            by=by,
            at=at,
            data={"notice": template.text, "language": language, "changes": changes},
        )
    return row
