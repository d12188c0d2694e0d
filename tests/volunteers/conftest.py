"""Whom nearly every test of volunteering begins with."""

import pytest

from tests.factories import Cast, make_cast
from tests.volunteers.people import make_volunteer
from volunteers.models import Volunteer


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def somebody(cast: Cast) -> Volunteer:
    return make_volunteer(cast.place.micros[0])
