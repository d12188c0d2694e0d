"""What every test of channels needs: people, and a server that plays another system."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories import Cast, make_cast
from tests.receivers import Receiver, receiving


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    with receiving() as found:
        yield found
