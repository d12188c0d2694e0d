"""A house goes over to another key while people work: nobody waits for it, nobody's data is lost or left behind."""

import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction

from gridgov.core.sealing import reseal_all, standing
from tests.factories import make_street
from tests.races.test_cases import at_once
from tests.volunteers.people import make_volunteer
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, TURNS = 60, 6


def test_keys_change_under_writers_and_nothing_is_lost(settings: Any) -> None:
    settings.SECRET_KEYS = ["old phrase"]
    micro = make_street().micros[0]
    rows = [make_volunteer(micro, phone=f"137{number:08}", name=f"人{number}") for number in range(ROWS)]
    with connection.cursor() as cursor:
        # Half of them from before anything was sealed.
        cursor.execute(
            "UPDATE volunteers_volunteer SET phone = '135' || lpad(id::text, 8, '0') WHERE id = ANY(%s)",
            [[row.pk for row in rows[::2]]],
        )
    settings.SECRET_KEYS = ["new phrase", "old phrase"]
    last: dict[int, str] = {}
    taken, go_on = threading.Event(), threading.Event()

    def write(part: int) -> None:
        for turn in range(TURNS):
            for row in rows[part::3]:
                phone = f"13{part}{turn:02}{row.pk:06}"
                with transaction.atomic():
                    Volunteer.objects.locked(row.pk).change(phone=phone)
                last[row.pk] = phone

    def hold() -> None:
        """Somebody keeps a row over more than one round of the command."""
        with transaction.atomic():
            Volunteer.objects.locked(rows[0].pk)
            taken.set()
            go_on.wait(5)

    def rotate() -> Any:
        taken.wait(5)
        threading.Timer(0.4, go_on.set).start()
        return reseal_all(piece=7)

    rotating = at_once([lambda: write(1), lambda: write(2), hold, rotate])[3]
    connections.close_all()
    assert (rotating.lost, rotating.held) == (0, 0)
    found = standing()
    assert (found.clear, found.older, found.lost) == (0, 0, 0)
    settings.SECRET_KEYS = ["new phrase"]
    for row in Volunteer.objects.all():
        assert row.phone == last.get(row.pk, row.phone) and row.phone.startswith("13") and row.name.startswith("人")
        assert list(Volunteer.objects.about_phone(row.phone)) == [row]
