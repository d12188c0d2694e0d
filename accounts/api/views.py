"""Signing in by token, the own account, the own inbox, stand-ins."""

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions
from accounts.choices.signing import Must
from accounts.models import Delegation, Factor, Notice, User
from accounts.rules.signing import TOO_MANY, must_first
from gridgov.core.api import Api, ScopedViewSet, asked, shown
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.keys import ANY_SCOPE
from gridgov.core.pacing import MinuteThrottle, seconds_to_wait


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class MeSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role")


class NoticeSerializer(serializers.ModelSerializer):
    text = serializers.CharField(source="__str__")
    instead_of = serializers.StringRelatedField(allow_null=True, help_text="Whom the reader stands in for.")

    class Meta:
        model = Notice
        fields = ("id", "kind", "text", "subject_type", "subject_id", "at", "urgent", "instead_of", "read_at")


class NoticeDetailSerializer(NoticeSerializer):
    """A digest with its lines; other notices have none."""

    lines = NoticeSerializer(many=True)

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "lines")


class HandedOnSerializer(NoticeSerializer):
    """What a stand-in was told, and who that was."""

    told = serializers.StringRelatedField(source="user")

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "told")


class ReadSerializer(serializers.Serializer):
    """`ids` to mark; all unread ones without."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False)


class MarkedSerializer(serializers.Serializer):
    marked = serializers.IntegerField()


class LoginThrottle(MinuteThrottle):
    kind = "login"


class SignInSerializer(AuthTokenSerializer):
    """`code` of the app, or one for recovery, where the account has a second factor."""

    code = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class TokenView(Api):
    """Trade a user name and password, and where there is one the second factor, for a token: `Authorization: Token …`. An
    administrator's holds as long as a session, others for a quarter of a year; a new password or role ends it."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = (LoginThrottle,)

    refusals = (status.HTTP_403_FORBIDDEN, status.HTTP_409_CONFLICT)

    @extend_schema(request=SignInSerializer, responses=TokenSerializer, summary="登录换取令牌")
    def post(self, request: Request) -> Response:
        given = SignInSerializer(data=request.data, context={"request": request})
        try:
            given.is_valid(raise_exception=True)
        except ValidationError:
            if getattr(request, "locked_out", False):
                raise Conflict(TOO_MANY, code="locked") from None
            raise
        user, now = given.validated_data["user"], timezone.now()
        has_factor = Factor.objects.filter(user=user, confirmed_at__isnull=False).exists()
        for must in must_first(user, has_factor=has_factor, at=now):
            if must != Must.CODE:
                raise Forbidden(
                    _("Sign in with a browser first: something is to be done there before."), code=f"must_{must}"
                )
            if not given.validated_data["code"]:
                raise Invalid(
                    _("This account has a second factor: send its code too."), code="code_missing", field="code"
                )
            actions.check_code(user=user, code=given.validated_data["code"], at=now)
        return Response({"token": actions.issue_token(user=user, by=user, at=now)})


class EntryCodeSerializer(serializers.Serializer):
    """`app` and `secret` as the entry app's page shows them, `account` a user name, `to` an address under /m/."""

    app = serializers.CharField(max_length=12)
    secret = serializers.CharField(max_length=64)
    account = serializers.CharField(max_length=48)
    to = serializers.CharField(max_length=200, required=False, default="")


class IssuedCodeSerializer(serializers.Serializer):
    code = serializers.CharField()
    expires_at = serializers.DateTimeField()


class EntryCodeView(Api):
    """For another app's server: a code with which the browser of one account comes in once, at /m/entry/?code=…"""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        request=EntryCodeSerializer, responses={201: IssuedCodeSerializer}, summary="第三方应用换取一次性登录码"
    )
    def post(self, request: Request) -> Response:
        given = asked(EntryCodeSerializer, request.data)
        key = given.pop("app")
        now = timezone.now()
        try:
            code, until = actions.issue_entry_code(key=key, **given, at=now)
        except Refusal as refusal:
            # Refusals only: an app of the office asks for all its people from one address.
            if wait := seconds_to_wait("login", request._request):
                raise Throttled(wait) from None
            by = User.objects.system()
            actions.note_refused_entry(key=key, account=given["account"], refusal=refusal, by=by, at=now)
            raise
        return Response({"code": code, "expires_at": until}, status=status.HTTP_201_CREATED)


