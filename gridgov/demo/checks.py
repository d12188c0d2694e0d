"""What belongs to trying out and to no house that works: accounts of the demo, and signing in made easy."""

import datetime as dt
from typing import Any

from django.core.checks import Error, Tags, register
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices.signing import is_easy
from accounts.models import User
from gridgov.core.doctor import Finding, State, check
from gridgov.demo.keys import KEYS

# So many user names of the demo are no chance.
MANY = 3


@register(Tags.security, deploy=True)
def easy_sign_in(app_configs: Any, **_more: Any) -> list[Error]:
    if not is_easy():
        return []
    return [
        Error(
            "GRIDGOV_EASY_SIGN_IN is on: administrators come in without a second factor.",
            hint="It is for `make run` alone. Take it out of the environment.",
            id="gridgov.E006",
        )
    ]


@check("demo_accounts", _("Accounts of the demo"), names=True)
def demo_accounts_are_gone(at: dt.datetime) -> Finding:
    if is_easy():
        return Finding(State.OK, _t("This house is being tried out; its accounts stand in accounts.txt"))
    names = User.objects.able().filter(username__in=[key.username for key in KEYS]).exclude(password__startswith="!")  # noqa: S106
    found = list(names.order_by("username").values_list("username", flat=True))
    if len(found) < MANY:
        return Finding(State.OK, _t("None of them is open"))
    return Finding(
        State.BAD, _t("Open here, with passwords from a file: %(names)s") % {"names": ", ".join(found)},
        _t("A house that works begins with an empty database. Lock these accounts."), "accounts_user_changelist",
    )  # fmt: skip
