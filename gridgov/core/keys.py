"""How another system comes in: `Authorization: Api-Key <prefix>.<secret>`, and what its scopes let it do.

Here is only what every view of the API needs; which keys there are is known above (accounts.api.clients), which answers the
two questions. Nothing here may import a model: Django REST framework reads these classes before there are any.
"""

from typing import Any, Protocol

from django.utils.translation import gettext as _t
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from gridgov.core.questions import Question

KEYWORD = "Api-Key"
# A view that names this scope lets in every client whose key holds.
ANY_SCOPE = ""
# The end of a scope that shows people: it needs a purpose, and every look is recorded.
PERSONAL = ":personal"


class Key(Protocol):
    """What lets another system in; it is `request.auth`."""

    def allows(self, scope: str) -> bool:
        """Whether its client may do what SCOPE says."""
        ...


# (the key as it was sent, the request) → who acts, and the key. Raises an APIException where it lets nobody in.
admitted: Question[[str, Request], tuple[Any, Key]] = Question()
# (the key, the request) → nothing: a look at personal data is written down. Raises a Refusal.
looked: Question[[Any, Request], None] = Question()


class KeyAuthentication(BaseAuthentication):
    """`request.user` is the client's own account, `request.auth` its key."""

    def authenticate(self, request: Request) -> tuple[Any, Key] | None:
        keyword, _space, raw = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        return admitted.ask(raw.strip(), request)[0]

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class InScope(BasePermission):
    """Clients may do what their scopes say. A view names them: `scopes = {"read": …, "write": …}`, and under the name of an
    action what that one needs. What names none is not for clients. People are not limited by this."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key: Any = request.auth
        if not hasattr(key, "allows"):
            return True
        scope = scope_of_view(view, request.method or "")
        insist_on_scope(key, scope)
        if scope and scope.endswith(PERSONAL):
            looked.ask(key, request)
        return True


def insist_on_scope(key: Any, scope: str | None) -> None:
    """Raise PermissionDenied where KEY is another system's and doesn't allow SCOPE; None is allowed to none of them."""
    if hasattr(key, "allows") and (scope is None or not key.allows(scope)):
        message = _t("This system has no scope for this: %(scope)s.") % {"scope": scope or "—"}
        raise PermissionDenied(message, code="scope_missing")


def scope_of_view(view: Any, method: str) -> str | None:
    """The scope that METHOD of VIEW needs; None where clients have no business."""
    scopes: dict[str, str] = getattr(view, "scopes", {})
    usual = scopes.get("read" if method in SAFE_METHODS else "write")
    return scopes.get(getattr(view, "action", None) or "", usual)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What openapi.yaml says of it."""

    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        said = "Api-Key <prefix>.<secret>; docs/api-clients.md"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}
