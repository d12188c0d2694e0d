"""The notices of this room, for whoever words them anew."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from privacy.choices import NOTICE_REQUEST, NOTICE_REQUEST_LATE, NOTICE_REQUEST_NEAR, NOTICE_REVIEW


@notice_templates.answers
def told_about_requests() -> list[NoticeTemplate]:
    texts = (NOTICE_REQUEST, NOTICE_REQUEST_NEAR, NOTICE_REQUEST_LATE, NOTICE_REVIEW)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]
