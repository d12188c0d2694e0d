"""The calendar's end is announced in time, to whoever can do something about it, once."""

import datetime as dt

import pytest
from django.db import transaction

from accounts.choices import Role
from accounts.models import Notice, User
from gridgov.core import jobs
from gridgov.core.actions import load_official_year
from gridgov.core.models import Job
from tests.factories import at, make_user

pytestmark = pytest.mark.django_db
KIND = "accounts.calendar_watch"


def run(when: dt.datetime) -> None:
    with transaction.atomic():
        Job.objects.exclude(kind=KIND).delete()
        jobs.rearm(KIND, {0: when})
    jobs.run_due(at=when)


def test_the_end_is_announced_sixty_days_ahead_and_once() -> None:
    load_official_year(year=2026, by=User.objects.system(), at=at("2026-01-01 08:00"))
    keeper = make_user(Role.SYSTEM_ADMIN)
    make_user(Role.STREET)
    make_user(Role.SYSTEM_ADMIN, is_active=False)
    run(at("2026-10-31 09:00"))
    assert Notice.objects.count() == 0
    for _twice in range(2):
        run(at("2026-11-01 09:00"))
    assert list(Notice.objects.values_list("user", flat=True)) == [keeper.pk]
    assert Notice.objects.first().params == {"last": "2026-12-31"}


def test_without_any_calendar_there_is_no_end_to_announce() -> None:
    make_user(Role.SYSTEM_ADMIN)
    run(at("2026-11-01 09:00"))
    assert Notice.objects.count() == 0