class MeView(Api):
    """Who is signed in."""

    scopes = {"read": ANY_SCOPE}

    @extend_schema(responses=MeSerializer, summary="当前账号")
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)


class NoticeViewSet(ScopedViewSet):
    """The own inbox, newest first. What quiet hours hold back is not in it yet, the lines of a digest stand in the digest."""

    queryset = Notice.objects.all()
    serializer_class = NoticeDetailSerializer
    list_serializer_class = NoticeSerializer
    filterset_fields: Any = {"kind": ["exact"], "read_at": ["isnull"]}
    ordering = ("-id",)

    @extend_schema(request=ReadSerializer, responses=MarkedSerializer, summary="标记已读")
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        given = ReadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows = Notice.objects.visible_to(request.user)
        if "ids" in given.validated_data:
            rows = rows.filter(pk__in=given.validated_data["ids"])
        return Response({"marked": actions.mark_read(notices=rows, at=timezone.now())})

    @extend_schema(responses=HandedOnSerializer(many=True), summary="请假期间转给代理人的通知")
    @action(detail=False, url_path="handed-on", filter_backends=())
    def handed_on(self, request: Request) -> Response:
        rows = Notice.objects.handed_on_from(request.user).order_by("-id")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(HandedOnSerializer(page, many=True).data)


class DelegationSerializer(serializers.ModelSerializer):
    user_name = serializers.StringRelatedField(source="user")
    deputy_name = serializers.StringRelatedField(source="deputy")

    class Meta:
        model = Delegation
        fields = (
            "id", "user", "user_name", "deputy", "deputy_name", "valid_from", "valid_to", "reason", "made_by", "made_at",
            "ended_by", "ended_at",
        )  # fmt: skip


class DelegateSerializer(serializers.Serializer):
    """`deputy` and `user` are user names; without `user` it is the caller who is away."""

    user = serializers.CharField(max_length=48, required=False)
    deputy = serializers.CharField(max_length=48)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class DelegationFilter(django_filters.FilterSet):
    """`standing` leaves those in force or to come."""

    standing = django_filters.BooleanFilter(method="only_standing")

    class Meta:
        model = Delegation
        fields = ("user", "deputy")

    def only_standing(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.standing(timezone.localdate()) if wanted else rows


class DelegationViewSet(ScopedViewSet):
    """Who is away and who stands in: the own ones, all of them for the system hand."""

    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer
    filterset_class = DelegationFilter
    ordering = ("-id",)

    @extend_schema(request=DelegateSerializer, responses={201: DelegationSerializer}, summary="登记请假代理")
    def create(self, request: Request) -> Response:
        given, by, now = asked(DelegateSerializer, request.data), request.user, timezone.now()
        given["user"] = actions.find_absent(name=given["user"], by=by) if "user" in given else by
        given["deputy"] = actions.find_deputy(name=given["deputy"], user=given["user"], by=by, at=now)
        made = actions.delegate(**given, by=by, at=now)
        return Response(shown(DelegationSerializer, made), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=DelegationSerializer, summary="提前结束请假代理")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        row = actions.end_delegation(delegation=self.get_object(), by=request.user, at=timezone.now())
        return Response(shown(DelegationSerializer, row))


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role", "is_active", "created_at")


class AccountViewSet(ScopedViewSet):
    """Accounts: all of them for the administrators' hands, the own one for everybody else."""

    queryset = User.objects.all()
    serializer_class = AccountSerializer
    filterset_fields = ("role", "is_active")
    ordering = ("id",)
