"""Other systems at the door: which key lets in, how many requests a minute, and who the caller is."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions
from accounts.choices.clients import MOST_UNKNOWN, PURPOSE_HEADER, Purpose
from accounts.models import ApiClient, ApiKey, User
from accounts.rules.clients import can_come_in
from gridgov.core.api import Api, shown
from gridgov.core.calls import Caller, Rate, mark, operation_of
from gridgov.core.counts import address_of, hit, visitor_of
from gridgov.core.errors import Forbidden, Refusal
from gridgov.core.keys import ANY_SCOPE, admitted, looked

MINUTE = dt.timedelta(minutes=1)


def authenticate_raw(raw: str, request: HttpRequest | Request) -> ApiKey:
    """The key RAW, if it lets its client in with REQUEST; `key.client.user` is who acts.

    Raises AuthenticationFailed (`key_unknown`, `key_revoked`, `key_expired`, `client_off`, `client_expired`),
    PermissionDenied (`address_refused`) or Throttled.
    """
    plain: HttpRequest = getattr(request, "_request", request)
    at = timezone.now()
    key = ApiKey.objects.known(raw)
    if key is None:
        _slow_down(plain, at)
    else:
        mark(plain, Caller(key.client_id))
    try:
        can_come_in(key, address_of(plain), at).insist()
    except Refusal as refusal:
        shape = AuthenticationFailed if refusal.status == status.HTTP_401_UNAUTHORIZED else PermissionDenied
        raise shape(str(refusal), code=refusal.code) from None
    assert key is not None
    _count(plain, key.client, at)
    actions.note_use(key=key, at=at)
    return key


def _slow_down(request: HttpRequest, at: dt.datetime) -> None:
    """Whoever tries keys waits."""
    if hit("client.unknown", visitor_of(request), within=MINUTE, at=at) > MOST_UNKNOWN:
        raise Throttled(_wait(at))


def _count(request: HttpRequest, client: ApiClient, at: dt.datetime) -> None:
    """One request more of CLIENT in this minute, by whatever key and in whatever process."""
    count = hit("client", str(client.pk), within=MINUTE, at=at)
    reset = int(at.timestamp()) + _wait(at)
    mark(request, Caller(client.pk, Rate(client.per_minute, max(client.per_minute - count, 0), reset)))
    if count > client.per_minute:
        raise Throttled(_wait(at))


def _wait(at: dt.datetime) -> int:
    """Seconds until the next minute."""
    return 60 - int(at.timestamp()) % 60


@admitted.answers
def let_in(raw: str, request: Request) -> tuple[User, ApiKey]:
    """Who acts by the key RAW, and the key."""
    key = authenticate_raw(raw, request)
    return key.client.user, key


@looked.answers
def write_down_look(key: ApiKey, request: Request) -> None:
    """A look at personal data stands in the records before it is answered."""
    plain, purpose = request._request, request.headers.get(PURPOSE_HEADER, "")
    said = {"operation": operation_of(plain), "path": plain.path[:200], "address": address_of(plain)[:64]}
    actions.note_look(client=key.client, purpose=purpose, **said, by=key.client.user, at=timezone.now())


class CallerSerializer(serializers.Serializer):
    """The calling system, as it is known here."""

    name = serializers.CharField(source="client.name")
    role = serializers.CharField(source="client.user.role", help_text="As whom it acts.")
    scopes = serializers.ListField(source="client.scopes", child=serializers.CharField())
    purposes = serializers.ListField(source="client.purposes", child=serializers.ChoiceField(Purpose.choices))
    per_minute = serializers.IntegerField(source="client.per_minute")
    expires_on = serializers.DateField(source="client.expires_on", allow_null=True)
    key = serializers.CharField(source="prefix")
    key_expires_at = serializers.DateTimeField(source="expiry_date", allow_null=True)


class ClientView(Api):
    """For a client: whether its key holds, what it may, and until when. Nobody else is one."""

    scopes: dict[str, Any] = {"read": ANY_SCOPE}

    @extend_schema(responses=CallerSerializer, summary="调用方系统(验证密钥、权限与期限)")
    def get(self, request: Request) -> Response:
        if not isinstance(request.auth, ApiKey):
            raise Forbidden(_t("This address is for connected systems."), code="no_client")
        return Response(shown(CallerSerializer, request.auth))
