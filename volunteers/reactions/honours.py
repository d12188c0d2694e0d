"""The notices about panels and certificates."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from volunteers.choices.honours import NOTICE_HONOURED, NOTICE_ISSUED, NOTICE_SEATED, NOTICE_WITHDRAWN


@notice_templates.answers
def told_of_honours() -> list[NoticeTemplate]:
    texts = (NOTICE_SEATED, NOTICE_HONOURED, NOTICE_ISSUED, NOTICE_WITHDRAWN)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]
