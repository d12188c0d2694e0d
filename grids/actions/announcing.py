"""What is announced to a grid and all below it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.masking import names_somebody
from gridgov.core.records import record
from grids.actions.tree import insist_clean
from grids.models import Grid, GridNotice
from grids.queries import heavy, scope_of
from grids.rules.serving import can_announce, can_run, can_withdraw_notice, check_text


@transaction.atomic
def announce(
    *, grid: Grid, title: str, text: str, by: User, at: dt.datetime, is_public: bool = True,
    valid_from: dt.date | None = None, valid_to: dt.date | None = None,
) -> GridNotice:  # fmt: skip
    """Announce TEXT under TITLE to GRID and all below it, from VALID_FROM (today) to VALID_TO; to residents where IS_PUBLIC.

    What residents read names nobody by a mobile or identity number.
    """
    grid = Grid.objects.defer(*heavy("")).locked(grid)
    today = timezone.localdate(at)
    first = valid_from or today
    can_announce(by, scope_of(by, today), grid).insist()
    can_run(first, valid_to, today).insist()
    check_text(text.strip()).insist()
    if is_public and names_somebody(f"{title}\n{text}"):
        raise Invalid(_("What residents read holds no mobile or identity number."), code="personal_data", field="text")
    values = {"title": title.strip(), "text": text.strip(), "is_public": is_public}
    notice = GridNotice(grid=grid, valid_from=first, valid_to=valid_to, by=by, at=at, **values)
    insist_clean(notice, exclude=("grid", "by", "withdrawn_at"))
    notice.save()
    record("announcements.made", notice, by=by, at=at, data={"title": notice.title, "public": is_public})
    return notice


@transaction.atomic
def withdraw_announcement(*, notice: GridNotice | int, by: User, at: dt.datetime) -> GridNotice:
    """Take an announcement down before its last day."""
    held = GridNotice.objects.for_list().locked(notice)
    today = timezone.localdate(at)
    can_withdraw_notice(by, scope_of(by, today), held, today).insist()
    held.change(withdrawn_at=at)
    record("announcements.withdrawn", held, by=by, at=at, data={"title": held.title})
    return held
