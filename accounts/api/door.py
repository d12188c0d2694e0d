"""The one way in for a name and its password, whatever page asks for them, and what comes between the password and the house."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions
from accounts.actions.tries import name_key
from accounts.choices.signing import IN_BETWEEN, Must
from accounts.models import User

# In the session: from where and by what somebody came, what still stands before the house (accounts.choices.signing.Must), since
# when, and where to go afterwards.
ABOUT, MUST, SINCE, ONWARD = "about", "must", "since", "onward"


class PasswordBackend(ModelBackend):
    """Counts before it judges: a name that was tried in vain too often is locked for a while, whether or not there is one.
    `request.locked_out` says that it was."""

    def authenticate(self, request: Any, username: str | None = None, password: str | None = None, **more: Any) -> Any:
        if username is None or password is None:
            return None
        now, key = timezone.now(), name_key(username)
        if actions.take_try(key=key, at=now) is not None:
            if request is not None:
                request.locked_out = True
            return None
        user = super().authenticate(request, username=username, password=password, **more)
        if user is not None:
            actions.forget_tries(key=key)
            return user
        known = User.objects.people().filter(username=username).first()
        actions.note_wrong_try(key=key, user=known, kind="password", by=User.objects.system(), at=now)
        return None


def half_in(request: HttpRequest) -> User | None:
    """Who has shown the password and not yet what comes after it; not for long."""
    session = request.session
    if not session.get(MUST) or SESSION_KEY not in session:
        return None
    if timezone.now() - dt.datetime.fromtimestamp(session[SINCE], dt.UTC) >= IN_BETWEEN:
        session.flush()
        messages.warning(request, _("That took too long. Please sign in again."), fail_silently=True)
        return None
    return User.objects.able().filter(pk=session[SESSION_KEY]).first()


def way_on(request: HttpRequest, to: str) -> str:
    """Where somebody who has just come in goes: TO, or first to what must be shown or done, and then to TO."""
    must = request.session.get(MUST)
    if not must:
        return to
    request.session[ONWARD] = to
    return step_address(request, must[0])


def way_back(request: HttpRequest, to: str) -> str:
    """Whoever is half in and comes to the door again: to the step they are at, and then TO, or where they wanted to go."""
    return way_on(request, to or request.session.get(ONWARD, ""))


def step_address(request: HttpRequest, must: str) -> str:
    """The page of one step, in the frame of the desk or of the phone."""
    desk = request.session.get(ONWARD, "").startswith(reverse("admin:index"))
    return reverse(f"admin:in-{Must(must)}" if desk else f"m-in-{Must(must)}")


def go_on(request: HttpRequest, done: Must) -> str:
    """DONE is done: to the next step, or into the house."""
    session = request.session
    left = [must for must in session.get(MUST, []) if must != done]
    session[MUST] = left
    if left:
        return step_address(request, left[0])
    actions.note_sign_in(user=User.objects.get(pk=session[SESSION_KEY]), at=timezone.now())
    # Another key: whoever saw the one before, before the second factor, has nothing by it.
    session.cycle_key()
    return session.pop(ONWARD, "") or "/"
