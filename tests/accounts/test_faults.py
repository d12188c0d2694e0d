"""What a report of a fault tells of who was signing in: nothing."""

import sys
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.test import Client
from django.views.debug import ExceptionReporter

from tests.factories import MONDAY
from tests.signing import PASSWORD, at_door, code_now, give_factor, make_person, post

pytestmark = pytest.mark.django_db


def test_a_fault_tells_no_password_and_no_code(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    user, half, told = make_person(), Client(), []
    secret, _codes = give_factor(user)
    at_door("/m/login/", user, half)

    def report(request: Any, **_more: Any) -> None:
        told.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    settings.REDIS_URL = f"redis://:{PASSWORD}@localhost"
    monkeypatch.setattr("accounts.actions.forget_tries", broken)
    monkeypatch.setattr("accounts.actions.factors.rules.step_fitting", broken)
    code = code_now(secret, MONDAY)
    got_request_exception.connect(report)
    try:
        for door, given in (
            ("/admin/login/", {}),
            ("/m/login/", {}),
            ("/api/v1/token/", {}),
            ("/m/in/code/", {"code": code}),
        ):
            with pytest.raises(RuntimeError):
                post(half if given else Client(), door, given or {"username": user.username, "password": PASSWORD})
    finally:
        got_request_exception.disconnect(report)
    assert len(told) == 4 and all("RuntimeError" in one for one in told)
    assert not [word for word in (PASSWORD, code) for one in told if word in one]
