"""Tokens of people at the API: not for ever. How old one may become is known above (accounts), which answers the question.

Nothing here may import a model: Django REST framework reads these classes before there are any.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from drf_spectacular.authentication import TokenScheme
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from gridgov.core.questions import Question

# (whose token it is, when it was made) → whether it lets in now.
token_holds: Question[[Any, datetime], bool] = Question()


class PersonToken(TokenAuthentication):
    """`Authorization: Token …`; 401 once it is too old."""

    def authenticate_credentials(self, key: str) -> Any:
        user, token = super().authenticate_credentials(key)
        if token_holds.ask(user, token.created) != [True]:
            raise AuthenticationFailed(_t("This token is too old. Sign in for another one."), code="token_expired")
        return user, token


class PersonTokenScheme(TokenScheme):  # type: ignore[no-untyped-call]
    """What openapi.yaml says of it: the same as of any token."""

    target_class = "gridgov.core.tokens.PersonToken"
