"""What follows for shifts and posts from what is decided elsewhere, and the notices about them."""

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from accounts.models import User
from gridgov.core.models import Record
from gridgov.core.records import on
from volunteers.actions.posts import end_claims
from volunteers.actions.signing_up import step_back
from volunteers.choices.work import TOLD


@notice_templates.answers
def told_about_shifts() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in TOLD]


@on("volunteers.left")
@on("volunteers.paused")
def give_places_back(row: Record) -> None:
    """Who helps no longer, or rests, gives the places in shifts to come to whoever waits, and ends claims of posts."""
    by = User.objects.system()
    step_back(volunteer=row.subject_id, by=by, at=row.at)
    end_claims(volunteer=row.subject_id, by=by, at=row.at)
