"""Signing in by token, the own account, the own inbox."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from accounts import actions
from accounts.models import Notice, User
from gridgov.core.api import ScopedViewSet


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class MeSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role")


class NoticeSerializer(serializers.ModelSerializer):
    text = serializers.CharField(source="__str__")

    class Meta:
        model = Notice
        fields = ("id", "kind", "text", "subject_type", "subject_id", "at", "read_at")


class ReadSerializer(serializers.Serializer):
    """`ids` to mark; all unread ones without."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False)


class MarkedSerializer(serializers.Serializer):
    marked = serializers.IntegerField()


class LoginThrottle(AnonRateThrottle):
    scope = "login"


class TokenView(APIView):
    """Trade a user name and password for a token: `Authorization: Token …`."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = (LoginThrottle,)

    @extend_schema(request=AuthTokenSerializer, responses=TokenSerializer, summary="登录换取令牌")
    def post(self, request: Request) -> Response:
        given = AuthTokenSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        token, _made = Token.objects.get_or_create(user=given.validated_data["user"])
        return Response({"token": token.key})


class MeView(APIView):
    """Who is signed in."""

    @extend_schema(responses=MeSerializer, summary="当前账号")
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)


class NoticeViewSet(ScopedViewSet):
    """The own inbox, newest first."""

    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
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
