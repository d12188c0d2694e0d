"""Suspected crime, breach of public order, or harm: reported on at once, and mediation stops (人民调解法 25)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from gridgov.core.errors import Invalid
from gridgov.core.records import subject_type
from grids.choices import PostKind
from grids.models import Post
from mediation.actions.ending import over
from mediation.actions.taking import take, write_down
from mediation.choices.files import NOTICE_DANGER, OPEN, Danger, Outcome
from mediation.models import Mediation


@transaction.atomic
def report_danger(*, mediation: Mediation | int, danger: str, told: str, by: User, at: dt.datetime) -> Mediation:
    """TOLD says whom one told at the police or another authority, and when. The street office hears at once, day and night,
    that there is danger and whom to ask, not what is in the file; an open file ends. Raises Invalid, Conflict."""
    row = take(mediation, by, "report_danger")
    if danger not in Danger.values:
        raise Invalid(_("There is no such kind."), field="danger")
    if not told.strip():
        raise Invalid(
            _("Tell the police or the authority in charge first, and say whom (People's Mediation Law, art. 25)."), field="told"
        )  # fmt: skip
    with override(settings.LANGUAGE_CODE):
        label = str(Danger(danger).label)
    write_down("mediation.danger_reported", row, by=by, at=at, danger=danger)
    if row.state in OPEN:
        reason = f"{label}: {told.strip()}"
        over(row, Outcome.TERMINATED, reason=reason, by=by, at=at)
    words = {
        "no": str(row), "name": row.committee.name, "grid": row.grid.name, "event": label,
        "who": f"{by} {row.committee.phone}".strip(),
    }  # fmt: skip
    notify(
        [
            Notice(
                user_id=user, kind=NoticeKind.SYSTEM, key=f"mediation:{row.pk}:danger:{danger}", text=NOTICE_DANGER, params=words,
                subject_type=subject_type(row), subject_id=row.pk, at=at, urgent=True,
            )
            for user in _street(row, at)
        ],
        at=at,
    )  # fmt: skip
    return row


def _street(mediation: Mediation, at: dt.datetime) -> list[int]:
    """Who works in the street office today."""
    posts = Post.objects.current(localdate(at)).filter(kind=PostKind.STREET_STAFF, grid__tree_id=mediation.grid.tree_id)
    return list(posts.values_list("user", flat=True).distinct())
