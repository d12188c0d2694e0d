"""Webhooks by API: a connected system with the scope `hooks:manage` keeps its own."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid
from grids.models import Grid, Unit
from grids.queries import heavy
from integrations.actions import hooks as actions
from integrations.choices.hooks import EVENT_CHOICES, DeliveryState
from integrations.models.hooks import Delivery, Try, Webhook

SCOPES = {"read": "hooks:manage", "write": "hooks:manage"}


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook and how it fares. Its secret is shown once, by `rotate`."""

    events = serializers.ListField(child=serializers.ChoiceField(EVENT_CHOICES))
    grid = serializers.CharField(source="grid.code", default=None, allow_null=True)
    waiting = serializers.IntegerField(help_text="Deliveries on their way.")
    dead = serializers.IntegerField(help_text="Dead letters.")

    class Meta:
        model = Webhook
        fields = (
            "id", "name", "url", "events", "grid", "unit", "is_on", "starts_at", "ended_at", "checked_at", "check_fault", "off_because",
            "kid", "old_until", "good_at", "resume_at", "waiting", "dead", "made_at",
        )  # fmt: skip
        read_only_fields = fields


class NewWebhookSerializer(serializers.Serializer):
    """What a webhook says of itself."""

    name = serializers.CharField(max_length=60)
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.ChoiceField(EVENT_CHOICES), allow_empty=False, max_length=100)
    grid = serializers.CharField(max_length=18, required=False, allow_null=True, help_text="Code of a grid.")
    unit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)


class SecretSerializer(serializers.Serializer):
    """The new secret, shown this once."""

    kid = serializers.IntegerField()
    secret = serializers.CharField()
    old_until = serializers.DateTimeField(allow_null=True, help_text="Until then the key before signs too.")


class TrySerializer(serializers.ModelSerializer):
    """One try: what was answered after how long, or why nothing came."""

    class Meta:
        model = Try
        fields = ("at", "millis", "status", "answer", "fault")
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    """One event on its way to one receiver."""

    event_id = serializers.CharField()

    class Meta:
        model = Delivery
        fields = (
            "id", "webhook", "event_id", "event", "number", "at", "state", "tries", "next_at", "replays", "settled_at",
        )  # fmt: skip
        read_only_fields = fields


class DeliveryDetailSerializer(DeliverySerializer):
    """The same with what is sent, and each try of the last 30 days, the newest first."""

    log = TrySerializer(many=True)

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "body", "log")
        read_only_fields = fields


class NothingSerializer(serializers.Serializer):
    """Nothing is asked for."""


class ReplayedSerializer(serializers.Serializer):
    """How many dead letters are on their way again."""

    count = serializers.IntegerField()


def _verb(answers: Any, summary: str, code: int = 200) -> Callable[[Any], Any]:
    """A verb without a body, as openapi.yaml tells it."""

    def dress(view: Any) -> Any:
        told = extend_schema(request=NothingSerializer, responses={code: answers}, summary=summary)
        return told(action(detail=True, methods=["post"])(view))

    return dress


