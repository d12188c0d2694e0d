"""A street, and who keeps its connected systems."""

import pytest

from accounts.choices import Role
from accounts.models import User
from tests.factories import Cast, make_cast, make_user


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def admin() -> User:
    return make_user(Role.SYSTEM_ADMIN)
