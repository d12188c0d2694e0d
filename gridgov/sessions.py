"""Sessions as rows of the house's own (accounts.models.Session), read in one question a request, and who is signed in by them.

Django's own would not know whose they are, when they were last used, or that they were ended.
"""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import actions
from accounts.actions.sessions import Comer
from accounts.api.door import ABOUT, MUST
from accounts.choices.signing import Ended
from accounts.models import Session
from accounts.rules.signing import is_over
from gridgov.core.polling import is_poll

API = "/api/"
# The wall screen goes on for as long as a session lasts, for it shows numbers and nothing else, and whoever touches that browser
# for anything else after the idle time signs in again.
NUMBERS_ONLY = frozenset({"/admin/wall/", "/admin/wall/data/"})


class SessionStore(SessionBase):
    """`over` says why the session that the cookie names is no more (accounts.choices.signing.Ended); `patient` reads one that
    nobody has used for too long all the same."""

    over = ""
    patient = False
    # The row as it was read; None for a new session.
    row: Session | None = None

    def load(self) -> dict[str, Any]:
        row = Session.objects.filter(key=_digest(self._session_key or "")).order_by().first()
        self.over = is_over(row, timezone.now()) if row is not None else ""
        if row is None or (self.over and not (self.patient and self.over == Ended.IDLE)):
            self._session_key = None
            return {}
        self.row, self.over = row, ""
        return self.decode(row.data)

    def linger(self, session_key: str) -> None:
        """Let the cookie of a session that is over be, so that the next page a person asks for can say why."""
        self._session_key = session_key

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key=_digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        now, key = timezone.now(), _digest(self.session_key)
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        said = self.encode(data)
        if must_create:
            self.row = None
            if not actions.open_session(key=key, data=said, at=now):
                raise CreateError
            return None
        comer = _comer(data)
        if comer is None or self._is_of(comer):
            kept = actions.keep_session(key=key, data=said)
        else:
            kept = actions.take_session(key=key, data=said, comer=comer, at=now)
        if not kept:
            raise UpdateError
        return None

    def _is_of(self, comer: Comer) -> bool:
        row = self.row
        return row is not None and row.user_id == comer.user and (row.began_at is not None) == comer.whole

    def delete(self, session_key: str | None = None) -> None:
        gone = session_key or self.session_key
        if gone is not None:
            actions.leave_session(key=_digest(gone), at=timezone.now())

    @classmethod
    def clear_expired(cls) -> None:
        actions.drop_sessions(at=timezone.now())


class SignedInMiddleware(AuthenticationMiddleware):
    """`request.user`: who has signed in, and shown and done all that comes before the house. Until then nobody, and
    `request.session` remembers whom (accounts.api.door.half_in). Says why a session is over, and notes the use of one."""

    def process_request(self, request: HttpRequest) -> None:
        session: Any = request.session
        session.patient = request.path in NUMBERS_ONLY
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request.is_poll = request.path in NUMBERS_ONLY or is_poll(view)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        session: Any = request.session
        poll = getattr(request, "is_poll", False)
        if poll and session.over:
            session.linger(request.COOKIES[settings.SESSION_COOKIE_NAME])
        if session.row is not None and session.row.began_at is not None and not poll:
            actions.touch_session(session=session.row, at=timezone.now())
        return answer


def _who(request: HttpRequest) -> Any:
    user, session = get_user(request), request.session
    over: str = session.over  # type: ignore[attr-defined]
    if (
        over
        and over != Ended.SIGNED_OUT
        and not request.path.startswith(API)
        and not getattr(request, "is_poll", False)
    ):
        messages.warning(request, str(Ended(over).label), fail_silently=True)
    return AnonymousUser() if session.get(MUST) else user


def _comer(data: dict[str, Any]) -> Comer | None:
    """Who has signed in, as the door noted it (accounts.reactions)."""
    if SESSION_KEY not in data or ABOUT not in data:
        return None
    return Comer(user=int(data[SESSION_KEY]), whole=not data.get(MUST), **data[ABOUT])


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
