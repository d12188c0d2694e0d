"""The report of a month as a file, as the desk prints it."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from cases.actions import note_report
from cases.forms.figures import YEARS
from cases.reports import month_pdf, month_sheet, monthly
from gridgov.core.api import Api, asked
from gridgov.core.sheet import TYPES, download

FILES = {"pdf": month_pdf, "xlsx": month_sheet}


class ReportAskedSerializer(serializers.Serializer):
    grid = serializers.CharField(max_length=18)
    month = serializers.DateField(input_formats=["%Y-%m"])
    file = serializers.ChoiceField(list(FILES), default="pdf")

    def validate_month(self, month: dt.date) -> dt.date:
        if month.year not in YEARS:
            raise serializers.ValidationError(_("The days lie between 1900 and 2099."))
        return month


class MonthlyReportView(Api):
    """Figures, charts and tables of a grid's month: as frozen, or as they stand. That it was taken out is recorded."""

    scopes = {"read": "figures:read"}
    query_params = ("grid", "month", "file")
    # Without HEAD, for which a file would be made and thrown away.
    http_method_names = ("get", "options")

    @extend_schema(
        parameters=[
            OpenApiParameter("grid", str, required=True, description="网格代码"),
            OpenApiParameter("month", str, required=True, description="YYYY-MM"),
            OpenApiParameter("file", str, enum=list(FILES), description="缺省为 pdf"),
        ],
        responses={(200, TYPES[name]): OpenApiTypes.BINARY for name in FILES},
        summary="月度报告文件",
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponse:
        given, at = asked(ReportAskedSerializer, request.query_params), timezone.now()
        today = timezone.localdate(at)
        found = monthly(grid=given["grid"], month=given["month"], by=request.user, at=at, today=today)
        if found is None:
            raise Http404
        note_report(grid=found.grid, month=found.month, ending=given["file"], by=request.user, at=at)
        return download(FILES[given["file"]](found), f"report-{found.month:%Y%m}-{found.grid.code}", given["file"])
