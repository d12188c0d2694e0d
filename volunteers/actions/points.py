"""Points: given by the rule in force, once for each thing, and never for anything that no rule names; put right by lines that
take others back, and never below nothing."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record, record_all
from volunteers.actions.telling import tell
from volunteers.choices.ledger import NOTICE_POINTS_TAKEN_BACK, PointsFor, PointsKind
from volunteers.choices.work import ProjectKind
from volunteers.models import Balance, PointsEntry, PointsRule, SignUp, Volunteer
from volunteers.rules import ledger as rules

# So many people's points run out in one transaction.
AT_ONCE = 200


@transaction.atomic
def give_points(
    *, volunteer: Volunteer, what: PointsFor, source: str, day: dt.date, units: int = 1, by: User, at: dt.datetime
) -> PointsEntry | None:
    """What the rule in force on DAY gives VOLUNTEER for WHAT; UNITS are full hours where it counts by the hour. None where
    SOURCE (`case:12`, `sign_up:7`) was rewarded before, no rule names it, or the day's most is reached.
    """
    Balance.objects.locked(volunteer.pk)
    if PointsEntry.objects.filter(volunteer=volunteer, source=source, kind=PointsKind.EARNED).exists():
        return None
    rule, points = _due(volunteer, what, day, units)
    if rule is None or not points:
        return None
    return _earn(volunteer, rule, points, source, day, by, at)


def _due(
    volunteer: Volunteer, what: PointsFor, day: dt.date, units: int, instead_of: int = 0
) -> tuple[PointsRule | None, int]:
    """The rule for WHAT and what it gives for UNITS on DAY, INSTEAD_OF points that it gave for the same thing."""
    rule = PointsRule.objects.in_force(what, volunteer.kind, volunteer.grid.street_code, day)
    if rule is None:
        return None, 0
    given = PointsEntry.objects.earned().filter(volunteer=volunteer, day=day, rule=rule).total()
    return rule, rules.points_by(rule, units, given - instead_of)


def _earn(
    volunteer: Volunteer,
    rule: PointsRule,
    points: int,
    source: str,
    day: dt.date,
    by: User,
    at: dt.datetime,
    why: str = "",
) -> PointsEntry:
    row = PointsEntry.objects.create(
        volunteer=volunteer, kind=PointsKind.EARNED, points=points, rule=rule, source=source, day=day, reason=why,
        expires_on=rules.good_until(rule, day), by=by, at=at,
    )  # fmt: skip
    record("volunteers.points_given", row, by=by, at=at, data={"what": rule.what, "points": points})
    return row


def settle_points(row: SignUp, minutes: int, reason: str, by: User, at: dt.datetime) -> None:
    """Let the points of ROW follow its MINUTES; the balance is locked. What is spent already is not asked back."""
    volunteer, source, day = row.volunteer, f"sign_up:{row.pk}", localdate(row.shift.starts_at)
    training = row.shift.project.kind == ProjectKind.TRAINING
    what = PointsFor.TRAINING_DONE if training else PointsFor.HELP_GIVEN
    lines = PointsEntry.objects.filter(volunteer=volunteer).by_source(source)
    had = lines.total()
    rule, due = _due(volunteer, what, day, minutes // 60, had) if minutes else (None, 0)
    if rule is not None and due > had:
        name = f"{source}:{lines.count()}" if lines.exists() else source
        _earn(volunteer, rule, due - had, name, day, by, at, reason)
    elif due < had:
        points = min(had - due, Balance.objects.get(pk=volunteer.pk).points)
        if points:
            _take(lines.filter(kind=PointsKind.EARNED).latest("pk"), points, reason, by, at)


def _take(entry: PointsEntry, points: int, reason: str, by: User, at: dt.datetime, whole: bool = False) -> PointsEntry:
    """Take POINTS back of what ENTRY was given for; with WHOLE that ends it."""
    row = PointsEntry.objects.create(
        volunteer_id=entry.volunteer_id, kind=PointsKind.REVERSAL, points=-points, rule_id=entry.rule_id,
        source=entry.source, day=entry.day, expires_on=entry.expires_on, reverses=entry if whole else None,
        reason=reason, by=by, at=at,
    )  # fmt: skip
    record("volunteers.points_taken_back", row, by=by, at=at, data={"points": points, "reason": reason})
    return row


@transaction.atomic
def take_back_points(*, entry: PointsEntry | int, reason: str, by: User, at: dt.datetime) -> PointsEntry:
    """Take back what was given by mistake, as far as it is still there; the volunteer is told why.

    Raises Forbidden, Conflict where it was taken back already or nothing is left, Invalid without a reason.
    """
    found = PointsEntry.objects.visible_to(by).get(pk=entry if isinstance(entry, int) else entry.pk)
    balance: Balance = Balance.objects.locked(found.volunteer_id)
    row: PointsEntry = PointsEntry.objects.for_list().get(pk=found.pk)
    rules.can_take_back(by, row).insist()
    rules.check_words(reason, "reason").insist()
    left = PointsEntry.objects.filter(volunteer_id=row.volunteer_id).by_source(row.source).total()
    points = min(row.points, left, balance.points)
    rules.anything_left(points).insist()
    taken = _take(row, points, reason.strip(), by, at, whole=True)
    words = {"count": points, "day": str(row.day), "reason": taken.reason}
    tell(row.volunteer.user_id, NOTICE_POINTS_TAKEN_BACK, f"points:{row.pk}", row, at, **words)
    return taken


@transaction.atomic
def expire_points(*, by: User, at: dt.datetime) -> int:
    """Let run out what was good until yesterday, for some people at a time; of how many."""
    day = localdate(at)
    people = list(PointsEntry.objects.running_out(day).values_list("volunteer", flat=True)[:AT_ONCE])
    rows = [row for pk in people if (row := run_out(pk, day, by, at))]
    told = [("volunteers.points_expired", row, {"points": -row.points}) for row in rows]
    record_all(told, by=by, at=at)
    return len(people)


def run_out(volunteer: int, day: dt.date, by: User, at: dt.datetime) -> PointsEntry | None:
    """Take off what VOLUNTEER may not use on DAY any more, holding the balance; None where that is nothing."""
    Balance.objects.locked(volunteer)
    found = PointsEntry.objects.filter(volunteer=volunteer).running_out(day).first()
    if not found:
        return None
    return PointsEntry.objects.create(
        volunteer_id=volunteer, kind=PointsKind.EXPIRED, points=-found["left"], day=day, by=by, at=at
    )
