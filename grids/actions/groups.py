"""Groups of neighbours 联户群: put up, renewed when the messenger lets their code run out, taken away."""

import datetime as dt
import io
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from gridgov.core.calendar import CHINA
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.jobs import rearm, withdraw
from gridgov.core.pictures import opened
from gridgov.core.records import record, subject_type
from grids.actions.tree import insist_clean
from grids.choices import NOTICE_GROUP, REMINDED_BEFORE, GroupKind, GroupLevel
from grids.models import Grid, GroupLink
from grids.queries import heavy, scope_of
from grids.rules.serving import MOST_GROUPS, can_hold_until, can_keep_group, can_serve, check_link

KIND = "grids.group_runs_out"
REMINDED_AT = dt.time(9)
# A code with its caption is readable at this size, and small as sixteen greys.
SIDE, GREYS, MOST_BYTES = 720, 16, 5 * 1024 * 1024


@transaction.atomic
def add_group(
    *, grid: Grid, label: str, by: User, at: dt.datetime, level: str = GroupLevel.GRID, kind: str = GroupKind.WECHAT,
    url: str = "", picture: BinaryIO | None = None, valid_until: dt.date | None = None, is_public: bool = False,
) -> GroupLink:  # fmt: skip
    """Put up a group of GRID: by its link, or by a PICTURE of its QR code, of which a clean copy is kept."""
    grid = Grid.objects.defer(*heavy("")).locked(grid)
    today = timezone.localdate(at)
    can_serve(by, scope_of(by, today), grid).insist()
    if GroupLink.objects.standing().filter(grid=grid).count() >= MOST_GROUPS:
        raise Conflict(_("A grid has at most %(most)d groups.") % {"most": MOST_GROUPS}, code="too_many")
    if level not in GroupLevel.values:
        raise Invalid(_("Choose whom the group is for."), field="level")
    way = _way(url, picture, valid_until, today)
    group = GroupLink(
        grid=grid, label=label.strip(), level=level, kind=kind, is_public=is_public, kept_by=by, at=at, **way
    )
    insist_clean(group, exclude=("grid", "kept_by", "picture", "ended_at"))
    group.save()
    _remind(group)
    told = {"label": group.label, "level": level, "public": is_public, "until": _said(valid_until)}
    record("groups.added", group, by=by, at=at, data=told)
    return group


@transaction.atomic
def renew_group(
    *, group: GroupLink | int, by: User, at: dt.datetime, url: str = "", picture: BinaryIO | None = None,
    valid_until: dt.date | None = None, is_public: bool | None = None,
) -> GroupLink:  # fmt: skip
    """Give a group a fresh link or picture, and say whether residents see it."""
    held = GroupLink.objects.for_list().locked(group)
    today = timezone.localdate(at)
    can_keep_group(by, scope_of(by, today), held).insist()
    way = _way(url, picture, valid_until, today)
    held.change(**way, kept_by=by, at=at, is_public=held.is_public if is_public is None else is_public)
    _remind(held)
    record("groups.renewed", held, by=by, at=at, data={"public": held.is_public, "until": _said(valid_until)})
    return held


@transaction.atomic
def end_group(*, group: GroupLink | int, by: User, at: dt.datetime) -> GroupLink:
    """Take a group away."""
    held = GroupLink.objects.for_list().locked(group)
    can_keep_group(by, scope_of(by, timezone.localdate(at)), held).insist()
    held.change(ended_at=at)
    withdraw(KIND, [held.pk])
    record("groups.ended", held, by=by, at=at, data={"label": held.label})
    return held


def remind_of_groups(*, groups: list[int], at: dt.datetime) -> int:
    """Tell whoever keeps GROUPS that their codes run out; how many were told."""
    rows = GroupLink.objects.standing().for_list().filter(pk__in=groups).exclude(valid_until=None)
    return notify([_notice(row, at) for row in rows], at=at)


def _notice(group: GroupLink, at: dt.datetime) -> Notice:
    until = _said(group.valid_until)
    return Notice(
        user_id=group.kept_by_id, kind=NoticeKind.SYSTEM, key=f"group:{group.pk}:{until}", text=NOTICE_GROUP,
        params={"name": group.label, "until": until}, subject_type=subject_type(group), subject_id=group.pk, at=at,
    )  # fmt: skip


def _way(url: str, picture: BinaryIO | None, until: dt.date | None, today: dt.date) -> dict[str, object]:
    """How one joins, as the row keeps it. Raises Invalid unless it is one of both."""
    can_hold_until(until, today).insist()
    if bool(url) == (picture is not None):
        raise Invalid(_("Give either a link or a picture of the QR code."), field="url")
    if picture is None:
        check_link(url).insist()
    return {"url": url, "picture": clean_copy(picture) if picture else None, "valid_until": until}


def clean_copy(upload: BinaryIO) -> bytes:
    """UPLOAD as a small grey PNG with nothing else in it. Raises Invalid for what is no picture."""
    if (getattr(upload, "size", None) or 0) > MOST_BYTES:
        size = MOST_BYTES // (1024 * 1024)
        raise Invalid(_("A picture may have at most %(size)s MB.") % {"size": size}, code="too_large", field="picture")
    told, data = _("This is no picture, or it is damaged."), upload.read(MOST_BYTES + 1)
    found = opened(data, formats=("JPEG", "PNG", "WEBP"), side=SIDE, field="picture", told=told, code="not_a_photo")
    upright = found.convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    out = io.BytesIO()
    paper.convert("L").quantize(GREYS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _remind(group: GroupLink) -> None:
    """Promise the reminder, or take it back where the group holds for good."""
    if group.valid_until is None:
        withdraw(KIND, [group.pk])
        return
    day = group.valid_until - dt.timedelta(days=REMINDED_BEFORE)
    rearm(KIND, {group.pk: dt.datetime.combine(day, REMINDED_AT, CHINA)})


def _said(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
