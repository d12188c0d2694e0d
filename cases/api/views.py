"""Every verb is one POST that calls one action; list and detail are scoped in the base."""

from functools import cache
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions, rules
from cases.api import serializers as s
from cases.api.asking import AskingVerbs, own_street
from cases.api.helping import HelpingVerbs
from cases.api.matters import MatterLists
from cases.api.merging import MergingVerbs
from cases.api.publishing import PublishingVerbs
from cases.api.suggesting import Suggesting
from cases.api.supervising import SupervisingVerbs
from cases.api.verbs import verb
from cases.api.waiting import Waiting
from cases.choices import CaseState, Hold, Tier, Urgency
from cases.models import Case, Category, Policy
from cases.reports import archive, explain, whole_case
from cases.reports.queues import BY_NAME, QUEUES
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid


class CaseFilter(django_filters.FilterSet):
    """`q` looks into number, title, text and place; `grid` takes any code of the tree; `queue` is one of the workbench's."""

    state = django_filters.MultipleChoiceFilter(choices=CaseState.choices)
    tier = django_filters.MultipleChoiceFilter(choices=Tier.choices)
    urgency = django_filters.MultipleChoiceFilter(choices=Urgency.choices)
    hold = django_filters.ChoiceFilter(choices=[choice for choice in Hold.choices if choice[0]])
    category = django_filters.CharFilter("category__code")
    grid = django_filters.CharFilter(method="of_grid")
    open = django_filters.BooleanFilter(method="only_open")
    late = django_filters.BooleanFilter(method="only_late")
    queue = django_filters.ChoiceFilter(choices=[(queue.name, queue.label) for queue in QUEUES], method="in_queue")
    q = django_filters.CharFilter(method="words", label=_("key words"))
    reported_after = django_filters.IsoDateTimeFilter("reported_at", "gte")
    reported_before = django_filters.IsoDateTimeFilter("reported_at", "lt")

    class Meta:
        model = Case
        fields = ("channel", "card")

    def of_grid(self, rows: QuerySet, name: str, code: str) -> QuerySet:
        return rows.in_grid(code)

    def only_open(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.open() if wanted else rows

    def only_late(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.late(timezone.now()) if wanted else rows

    def in_queue(self, rows: QuerySet, name: str, queue: str) -> QuerySet:
        return rows.open().filter(BY_NAME[queue].holds(self.request.user, timezone.now()))

    def words(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return rows.search(text)


PDF: Any = {(200, "application/pdf"): OpenApiTypes.BINARY}


@cache
def prepared(listing: bool) -> QuerySet:
    """The queries of list and detail, put together once: naming two dozen columns across four tables takes Django longer
    than reading them takes PostgreSQL."""
    return Case.objects.lines() if listing else Case.objects.for_detail()


class CaseViewSet(
    Suggesting, Waiting, AskingVerbs, HelpingVerbs, MergingVerbs, PublishingVerbs, SupervisingVerbs, ScopedViewSet
):
    """Cases in the own scope; an invisible case does not exist."""

    scopes = {
        "read": "cases:read",
        "write": "cases:write",
        "reveal": "cases:personal",
        "publish": "public:write",
        "unpublish": "public:write",
    }
    queryset = Case.objects.all()
    serializer_class = s.CaseSerializer
    list_serializer_class = s.CaseLineSerializer
    filterset_class = CaseFilter
    fleeting = frozenset({"link", "thumb_link", "link_until", "light"})
    ordering_fields = ("id", "due_at")
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        return prepared(self.action == "list")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        # A list by time left is about running clocks; rows without a due moment have no place in its order.
        return rows.open().exclude(due_at=None) if "due_at" in self.request.query_params.get("ordering", "") else rows

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        at = timezone.now()
        return self.get_paginated_response([s.line(row, at) for row in page])

    @extend_schema(request=s.ReportSerializer, responses={201: s.CaseMovedSerializer}, summary="报告案件")
    def create(self, request: Request) -> Response:
        given = asked(s.ReportSerializer, request.data)
        report = actions.Report(**given)
        case = actions.report_case(report=report, by=request.user, at=timezone.now())
        return Response(s.moved(case), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.SolveSerializer, responses={201: s.CaseMovedSerializer}, summary="报告并当场办结")
    @action(detail=False, methods=["post"])
    def solve(self, request: Request) -> Response:
        given = asked(s.SolveSerializer, request.data)
        result = given.pop("result")
        case = actions.solve_at_once(report=actions.Report(**given), result=result, by=request.user, at=timezone.now())
        return Response(s.moved(case), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.NothingSerializer, responses=PDF, summary="打印案件电子档案（留痕）", tags=["cases"])
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> HttpResponse:
        """The archive as a PDF, people masked. Printing is an act and is recorded."""
        at = timezone.now()
        self.act(actions.print_archive, s.NothingSerializer)
        case = whole_case(int(pk), by=request.user)
        return HttpResponse(archive(case, by=request.user, at=at), content_type="application/pdf")

    @verb("accept", s.AcceptSerializer, "受理并分级分类")
    def accept(self, request: Request, pk: str) -> Response:
        return self.move(actions.accept_case, s.AcceptSerializer)

    @verb("reject", s.RejectSerializer, "不予受理")
    def reject(self, request: Request, pk: str) -> Response:
        return self.move(actions.reject_case, s.RejectSerializer)

    @verb("dispatch", s.DispatchSerializer, "派遣")
    def send(self, request: Request, pk: str) -> Response:
        return self.move(actions.dispatch_case, s.DispatchSerializer)

    @verb("reassign", s.ReassignSerializer, "改派")
    def reassign(self, request: Request, pk: str) -> Response:
        return self.move(actions.reassign_case, s.ReassignSerializer)

    @verb("sign-in", s.NothingSerializer, "签收")
    def sign_in(self, request: Request, pk: str) -> Response:
        return self.move(actions.sign_in_case, s.NothingSerializer)

    @verb("progress", s.NoteSerializer, "登记进展")
    def progress(self, request: Request, pk: str) -> Response:
        return self.move(actions.note_progress, s.NoteSerializer)

    @verb("raise", s.RaiseSerializer, "上报升级")
    def raise_tier(self, request: Request, pk: str) -> Response:
        return self.move(actions.raise_tier, s.RaiseSerializer)

    @verb("complete", s.CompleteSerializer, "办结")
    def complete(self, request: Request, pk: str) -> Response:
        return self.move(actions.complete_case, s.CompleteSerializer)

    @verb("verify", s.OptionalNoteSerializer, "核查通过")
    def verify(self, request: Request, pk: str) -> Response:
        return self.move(actions.verify_case, s.OptionalNoteSerializer)

    @verb("rework", s.ReasonSerializer, "核查不通过,返工")
    def rework(self, request: Request, pk: str) -> Response:
        return self.move(actions.rework_case, s.ReasonSerializer)

    @verb("close", s.CloseSerializer, "结案(有上报人等待答复的,须有公开答复)")
    def close(self, request: Request, pk: str) -> Response:
        return self.move(actions.close_case, s.CloseSerializer)

    @verb("reopen", s.ReasonSerializer, "重新打开")
    def reopen(self, request: Request, pk: str) -> Response:
        return self.move(actions.reopen_case, s.ReasonSerializer)

    @verb("rate", s.RateSerializer, "评价", answers=s.RatingSerializer)
    def rate(self, request: Request, pk: str) -> Response:
        return Response(shown(s.RatingSerializer, self.act(actions.rate_case, s.RateSerializer)))

    @verb("reveal", s.ReasonSerializer, "查看上报人信息(需说明理由,留痕)", answers=s.RevealedSerializer)
    def reveal(self, request: Request, pk: str) -> Response:
        rules.can_leave_by_api(self.get_object().reporter).insist()
        answer = Response(shown(s.RevealedSerializer, self.act(actions.reveal_reporter, s.ReasonSerializer)))
        answer["Cache-Control"] = "no-store"
        return answer

    @verb("confidential", s.NothingSerializer, "将上报人设为保密(不可撤销)")
    def hush(self, request: Request, pk: str) -> Response:
        return self.move(actions.keep_confidential, s.NothingSerializer)

    @extend_schema(responses=s.ExplanationSerializer(many=True), summary="为什么是这个时限", tags=["cases"])
    @action(detail=True, pagination_class=None, filter_backends=())
    def clock(self, request: Request, pk: str) -> Response:
        case = get_object_or_404(Case.objects.visible_to(request.user).only("pk"), pk=pk)
        return Response(s.ExplanationSerializer(explain(case), many=True).data)

    @extend_schema(
        request={"multipart/form-data": s.PhotoUploadSerializer}, responses={201: s.PhotoSerializer}, summary="上传照片"
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def photos(self, request: Request, pk: str) -> Response:
        limit = settings.PHOTO_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit + 64 * 1024:
            # Said before the body is read: nobody should wait for fifty megabytes to be refused.
            raise Invalid(
                _("A photo may have at most %(size)s MB.") % {"size": limit // 2**20}, code="too_large", field="photo"
            )
        given = asked(s.PhotoUploadSerializer, request.data)
        values = {"kind": given["kind"], "upload": given["photo"]}
        try:
            photo = actions.add_photo(case=int(pk), by=request.user, at=timezone.now(), **values)
        except Case.DoesNotExist:
            raise Http404 from None
        return Response(shown(s.PhotoSerializer, photo), status=status.HTTP_201_CREATED)


class CategoryViewSet(MatterLists):
    """The matter list 网格事项清单."""

    scopes = {"read": "catalogue:read", "write": "catalogue:write"}
    queryset = Category.objects.all()
    serializer_class = s.CategorySerializer
    lookup_field = "code"
    filterset_fields = ("level", "enabled", "tier")
    ordering = ("code",)

    @extend_schema(
        request=s.SwitchesSerializer,
        responses={200: s.CategorySerializer},
        summary="启用或停用事项,设定须有的地点和照片",
    )
    def partial_update(self, request: Request, code: str) -> Response:
        category = self.get_object()
        given = asked(s.SwitchesSerializer, request.data)
        switches = {name: given.get(name, getattr(category, name)) for name in actions.SWITCHES}
        changed = actions.change_category(category=category, **switches, by=request.user, at=timezone.now())
        return Response(shown(s.CategorySerializer, changed))


class PolicyViewSet(ScopedViewSet):
    """Time limits that differ from their tier's own. A new row takes over; none is edited."""

    scopes = {"read": "catalogue:read", "write": "catalogue:write"}
    queryset = Policy.objects.all()
    serializer_class = s.PolicySerializer
    filterset_fields = ("tier",)
    ordering = ("-id",)

    @extend_schema(request=s.SetPolicySerializer, responses={201: s.PolicySerializer}, summary="设定时限")
    def create(self, request: Request) -> Response:
        given = asked(s.SetPolicySerializer, request.data)
        values = given
        category, street = values.pop("category"), values.pop("street")
        values["category"] = named(Category.objects.choosable(), category, "category")
        values["street"] = own_street(request.user, street)
        policy = actions.set_policy(by=request.user, at=timezone.now(), **values)
        return Response(shown(s.PolicySerializer, policy), status=status.HTTP_201_CREATED)


def named(rows: QuerySet, code: str, field: str) -> Any:
    """The row with CODE, or None where none was named."""
    if not code:
        return None
    found = rows.filter(code=code).first()
    if found is None:
        raise Invalid(_("There is no %(code)s.") % {"code": code}, field=field)
    return found
