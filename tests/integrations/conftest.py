"""Fixtures of the room of other systems."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.actions.hooks import queueing
from tests.factories import Cast, make_cast
from tests.receivers import Receiver, receiving


@pytest.fixture
def cast(db: Any) -> Cast:
    return make_cast()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which the house may send to. Afterwards nobody listens any more."""
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    queueing.forget_hooks()
    with receiving() as found:
        yield found
    queueing._kept.rows, queueing._kept.looked_at = (), time.monotonic()
