"""Whose library it is."""

import pytest

from tests.factories import Cast, make_cast


@pytest.fixture
def cast() -> Cast:
    return make_cast()
