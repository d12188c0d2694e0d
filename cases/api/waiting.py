"""What waits: the workbench's counts by API. The list behind a count is the list of cases with the filter `queue`."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from cases.reports.queues import BY_NAME, survey


class QueueSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class OpenCasesSerializer(serializers.Serializer):
    """Of one community, or of one street for who has several."""

    code = serializers.CharField()
    name = serializers.CharField()
    open = serializers.IntegerField()
    late = serializers.IntegerField()


class WaitingSerializer(serializers.Serializer):
    queues = QueueSerializer(many=True)
    communities = OpenCasesSerializer(many=True)


class Waiting(GenericViewSet):
    """Part of CaseViewSet."""

    @extend_schema(responses=WaitingSerializer, filters=False, summary="工作台各队列和各社区的待办数")
    @action(detail=False, pagination_class=None, filter_backends=())
    def queues(self, request: Request) -> Response:
        found = survey(request.user, timezone.now())
        counts = [{"name": name, "label": BY_NAME[name].label, "count": count} for name, count in found.counts.items()]
        return Response(WaitingSerializer({"queues": counts, "communities": found.communities}).data)
