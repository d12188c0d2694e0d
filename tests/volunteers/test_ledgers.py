"""Two ledgers: lines that nobody changes, and balances that are what the lines add up to."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.choices import Role
from accounts.models import Notice
from gridgov.core.doctor import State, ask
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast, make_user
from tests.volunteers.people import earn, make_sign_up, make_volunteer
from volunteers.actions import (
    answer_appeal,
    appeal_hours,
    book_hours,
    correct_hours,
    expire_points,
    give_points,
    look_over_hours,
    take_back_points,
)
from volunteers.choices.ledger import (
    DAY_FLAG,
    DAY_MOST,
    NOTICE_APPEAL_ANSWERED,
    NOTICE_APPEALED,
    NOTICE_HOURS_CORRECTED,
    PointsFor,
)
from volunteers.choices.people import VolunteerKind
from volunteers.models import Appeal, Balance, HoursEntry, PointsEntry, PointsRule, SignUp, Volunteer
from volunteers.reports.checking import ledger_faults

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def totals(volunteer: Volunteer) -> tuple[int, int]:
    balance = Balance.objects.get(pk=volunteer.pk)
    return balance.minutes, balance.points


def test_hours_are_booked_and_a_day_holds_no_more_than_a_day(cast: Cast, somebody: Volunteer) -> None:
    given = {"by": cast.street, "at": MONDAY + DAY}
    first = book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=DAY_FLAG, **given)
    assert first is not None and (first.minutes, first.is_flagged, first.day) == (DAY_FLAG, False, MONDAY.date())
    long = book_hours(sign_up=make_sign_up(somebody, cast.street, MONDAY + dt.timedelta(hours=1)), minutes=1, **given)
    assert long is not None and long.is_flagged
    cut = book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=DAY_MOST, **given)
    assert cut is not None and (cut.minutes, cut.is_flagged) == (DAY_MOST - DAY_FLAG - 1, True)
    assert book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=60, **given) is None
    assert book_hours(sign_up=make_sign_up(somebody, cast.street, MONDAY + DAY), minutes=0, **given) is None
    assert totals(somebody) == (DAY_MOST, 0)
    assert Record.objects.filter(verb="volunteers.hours_booked").count() == 3


def test_points_are_given_once_for_a_thing_and_to_the_days_most(cast: Cast, somebody: Volunteer) -> None:
    given = {"volunteer": somebody, "day": MONDAY.date(), "by": cast.street, "at": MONDAY}
    report = PointsFor.REPORT_ADOPTED
    row = give_points(what=report, source="case:1", **given)
    assert row is not None and (row.points, row.expires_on) == (2, MONDAY.date() + 730 * DAY)
    assert give_points(what=report, source="case:1", **given) is None
    for number in range(2, 8):
        give_points(what=report, source=f"case:{number}", **given)
    assert totals(somebody) == (0, 10)
    # Another day, another thing: by the hour, and by the time alone.
    given["day"] += DAY
    assert give_points(what=PointsFor.HELP_GIVEN, source="sign_up:1", units=3, **given).points == 6  # type: ignore[union-attr]
    assert give_points(what=PointsFor.HELP_GIVEN, source="sign_up:2", units=0, **given) is None
    assert give_points(what=PointsFor.TRAINING_DONE, source="sign_up:3", units=3, **given).points == 2  # type: ignore[union-attr]
    assert totals(somebody) == (0, 18)


def test_a_streets_rule_beats_the_houses_one_for_a_kind_one_for_all_and_the_later_the_earlier(cast: Cast) -> None:
    day, street = MONDAY.date(), cast.place.street

    def rule(points: int, since: dt.date, **values: object) -> None:
        PointsRule.objects.create(what=PointsFor.POST_KEPT, points=points, effective_from=since, **values)

    def of(kind: str, on: dt.date) -> int:
        found = PointsRule.objects.in_force(PointsFor.POST_KEPT, kind, street.code, on)
        return found.points if found else 0

    rule(20, day, kind=VolunteerKind.NEW_EMPLOYMENT)
    rule(30, day + DAY, street=street)
    rule(40, day + 2 * DAY, street=street, kind=VolunteerKind.NEW_EMPLOYMENT)
    rule(0, day + 3 * DAY, street=street)
    resident, rider = VolunteerKind.RESIDENT, VolunteerKind.NEW_EMPLOYMENT
    assert [of(resident, day + n * DAY) for n in range(-1, 4)] == [10, 10, 30, 30, 0]
    assert [of(rider, day + n * DAY) for n in range(-1, 4)] == [10, 20, 30, 40, 40]
    courier = make_volunteer(cast.place.micros[0], kind=rider)
    at = MONDAY + 2 * DAY
    given = {"what": PointsFor.POST_KEPT, "by": cast.street, "at": at, "day": at.date()}
    assert give_points(volunteer=courier, source="claim:1:2026-09", **given).points == 40  # type: ignore[union-attr]


def test_the_database_refuses_to_change_a_line_or_to_move_a_balance_without_one(
    cast: Cast, somebody: Volunteer
) -> None:
    book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=60, by=cast.street, at=MONDAY)
    give_points(
        volunteer=somebody, what=PointsFor.REPORT_ADOPTED, source="case:1", day=MONDAY.date(), by=cast.street, at=MONDAY
    )
    balance = Balance.objects.filter(pk=somebody.pk)
    tries = [
        lambda: HoursEntry.objects.update(minutes=600), lambda: HoursEntry.objects.all()._raw_delete("default"),
        lambda: PointsEntry.objects.update(points=600), lambda: PointsEntry.objects.all()._raw_delete("default"),
        lambda: balance.update(points=600), lambda: balance.update(minutes=F("minutes") + 1),
        lambda: balance._raw_delete("default"),
        # Never below nothing.
        lambda: PointsEntry.objects.create(
            volunteer=somebody, kind="reversal", points=-3, day=MONDAY.date(), by=cast.street, at=MONDAY
        ),
    ]  # fmt: skip
    for change in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert (HoursEntry.objects.count(), PointsEntry.objects.count()) == (1, 1)
    assert totals(somebody) == (60, 2)


def lines(rows: Any) -> list[tuple[str, int]]:
    """(kind, amount) of each line, in the order they were written."""
    amount = "minutes" if rows is HoursEntry.objects else "points"
    return list(rows.order_by("pk").values_list("kind", amount))


def test_a_correction_takes_back_what_stood_and_the_points_follow(cast: Cast, somebody: Volunteer) -> None:
    by = {"by": cast.street, "at": MONDAY + DAY}
    row = make_sign_up(somebody, cast.street)
    book_hours(sign_up=row, minutes=180, **by)
    source = f"sign_up:{row.pk}"
    give_points(volunteer=somebody, what=PointsFor.HELP_GIVEN, source=source, units=3, day=MONDAY.date(), **by)
    correct_hours(sign_up=row.pk, minutes=120, reason="早退一小时", **by)
    assert lines(HoursEntry.objects) == [("service", 180), ("reversal", -180), ("correction", 120)]
    assert lines(PointsEntry.objects) == [("earned", 6), ("reversal", -2)]
    # A second time, down and up again; with the day's most in mind.
    correct_hours(sign_up=row.pk, minutes=60, reason="再核", **by)
    assert totals(somebody) == (60, 2)
    correct_hours(sign_up=row.pk, minutes=600, reason="签到表有误", **by)
    assert totals(somebody) == (600, 16)
    assert HoursEntry.objects.to_look_at().get().minutes == 600
    # What is spent is not asked back.
    earn(somebody, -15, cast.street, kind="expired")
    correct_hours(sign_up=row.pk, minutes=0, reason="没有来", **by)
    assert totals(somebody) == (0, 0) and ledger_faults() == []
    told = Notice.objects.filter(user=somebody.user, text=NOTICE_HOURS_CORRECTED)
    assert told.exists() and not Record.objects.filter(verb="volunteers.hours_corrected").exclude(actor=cast.street)


def test_what_can_not_be_corrected_is_said_and_nothing_changes(cast: Cast, somebody: Volunteer) -> None:
    row = make_sign_up(somebody, cast.street)
    book_hours(sign_up=row, minutes=120, by=cast.street, at=MONDAY)
    other = make_sign_up(somebody, cast.street, MONDAY + dt.timedelta(hours=3))
    book_hours(sign_up=other, minutes=DAY_MOST - 120, by=cast.street, at=MONDAY)
    early = make_sign_up(somebody, cast.street, state="booked")
    given = {"sign_up": row, "minutes": 60, "reason": "核对签到表", "by": cast.street, "at": MONDAY + DAY}
    itself = make_volunteer(cast.place.micros[0], user=cast.lead)
    own = make_sign_up(itself, cast.street)
    tries: list[tuple[type[Exception], dict[str, Any]]] = [
        (Invalid, {"minutes": 120}), (Invalid, {"minutes": 121}), (Invalid, {"minutes": -1}), (Invalid, {"reason": " "}),
        (Conflict, {"sign_up": early}), (Conflict, {"at": MONDAY + 400 * DAY}),
        (Forbidden, {"by": somebody.user}), (SignUp.DoesNotExist, {"by": make_user(Role.STREET)}),
        (SignUp.DoesNotExist, {"by": cast.worker}), (Forbidden, {"sign_up": own, "by": cast.lead}),
    ]  # fmt: skip
    for refusal, change in tries:
        with pytest.raises(refusal):
            correct_hours(**{**given, **change})
    assert totals(somebody) == (DAY_MOST, 0) and HoursEntry.objects.count() == 2
    assert not Record.objects.filter(verb="volunteers.hours_corrected").exists()


def test_an_appeal_is_upheld_with_minutes_or_refused_with_words(cast: Cast, somebody: Volunteer) -> None:
    row = make_sign_up(somebody, cast.street, state="no_show")
    at = {"at": MONDAY + DAY}
    user = somebody.user
    for who, words in ((cast.street, "我来了"), (user, "")):
        with pytest.raises(Refusal):
            appeal_hours(sign_up=row, words=words, by=who, **at)
    appeal = appeal_hours(sign_up=row, words="我来了，只是没有扫码", by=user, **at)
    with pytest.raises(Conflict):
        appeal_hours(sign_up=row, words="再说一次", by=user, **at)
    with pytest.raises(Forbidden):
        answer_appeal(appeal=appeal, answer="同意", minutes=600, by=user, **at)
    with pytest.raises(Invalid):
        answer_appeal(appeal=appeal, answer="同意", minutes=DAY_MOST + 1, by=cast.street, **at)
    appeal.refresh_from_db()
    assert appeal.state == "open" and totals(somebody) == (0, 0)
    answer_appeal(appeal=appeal, answer="签到表上有您", minutes=120, by=cast.street, **at)
    row.refresh_from_db()
    assert row.state == "served" and totals(somebody) == (120, 4)
    with pytest.raises(Conflict):
        answer_appeal(appeal=appeal, answer="不同意", by=cast.street, **at)
    second = appeal_hours(sign_up=row, words="应为三小时", by=user, **at)
    answer_appeal(appeal=second, answer="两小时无误", by=cast.street, **at)
    assert [a.state for a in Appeal.objects.order_by("pk")] == ["upheld", "refused"]
    assert totals(somebody) == (120, 4)
    assert Notice.objects.filter(user=user, text=NOTICE_APPEAL_ANSWERED).count() == 2
    assert Notice.objects.filter(user=cast.street, text=NOTICE_APPEALED).count() == 2


def test_flagged_hours_are_looked_at_once(cast: Cast, somebody: Volunteer) -> None:
    row = make_sign_up(somebody, cast.street)
    entry = book_hours(sign_up=row, minutes=DAY_FLAG + 1, by=cast.street, at=MONDAY)
    assert entry is not None and list(HoursEntry.objects.to_look_at()) == [entry]
    with pytest.raises(Forbidden):
        look_over_hours(entry=entry, reason="好", by=somebody.user, at=MONDAY)
    look_over_hours(entry=entry, reason="防汛值守，已核", by=cast.street, at=MONDAY)
    assert not HoursEntry.objects.to_look_at().exists()
    with pytest.raises(Conflict):
        look_over_hours(entry=entry, reason="又看", by=cast.street, at=MONDAY)


def test_points_run_out_by_their_day_and_what_runs_out_first_is_spent_first(cast: Cast, somebody: Volunteer) -> None:
    by, day = cast.street, MONDAY.date()
    earn(somebody, 10, by, expires_on=day + DAY)
    earn(somebody, 10, by, expires_on=day + 9 * DAY)
    earn(somebody, 7, by)
    earn(somebody, -4, by, kind="expired")
    assert expire_points(by=by, at=MONDAY + DAY) == 0
    assert expire_points(by=by, at=MONDAY + 2 * DAY) == 1
    assert (totals(somebody), expire_points(by=by, at=MONDAY + 2 * DAY)) == ((0, 17), 0)
    assert PointsEntry.objects.latest("pk").points == -6
    assert expire_points(by=by, at=MONDAY + 30 * DAY) == 1
    assert totals(somebody) == (0, 7) and Record.objects.filter(verb="volunteers.points_expired").count() == 2


def test_points_given_by_mistake_are_taken_back_as_far_as_they_are_there(cast: Cast, somebody: Volunteer) -> None:
    entry = earn(somebody, 10, cast.street)
    spent = earn(somebody, -7, cast.street, kind="expired")
    given = {"entry": entry, "reason": "重复发放", "by": cast.street, "at": MONDAY}
    for refusal, change in (
        (Invalid, {"reason": ""}), (Forbidden, {"by": somebody.user}), (Conflict, {"entry": spent}),
        (PointsEntry.DoesNotExist, {"by": cast.worker}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            take_back_points(**{**given, **change})
    assert totals(somebody) == (0, 3)
    assert take_back_points(**given).points == -3
    with pytest.raises(Conflict):
        take_back_points(**given)
    assert totals(somebody) == (0, 0) and ledger_faults() == []


def test_the_check_finds_what_was_meddled_with(cast: Cast, somebody: Volunteer) -> None:
    book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=60, by=cast.street, at=MONDAY)
    out = StringIO()
    call_command("check_ledgers", stdout=out)
    assert ask("volunteer_ledgers", at=MONDAY).state == State.OK
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE volunteers_hoursentry SET minutes = 600")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert len(ledger_faults()) == 1
    with pytest.raises(CommandError):
        call_command("check_ledgers", stderr=out)
    assert ask("volunteer_ledgers", at=MONDAY).state == State.BAD
