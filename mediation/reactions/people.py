"""What mediators and directors are told."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from mediation.choices.people import TOLD


@notice_templates.answers
def told_of_mediation() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in TOLD]
