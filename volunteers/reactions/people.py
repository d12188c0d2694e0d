"""The notices to volunteers about themselves."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from volunteers.choices.people import NOTICE_ACCEPTED, NOTICE_PASSWORD


@notice_templates.answers
def told_to_volunteers() -> list[NoticeTemplate]:
    texts = (NOTICE_ACCEPTED, NOTICE_PASSWORD)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]
