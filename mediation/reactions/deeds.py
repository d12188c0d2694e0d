"""The notices after an agreement; and days of the court that move with the calendar."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from accounts.models import User
from gridgov.core.models import Record
from gridgov.core.records import on
from mediation.actions.confirming import reckon_anew
from mediation.choices.deeds import NOTICES


@notice_templates.answers
def told_after_an_agreement() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.NEAR) for text in NOTICES]


@on("calendar.dropped")
@on("calendar.loaded")
def move_days_of_the_court(row: Record) -> None:
    """Holidays of the country were entered, or changed."""
    if not row.scope:
        reckon_anew(by=User.objects.system(), at=row.at)
