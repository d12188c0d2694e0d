"""Addresses of this package, under /m/ and under /admin/."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from gridgov.core.phone import phone_page
from gridgov.signing import own, steps


def _steps(prefix: str) -> list[URLPattern]:
    """Before the door: of who is half in, and of nobody else."""
    desk = {"desk": not prefix}
    return [
        path("in/code/", steps.show_code, desk, name=f"{prefix}in-code"),
        path("in/password/", steps.choose_password, desk, name=f"{prefix}in-password"),
        path("in/factor/", steps.set_up_factor, desk, name=f"{prefix}in-factor"),
        path("in/leave/", steps.leave, desk, name=f"{prefix}in-leave"),
    ]


def _own(prefix: str, guard: Callable[[Any], Any]) -> list[URLPattern]:
    desk = {"desk": not prefix}
    pages = (
        ("", own.show_own, "signing"), ("begin/", own.begin, "signing-begin"), ("factor/", own.set_up, "signing-factor"),
        ("codes/", own.renew_codes, "signing-codes"), ("drop/", own.drop, "signing-drop"), ("others/", own.end_others, "signing-others"),
        ("sessions/<int:pk>/end/", own.end_one, "signing-end"),
    )  # fmt: skip
    return [path(f"me/sign-in/{end}", guard(view), desk, name=f"{prefix}{name}") for end, view, name in pages]


def desk_pages(site: Any) -> list[URLPattern]:
    left = path("in/left/", own.time_left, name="in-left")
    return [*_steps(""), left, *_own("", site.admin_view)]


urlpatterns: list[URLPattern] = [*_steps("m-"), *_own("m-", phone_page())]
