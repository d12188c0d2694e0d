"""The notices about shifts and posts."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from volunteers.choices.work import TOLD


@notice_templates.answers
def told_about_shifts() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in TOLD]
