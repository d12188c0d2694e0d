"""Points of a trail: taken in while the patrol runs, looked at with a reason, and deleted after 90 days."""

import datetime as dt
import math
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from fieldwork import rules
from fieldwork.choices import APART, GCJ02, MOST_POINTS, NOTICE_LOOKED, WGS84
from fieldwork.models import Patrol, TrailDay, TrailLook, TrailPoint
from fieldwork.reports.day import minutes_of
from fieldwork.reports.keeping import due_trails
from fieldwork.reports.trail import Trail, trail_of
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.geodesy import DIGITS, to_wgs84
from gridgov.core.locks import advisory_lock
from gridgov.core.looking import record_look
from gridgov.core.records import Subject, record

# Patrols whose points go in one run of the job.
AT_ONCE = 1000


@dataclass(frozen=True)
class Reading:
    """What a phone says: when by its clock, where in which system, and how sure it is, in metres."""

    at: dt.datetime
    lng: float
    lat: float
    crs: str = WGS84
    accuracy: float | None = None


@dataclass(frozen=True)
class Taken:
    """What became of some readings: kept; too near to another in time; outside the patrol, and therefore thrown away."""

    kept: int
    thinned: int
    outside: int


@transaction.atomic
def add_points(*, patrol: Patrol | int, readings: Iterable[Reading], by: User, at: dt.datetime) -> Taken:
    """Add READINGS to the own trail, late ones too if they were taken while the patrol ran.

    Raises Forbidden for anybody else's, Conflict where none lies within the patrol, Invalid for no place on the earth.
    """
    row: Patrol = Patrol.objects.visible_to(by).for_list().locked(patrol)
    rules.can_add_points(by, row).insist()
    wanted = list(readings)
    if not 0 < len(wanted) <= MOST_POINTS:
        raise Invalid(
            _("At most %(count)s points at a time, and at least one.") % {"count": MOST_POINTS}, field="points"
        )
    taken = keep(row, wanted, at)
    if taken.outside == len(wanted):
        raise Conflict(_("These points were not taken while the patrol ran, and are not kept."), code="outside_patrol")
    return taken


def keep(row: Patrol, readings: Iterable[Reading], at: dt.datetime) -> Taken:
    """Write down those of READINGS that belong to the patrol ROW, which is locked. Raises Invalid for no place on the earth."""
    wanted = sorted(readings, key=lambda reading: reading.at)
    there = sorted(TrailPoint.objects.filter(patrol=row).values_list("taken_at", flat=True))
    points, seen = [], row.seen_at
    thinned = 0
    for reading in wanted:
        point = _point(row, reading, at)
        if not rules.within(row, reading.at, at):
            continue
        if _near(there, reading.at):
            thinned += 1
            continue
        insort(there, reading.at)
        points.append(point)
        # A patrol that is heard of lives on: what a phone kept through five hours without a net is one trail.
        seen = row.seen_at = max(row.seen_at or reading.at, reading.at)
    TrailPoint.objects.bulk_create(points)
    Patrol.objects.filter(pk=row.pk).update(seen_at=seen)
    return Taken(len(points), thinned, len(wanted) - len(points) - thinned)


def _near(there: list[dt.datetime], moment: dt.datetime) -> bool:
    """Whether one of the moments THERE (sorted) is nearer to MOMENT than points may be."""
    place = bisect_left(there, moment)
    return any(abs(other - moment) < APART for other in there[max(place - 1, 0) : place + 1])


def _point(patrol: Patrol, reading: Reading, at: dt.datetime) -> TrailPoint:
    if reading.crs not in {WGS84, GCJ02}:
        raise Invalid(_("Readings are in WGS-84 or GCJ-02."), field="crs")
    lng, lat = to_wgs84(reading.lng, reading.lat, reading.crs)  # type: ignore[arg-type]
    sure = reading.accuracy if reading.accuracy is not None and math.isfinite(reading.accuracy) else None
    return TrailPoint(
        patrol=patrol, taken_at=reading.at, received_at=at, lng=round(lng, DIGITS), lat=round(lat, DIGITS),
        accuracy=None if sure is None else min(max(sure, 0.0), 1e6), crs=reading.crs, x=reading.lng, y=reading.lat,
    )  # fmt: skip


@transaction.atomic
def look_at_trail(*, patrol: Patrol | int, reason: str, by: User, at: dt.datetime) -> Trail:
    """Show the trail to the street office, to verify a duty. The look is kept with its REASON, and the worker told.

    Raises Forbidden for anybody else, Conflict while the patrol runs or once the trail is deleted.
    """
    row: Patrol = Patrol.objects.visible_to(by).for_list().locked(patrol)
    rules.can_look(by, row).insist()
    rules.can_still_look(row, at).insist()
    rules.check_reason(reason).insist()
    look = TrailLook.objects.create(patrol=row, by=by, at=at, reason=reason.strip())
    record_look("fieldwork.trail_looked_at", row, by=by, at=at, data={"reason": look.reason})
    words = {"who": str(by), "time": f"{localtime(row.started_at):%m-%d %H:%M}", "reason": look.reason}
    told = Notice(
        user_id=row.user_id, kind=NoticeKind.SYSTEM, key=f"trail:{look.pk}", text=NOTICE_LOOKED, params=words,
        subject_type="fieldwork.patrol", subject_id=row.pk, at=at,
    )  # fmt: skip
    notify([told], at=at)
    return trail_of(row)


@transaction.atomic
def tidy_trails(*, by: User, at: dt.datetime) -> int:
    """Delete the points of patrols that began so long ago that their term is over; how many. Of a day stay its minutes and its
    kilometres, which only the worker sees."""
    advisory_lock("tidy_trails")
    old = due_trails(at).order_by("pk")
    patrols = {row.pk: row for row in old[:AT_ONCE]}
    if not patrols:
        return 0
    points = TrailPoint.objects.filter(patrol__in=patrols)
    trails: dict[int, list[TrailPoint]] = defaultdict(list)
    for point in points.order_by("taken_at"):
        trails[point.patrol_id].append(point)
    minutes: Counter[tuple[int, dt.date]] = Counter()
    kilometres: dict[tuple[int, dt.date], float] = defaultdict(float)
    for pk, row in patrols.items():
        key = row.user_id, localdate(row.started_at)
        minutes[key] += minutes_of(row, at)
        kilometres[key] += Trail(trails[pk]).kilometres
    for (user, day), far in kilometres.items():
        kept, _made = TrailDay.objects.get_or_create(user_id=user, day=day)
        TrailDay.objects.filter(pk=kept.pk).update(
            minutes=F("minutes") + minutes[user, day], kilometres=F("kilometres") + Decimal(str(round(far, 1)))
        )
    count, _each = points.delete()
    record("fieldwork.trails_deleted", Subject("fieldwork.trail", 0), by=by, at=at, data={"points": count})
    return count
