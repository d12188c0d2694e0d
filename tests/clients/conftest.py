"""A street, who keeps its connected systems, and no tries or calls that others have left."""

import pytest
from django.core.cache import cache

from accounts.choices import Role
from accounts.models import User
from gridgov.core import calls
from tests.factories import Cast, make_cast, make_user


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()
    calls.taken()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def admin() -> User:
    return make_user(Role.SYSTEM_ADMIN)
