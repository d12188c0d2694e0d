"""Signing in with a browser: the second factor from the first picture to the last recovery code, and a session ended elsewhere."""

import datetime as dt
from base64 import b32decode
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Session
from tests.conftest import OpenPage
from tests.signing import PASSWORD, code_now, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def come(page: Any, name: str) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button")


def test_an_administrator_comes_in_and_ends_a_session(desk: OpenPage, phone: OpenPage, settings: Any) -> None:
    settings.SIGN_IN = {**settings.SIGN_IN, "easy": False}
    user = make_person(Role.SECURITY_ADMIN, password_set_at=timezone.now())
    page = desk()
    come(page, user.username)
    page.wait_for_url("**/admin/in/factor/")
    secret = b32decode(page.inner_text("code.secret").replace(" ", ""))
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") > 100
    page.fill("[name=code]", code_now(secret, timezone.now()))
    page.click("form.card button")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.click("a.big")
    page.wait_for_url("**/admin/")
    # The same person on a phone, by a recovery code: the newer session wins, and the older one is told.
    other = phone()
    other.goto("/m/login/")
    other.fill("#id_username", user.username)
    other.fill("#id_password", PASSWORD)
    other.click("form.card button")
    other.wait_for_url("**/in/code/")
    other.fill("[name=code]", codes[0])
    other.click("form.card button")
    other.wait_for_url("**/admin/")
    page.goto("/admin/accounts/user/")
    assert "已在别处登录" in page.inner_text("body")
    other.goto("/m/me/sign-in/")
    assert "还剩 9 个恢复码" in other.inner_text("main")


def test_before_a_session_ends_one_is_asked_to_stay(desk: OpenPage) -> None:
    user = make_person(Role.AUDITOR, password_set_at=timezone.now())
    page = desk()
    page.clock.install()
    come(page, user.username)
    page.wait_for_url("**/admin/")
    line = page.locator(".ending")
    row = Session.objects.filter(user=user)
    row.update(used_at=timezone.now() - dt.timedelta(minutes=12, seconds=30))
    assert not line.is_visible()
    page.clock.fast_forward("12:01")
    line.wait_for()
    line.locator("button").click()
    line.wait_for(state="hidden")
    assert timezone.now() - row.get().used_at < dt.timedelta(minutes=1)
    row.update(used_at=timezone.now() - dt.timedelta(minutes=15))
    page.clock.fast_forward("12:01")
    line.locator("p:not([hidden]):not(:has(time))").wait_for()
    assert not line.locator("button").is_visible()
