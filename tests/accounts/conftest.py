"""Signing in as in a house that works, and a clock that goes on when it is told to."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import MONDAY


@pytest.fixture
def strict(settings: Any) -> Any:
    """Signing in as in a house that works: administrators have two factors, first passwords are changed."""
    settings.SIGN_IN = {**settings.SIGN_IN, "easy": False}
    return settings


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """clock(minutes=…): all clocks of the house go on by so much; clock.now is what they show, at first Monday morning."""

    class Clock:
        now = MONDAY

        def __call__(self, **span: float) -> Any:
            self.now += dt.timedelta(**span)
            return self.now

    found = Clock()
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found
