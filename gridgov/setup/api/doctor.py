"""The doctor for machines: what a monitor asks every few minutes."""

from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.choices import Role
from gridgov.core.api import Api
from gridgov.core.doctor import ALARMS, State, as_data, examine
from gridgov.core.errors import Forbidden


class CheckSerializer(serializers.Serializer):
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    said = serializers.CharField()
    advice = serializers.CharField()


class HealthSerializer(serializers.Serializer):
    """`state` is the worst of the known ones."""

    state = serializers.ChoiceField(choices=State.choices)
    checks = CheckSerializer(many=True)


class DoctorView(Api):
    """How the house is: 200 while nothing is bad, 503 otherwise, with every check in both cases. For system administrators, and
    for a monitor by a key of its own (scope doctor:read), which no password and no second factor stands behind: on a smaller
    ground than a street it reads states alone, and nowhere what names accounts or systems (`said` and `advice` are empty then)."""

    scopes: ClassVar = {"read": "doctor:read"}

    @extend_schema(responses={200: HealthSerializer, 503: HealthSerializer}, summary="系统体检")
    def get(self, request: Request) -> Response:
        by_key = hasattr(request.auth, "allows")
        if request.user.role != Role.SYSTEM_ADMIN and not by_key:
            raise Forbidden(_("Only a system administrator asks how the house is."))
        results = examine(at=timezone.now())
        ill = any(result.finding.state in ALARMS for result in results)
        # The street office reads the same on its page; a client on a street acts as it.
        whole = request.user.role == Role.STREET
        told = as_data(results, lambda check: whole and not check.names) if by_key else as_data(results)
        return Response(
            told, status=status.HTTP_503_SERVICE_UNAVAILABLE if ill else status.HTTP_200_OK
        )  # fmt: skip