class WebhookViewSet(ScopedViewSet):
    """Webhooks 事件推送 of the own system: what happens in the own scope is told to an address (docs/webhooks.md)."""

    scopes = SCOPES
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    fleeting = frozenset({"good_at", "resume_at", "waiting", "dead"})
    filterset_fields = ("is_on",)
    ordering = ("-id",)

    def rows(self) -> Any:
        return self.queryset.all().for_list().with_waiting()

    def _answer(self, pk: int, code: int = 200) -> Response:
        return Response(shown(WebhookSerializer, self.get_queryset().get(pk=pk)), status=code)

    def _by(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": timezone.now()}

    def _limits(self, given: dict[str, Any]) -> dict[str, Any]:
        """GIVEN with the grid and the unit it names; Invalid where the caller sees none such."""
        for name, rows, key in (
            ("grid", Grid.objects.visible_to(self.request.user).defer(*heavy("")), "code"),
            ("unit", Unit.objects.visible_to(self.request.user), "pk"),
        ):
            if given.get(name):
                found = rows.filter(**{key: given[name]}).first()
                if found is None:
                    raise Invalid(_("There is no %(code)s.") % {"code": given[name]}, field=name)
                given[name] = found
            elif name in given:
                given[name] = None
        return given

    @extend_schema(request=NewWebhookSerializer, responses={201: WebhookSerializer}, summary="登记事件推送")
    def create(self, request: Request) -> Response:
        given = self._limits(asked(NewWebhookSerializer, request.data))
        hook = actions.add_hook(**given, owner=request.user, **self._by())
        return self._answer(hook.pk, status.HTTP_201_CREATED)

    @extend_schema(
        request=NewWebhookSerializer(partial=True),
        responses=WebhookSerializer,
        summary="修改事件推送(换地址须重新校验)",
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        hook = self.get_object()
        form = NewWebhookSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        kept = {name: getattr(hook, name) for name in ("name", "url", "events", "grid", "unit")}
        actions.change_hook(hook=hook, **{**kept, **self._limits(dict(form.validated_data))}, **self._by())
        return self._answer(hook.pk)

    @_verb(WebhookSerializer, "校验推送地址(稍后在 checked_at 或 check_fault 中给出结果)", 202)
    def check(self, request: Request, pk: str) -> Response:
        hook = self.get_object()
        actions.ask_check(hook=hook, **self._by())
        return self._answer(hook.pk, status.HTTP_202_ACCEPTED)

    @_verb(WebhookSerializer, "启用事件推送")
    def switch_on(self, request: Request, pk: str) -> Response:
        return self._answer(actions.switch_hook(hook=self.get_object(), on=True, **self._by()).pk)

    @_verb(WebhookSerializer, "停用事件推送")
    def switch_off(self, request: Request, pk: str) -> Response:
        return self._answer(actions.switch_hook(hook=self.get_object(), on=False, **self._by()).pk)

    @_verb(SecretSerializer, "生成新密钥(只显示一次)")
    def rotate(self, request: Request, pk: str) -> Response:
        hook = actions.rotate_key(hook=self.get_object(), **self._by())
        told = {"kid": hook.kid, "secret": hook.secret(), "old_until": hook.old_until}
        return Response(shown(SecretSerializer, told), headers={"Cache-Control": "no-store"})

    @_verb(WebhookSerializer, "停用旧密钥")
    def end_old_key(self, request: Request, pk: str) -> Response:
        return self._answer(actions.end_old_key(hook=self.get_object(), **self._by()).pk)

    @_verb(ReplayedSerializer, "重发全部死信")
    def replay(self, request: Request, pk: str) -> Response:
        count = actions.replay_all(hook=self.get_object(), **self._by())
        return Response(shown(ReplayedSerializer, {"count": count}))

    @_verb(WebhookSerializer, "终止事件推送")
    def end(self, request: Request, pk: str) -> Response:
        return self._answer(actions.end_hook(hook=self.get_object(), **self._by()).pk)


class DeliveryFilter(django_filters.FilterSet):
    """Of one webhook, in some states."""

    webhook = django_filters.NumberFilter("webhook_id", min_value=1, max_value=2**63 - 1)
    state = django_filters.MultipleChoiceFilter(choices=DeliveryState.choices)

    class Meta:
        model = Delivery
        fields = ()


class DeliveryViewSet(ScopedViewSet):
    """Deliveries 推送记录 of the own webhooks, kept 30 days."""

    scopes = SCOPES
    queryset = Delivery.objects.all()
    serializer_class = DeliveryDetailSerializer
    list_serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    ordering = ("-id",)

    @_verb(DeliverySerializer, "重发死信")
    def replay(self, request: Request, pk: str) -> Response:
        try:
            row = actions.replay_delivery(delivery=self.get_object(), by=request.user, at=timezone.now())
        except Delivery.DoesNotExist:
            raise Http404 from None
        return Response(shown(DeliverySerializer, row))
