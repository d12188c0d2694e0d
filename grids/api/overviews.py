"""What the desk's overviews say of a ground: borders that fit, posts that are held, party organisations over it."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, rules
from grids.api.released import page_address
from grids.api.serializers import GridSerializer
from grids.api.serializers import overviews as s
from grids.api.serializers import released as open_page
from grids.api.verbs import VerbViewSet, verb
from grids.models import Grid
from grids.queries import heavy
from grids.reports import coverage, disclosure, party_lines, staffing


class Overviews(VerbViewSet):
    """Part of GridViewSet. They speak of the ground at and below the own posts; a grid above is not there."""

    @extend_schema(responses=s.CoverageSerializer, summary="下级网格边界是否拼合（空隙、重叠、越界）")
    @action(detail=True, pagination_class=None, filter_backends=())
    def coverage(self, request: Request, pk: str) -> Response:
        return Response(s.CoverageSerializer(coverage(self._ground(), timezone.localdate())).data)

    @extend_schema(responses=s.StaffLineSerializer(many=True), summary="各网格在岗人员与空缺")
    @action(detail=True, pagination_class=None, filter_backends=())
    def staffing(self, request: Request, pk: str) -> Response:
        return Response(s.StaffLineSerializer(staffing(self._ground(), timezone.localdate()), many=True).data)

    @extend_schema(responses=s.PartyLineSerializer(many=True), summary="党组织覆盖情况")
    @action(detail=True, pagination_class=None, filter_backends=())
    def party(self, request: Request, pk: str) -> Response:
        return Response(s.PartyLineSerializer(party_lines(self._ground(), timezone.localdate()), many=True).data)

    @extend_schema(responses=open_page.GridPageSerializer, summary="网格公开页（二维码门牌所指）")
    @action(detail=True, pagination_class=None, filter_backends=())
    def page(self, request: Request, pk: str) -> Response:
        """What everybody reads who scans the plate; nothing but what the office has released."""
        code = self.get_object().code
        found = disclosure(code, timezone.localdate())
        said = {
            "address": page_address(request, code),
            "is_open": found is not None,
            "servers": found.servers if found else (),
            "duties": found.duties if found else (),
            "notices": found.notices if found else (),
            "groups": found.groups if found else (),
            "ended": found.ended if found else None,
            "heir": found.heir[0] if found and found.heir else None,
        }
        return Response(open_page.GridPageSerializer(said).data)

    @verb("households", s.SuggestHouseholdsSerializer, GridSerializer, "上报户数（告知街道与网格长核改）")
    def households(self, request: Request, pk: str) -> Response:
        return self.act(s.SuggestHouseholdsSerializer, actions.suggest_households, "grid")

    def _ground(self) -> Grid:
        rules.can_oversee(self.request.user).insist()
        key = int(self.kwargs["pk"]) if len(self.kwargs["pk"]) < 19 else 0
        grid: Grid | None = Grid.objects.ground_of(self.request.user).defer(*heavy("")).filter(pk=key).first()
        if grid is None:
            raise Http404
        return grid
