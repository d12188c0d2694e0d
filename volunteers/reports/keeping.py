"""Volunteers as people whose data is kept: who is due to be forgotten, and what there is about somebody."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from gridgov.core import keeping
from volunteers.models import Balance, HoursEntry, Volunteer


def due_volunteers(at: dt.datetime) -> QuerySet[Volunteer]:
    """Those struck out AT, without those who are held."""
    rows = Volunteer.objects.filter(forget_at__lte=at)
    held = keeping.held("volunteers.volunteer")
    return rows.exclude(pk__in=held) if held else rows


def volunteers_of(person: keeping.Person) -> QuerySet[Volunteer]:
    """Those with the phone of PERSON, their own or their guardian's."""
    return Volunteer.objects.about_phone(person.phone).select_related("grid")


def copy_of(row: Volunteer) -> dict[str, Any]:
    """What stands about the volunteer; hours and points as sums and lines."""
    balance = Balance.objects.filter(volunteer=row).first()
    hours = HoursEntry.objects.filter(volunteer=row).order_by("pk").values_list("at", "minutes")
    return {
        "no": row.no, "state": str(row.get_state_display()), "name": row.name, "nickname": row.nickname, "phone": row.phone,
        "born_on": row.born_on, "guardian": row.guardian_name, "guardian_phone": row.guardian_phone, "employer": row.employer,
        "national_no": row.national_no, "skills": row.skills, "times": row.times, "agreed_to": row.consent,
        "applied_at": row.applied_at, "insured_until": row.insured_until, "kept_until": row.forget_at,
        "minutes": balance.minutes if balance else 0, "points": balance.points if balance else 0,
        "hours": [{"at": at, "minutes": minutes} for at, minutes in hours],
    }  # fmt: skip


def numbers_of(keys: list[int]) -> dict[int, str]:
    """{key: volunteer number}."""
    return dict(Volunteer.objects.filter(pk__in=keys).values_list("pk", "no"))


def own_of(user: Any) -> tuple[str, Any]:
    """The volunteer that USER is, as subjects of records."""
    return "volunteers.volunteer", Volunteer.objects.filter(user=user).order_by().values("pk")
