"""Needs, projects, shifts, sign-ups and governance posts: every verb is one POST that calls one action."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import Case
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Conflict, Invalid
from volunteers import actions
from volunteers.api import work_serializers as s
from volunteers.choices.work import NeedSource, NeedState, ProjectKind, ProjectState, ShiftState, SignUpState
from volunteers.models import Claim, GovernancePost, Need, Project, Shift, SignUp, Volunteer
from volunteers.reports.matching import who_fits
from volunteers.reports.own_ground import grid_for, volunteers_for
from volunteers.rules.organising import can_organise

SCOPES = {"read": "volunteers:read", "write": "volunteers:write"}


def _own_volunteer(request: Request) -> Volunteer:
    found = Volunteer.objects.of(request.user)
    if found is None:
        raise Conflict(_("This account is no volunteer's."), code="no_volunteer")
    return found


class OnGridFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)


class NeedFilter(OnGridFilter):
    state = django_filters.ChoiceFilter(choices=NeedState.choices)
    source = django_filters.ChoiceFilter(choices=NeedSource.choices)


class ProjectFilter(OnGridFilter):
    state = django_filters.ChoiceFilter(choices=ProjectState.choices)
    kind = django_filters.ChoiceFilter(choices=ProjectKind.choices)


class ShiftFilter(OnGridFilter):
    state = django_filters.ChoiceFilter(choices=ShiftState.choices)
    project = django_filters.NumberFilter(min_value=0, max_value=2**62)
    since = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="lt")


class SignUpFilter(django_filters.FilterSet):
    shift = django_filters.NumberFilter(min_value=0, max_value=2**62)
    state = django_filters.ChoiceFilter(choices=SignUpState.choices)
    volunteer = django_filters.CharFilter("volunteer__no", max_length=s.NUMBER_CHARS)


class WorkViewSet(ScopedViewSet):
    """What all of these have in common."""

    scopes = SCOPES
    ordering = ("-id",)

    def _row(self, pk: Any = None, code: int = 200) -> Response:
        """The row as it is now; 404 if it is out of sight by then."""
        row = self.get_queryset().filter(pk=pk or self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return Response(shown(self.serializer_class, row), status=code)


class NeedViewSet(WorkViewSet):
    """服务需求: what is needed, never who needs it."""

    queryset = Need.objects.all()
    serializer_class = s.NeedSerializer
    filterset_class = NeedFilter

    @extend_schema(request=s.EnterNeedSerializer, responses={201: s.NeedSerializer}, summary="登记服务需求")
    def create(self, request: Request) -> Response:
        given = asked(s.EnterNeedSerializer, request.data)
        case = given["case"]
        if case is not None:
            case = Case.objects.visible_to(request.user).filter(pk=case).defer("search").first()
            if case is None:
                raise Invalid(_("There is no case with this number in your scope."), field="case")
        grid = grid_for(request.user, given["grid"])
        row = actions.enter_need(**{**given, "grid": grid, "case": case}, by=request.user, at=timezone.now())
        return self._row(row.pk, status.HTTP_201_CREATED)

    @extend_schema(request=s.TakeUpSerializer, responses=s.NeedSerializer, summary="需求对接项目")
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.TakeUpSerializer, request.data)
        project = Project.objects.visible_to(request.user).filter(pk=given["project"]).first()
        if project is None:
            raise Invalid(_("There is no such project here."), field="project")
        actions.take_up_need(need=row, project=project, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=None, responses=s.NeedSerializer, summary="需求已满足")
    @action(detail=True, methods=["post"])
    def meet(self, request: Request, pk: str) -> Response:
        actions.meet_need(need=self.get_object(), by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=s.WhyNotSerializer, responses=s.NeedSerializer, summary="撤销需求")
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.WhyNotSerializer, request.data)
        actions.drop_need(need=row, **given, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=None, responses=s.NeedSerializer, summary="重新开放需求")
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        actions.reopen_need(need=self.get_object(), by=request.user, at=timezone.now())
        return self._row()


class ProjectViewSet(WorkViewSet):
    """志愿项目: those in scope; volunteers see the open ones of their street."""

    queryset = Project.objects.all()
    serializer_class = s.ProjectSerializer
    filterset_class = ProjectFilter

    @extend_schema(
        request=s.MakeProjectSerializer, responses={201: s.ProjectSerializer}, summary="新建志愿项目（草稿）"
    )
    def create(self, request: Request) -> Response:
        given = asked(s.MakeProjectSerializer, request.data)
        grid = grid_for(request.user, given["grid"])
        row = actions.make_project(**{**given, "grid": grid}, by=request.user, at=timezone.now())
        return self._row(row.pk, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=s.ProjectSerializer, summary="发布项目")
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        actions.open_project(project=self.get_object(), by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(
        request=s.PlanSerializer, responses={201: s.ShiftSerializer(many=True)}, summary="安排班次", filters=False
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def plan(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.PlanSerializer, request.data)
        made = actions.plan_shifts(project=row, **given, by=request.user, at=timezone.now())
        return Response(s.ShiftSerializer(made, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=s.ProjectSerializer, summary="结束项目")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        actions.end_project(project=self.get_object(), by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=s.WhyNotSerializer, responses=s.ProjectSerializer, summary="取消项目（通知报名者）")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.WhyNotSerializer, request.data)
        actions.cancel_project(project=row, **given, by=request.user, at=timezone.now())
        return self._row()


class ShiftViewSet(WorkViewSet):
    """班次: places, and who takes them."""

    queryset = Shift.objects.all()
    serializer_class = s.ShiftSerializer
    filterset_class = ShiftFilter

    @extend_schema(request=None, responses={201: s.SignUpSerializer}, summary="本人报名（满员则候补）")
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        shift, own = self.get_object(), _own_volunteer(request)
        row = actions.sign_up(shift=shift, volunteer=own, by=request.user, at=timezone.now())
        return Response(shown(s.SignUpSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.PutDownSerializer, responses=s.PutDownAnswerSerializer, summary="安排志愿者")
    @action(detail=True, methods=["post"], url_path="put-down")
    def put_down(self, request: Request, pk: str) -> Response:
        shift, numbers = self.get_object(), asked(s.PutDownSerializer, request.data)["volunteers"]
        keys = volunteers_for(request.user, numbers)
        done = actions.put_down(shift=shift, volunteers=keys, by=request.user, at=timezone.now())
        return Response(s.PutDownAnswerSerializer(done).data)

    @extend_schema(responses=s.FittingSerializer(many=True), summary="推荐人选及理由", filters=False)
    @action(detail=True, pagination_class=None)
    def fitting(self, request: Request, pk: str) -> Response:
        shift = self.get_object()
        can_organise(request.user, shift.grid).insist()
        return Response(s.FittingSerializer(who_fits(shift, timezone.now()), many=True).data)

    @extend_schema(request=s.WhyNotSerializer, responses=s.ShiftSerializer, summary="取消班次（通知报名者）")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.WhyNotSerializer, request.data)
        actions.cancel_shift(shift=row, **given, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=s.CloseShiftSerializer, responses=s.ShiftSerializer, summary="确认时长并关闭班次")
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.CloseShiftSerializer, request.data)
        minutes = {one["sign_up"]: one["minutes"] for one in given["minutes"]}
        actions.close_shift(shift=row, minutes=minutes, by=request.user, at=timezone.now())
        return self._row()


class SignUpViewSet(WorkViewSet):
    """报名: those of the shifts in scope; the own ones of a volunteer."""

    queryset = SignUp.objects.all()
    serializer_class = s.SignUpSerializer
    filterset_class = SignUpFilter

    @extend_schema(request=s.CancelSignUpSerializer, responses=s.SignUpSerializer, summary="取消报名（候补依次转正）")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.CancelSignUpSerializer, request.data)
        actions.cancel_sign_up(sign_up=row, **given, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=s.CheckInSerializer, responses=s.SignUpSerializer, summary="签到（本人须凭班次二维码）")
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.CheckInSerializer, request.data)
        actions.check_in(sign_up=row, **given, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=None, responses=s.SignUpSerializer, summary="签退")
    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: Request, pk: str) -> Response:
        actions.check_out(sign_up=self.get_object(), by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=None, responses=s.SignUpSerializer, summary="登记未到")
    @action(detail=True, methods=["post"])
    def miss(self, request: Request, pk: str) -> Response:
        actions.miss_shift(sign_up=self.get_object(), by=request.user, at=timezone.now())
        return self._row()


class GovernancePostViewSet(WorkViewSet):
    """治理岗位, claimed by new-employment groups."""

    queryset = GovernancePost.objects.all()
    serializer_class = s.GovernancePostSerializer
    filterset_class = OnGridFilter

    def rows(self) -> Any:
        return super().rows().with_keepers()

    @extend_schema(request=s.MakePostSerializer, responses={201: s.GovernancePostSerializer}, summary="新建治理岗位")
    def create(self, request: Request) -> Response:
        given = asked(s.MakePostSerializer, request.data)
        grid = grid_for(request.user, given["grid"])
        row = actions.make_post(**{**given, "grid": grid}, by=request.user, at=timezone.now())
        return self._row(row.pk, status.HTTP_201_CREATED)

    @extend_schema(request=s.SwitchSerializer, responses=s.GovernancePostSerializer, summary="开放或停止认领")
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.SwitchSerializer, request.data)
        actions.switch_post(post=row, **given, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=None, responses=s.GovernancePostSerializer, summary="本人认领岗位")
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        row, own = self.get_object(), _own_volunteer(request)
        actions.claim_post(post=row, volunteer=own, by=request.user, at=timezone.now())
        return self._row()

    @extend_schema(request=s.EndClaimSerializer, responses=s.GovernancePostSerializer, summary="结束认领")
    @action(detail=True, methods=["post"], url_path="end-claim")
    def end_claim(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.EndClaimSerializer, request.data)
        number = given["volunteer"] or _own_volunteer(request).no
        claims = Claim.objects.visible_to(request.user).current()
        claim = claims.filter(post=row, volunteer__no=number).first()
        if claim is None:
            raise Conflict(_("Nobody of this number keeps this post."), code="no_claim")
        actions.end_claim(claim=claim, reason=given["reason"], by=request.user, at=timezone.now())
        return self._row()
