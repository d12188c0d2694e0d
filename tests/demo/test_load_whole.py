"""Loading is all or nothing, and the way of a million rows leaves the tables as it found them. Both need an empty database."""

import datetime as dt
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import override_settings

from accounts.models import User
from cases.choices import OPEN_STATES
from cases.models import Case, Category, Deadline
from gridgov.core.calendar import CHINA
from gridgov.core.models import Record
from gridgov.core.records import verify
from gridgov.demo import bulk, load
from grids.choices import GridKind
from grids.models import Grid, PartyOrg, Post, Unit
from grids.reports import tree_faults
from volunteers.models import HoursEntry, Shift, SignUp, Volunteer
from volunteers.reports.checking import ledger_faults

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 9, 7, 10, 0, tzinfo=CHINA)


def quiet(_line: str) -> None:
    """Progress is not what these tests are about."""


def test_failing_midway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first sample fails, and all that was written before goes with it."""

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(load, "enact", fail)
    with pytest.raises(RuntimeError, match="power"), override_settings(DATA_DIR=tmp_path):
        call_command("load_demo", cases=10, stdout=StringIO())
    left = [model.objects.count() for model in (Grid, User, Unit, Post, PartyOrg, Case, Category, Record)]
    assert left == [0] * 8
    assert list(tmp_path.iterdir()) == []


def shape() -> list[tuple[Any, ...]]:
    """All indexes and constraints of the database, word by word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint ORDER BY 1, 2")
        return [*indexes, *cursor.fetchall()]


def test_a_district_is_loaded_by_way_of_bare_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape()
    monkeypatch.setattr(bulk, "MANY", 100)
    load.load_district(cases=1000, volunteers=60, scale=0.2, at=NOW, progress=quiet)
    assert shape() == before
    assert Grid.objects.filter(kind=GridKind.STREET).count() == 3
    assert tree_faults() == []
    assert Case.objects.count() == 1000
    assert (Volunteer.objects.count(), Shift.objects.count(), ledger_faults()) == (60, 150, [])
    assert HoursEntry.objects.count() == SignUp.objects.filter(state="served").count() > 300
    assert verify().faults == []
    assert not Deadline.objects.running().exclude(case__state__in=OPEN_STATES).exists()


def test_a_wrong_row_fails_the_load_when_the_keys_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tale that names a category nobody has."""
    real = bulk.kinds

    def wrong(at: dt.datetime) -> dict[str, Any]:
        return {code: replace(kind, pk=kind.pk + 1_000_000) for code, kind in real(at).items()}

    monkeypatch.setattr(bulk, "MANY", 100)
    monkeypatch.setattr(bulk, "kinds", wrong)
    before = shape()
    with pytest.raises(IntegrityError, match="category"):
        load.load_demo_street(cases=150, at=NOW, progress=quiet)
    assert shape() == before
    assert Grid.objects.count() == 0
