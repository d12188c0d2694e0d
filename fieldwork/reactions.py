"""What the room answers when those below ask."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from fieldwork.choices import NOTICE_DAILY, NOTICE_ENDED, NOTICE_LOOKED, NOTICE_NEEDLESS


@notice_templates.answers
def told_in_the_field() -> list[NoticeTemplate]:
    texts = (NOTICE_ENDED, NOTICE_LOOKED, NOTICE_DAILY, NOTICE_NEEDLESS)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]
