"""What residents find, kept by API: announcements, groups of neighbours, contact cards, and a street's public pages."""

from typing import Any

import django_filters
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from gridgov.core.api import asked
from gridgov.core.parsing import BoundedJSONParser
from grids import actions
from grids.api.serializers import released as s
from grids.api.verbs import VerbViewSet, verb
from grids.choices import GroupLevel
from grids.forms.codes import origin_of
from grids.models import ContactCard, GridNotice, GroupLink, PublicPage

SCOPES = {"read": "public:read", "write": "public:write"}


class OfGridFilter(django_filters.FilterSet):
    """`grid` is the beginning of a grid's code; `current` leaves only what stands today."""

    grid = django_filters.CharFilter("grid__code", "startswith", max_length=18)
    is_public = django_filters.BooleanFilter()
    current = django_filters.BooleanFilter(method="only_current")

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.current(timezone.localdate()) if wanted else rows


class GroupFilter(OfGridFilter):
    """`current`: not taken away, and not run out."""

    level = django_filters.ChoiceFilter(choices=GroupLevel.choices)

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.usable(timezone.localdate()) if wanted else rows


class AnnouncementViewSet(VerbViewSet):
    """What is announced to a grid and all below it, to residents where it is public."""

    scopes = SCOPES
    queryset = GridNotice.objects.all()
    serializer_class = s.AnnouncementSerializer
    filterset_class = OfGridFilter
    ordering = ("-id",)

    @extend_schema(request=s.AnnounceSerializer, responses={201: s.AnnouncementSerializer}, summary="发布公告")
    def create(self, request: Request) -> Response:
        return self.act(s.AnnounceSerializer, actions.announce)

    @verb("withdraw", Serializer, s.AnnouncementSerializer, "撤下公告")
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.act(Serializer, actions.withdraw_announcement, "notice")


class GroupViewSet(VerbViewSet):
    """Groups of neighbours 联户群 of grids, buildings and entrances."""

    scopes = SCOPES
    queryset = GroupLink.objects.all()
    serializer_class = s.ResidentGroupSerializer
    filterset_class = GroupFilter
    ordering = ("-id",)
    parser_classes = (BoundedJSONParser, MultiPartParser)

    @extend_schema(
        request={"application/json": s.AddGroupSerializer, "multipart/form-data": s.AddGroupSerializer},
        responses={201: s.ResidentGroupSerializer},
        summary="登记居民群（链接或二维码图片，二选一）",
    )
    def create(self, request: Request) -> Response:
        return self.act(s.AddGroupSerializer, actions.add_group)

    @extend_schema(
        request={"application/json": s.RenewGroupSerializer, "multipart/form-data": s.RenewGroupSerializer},
        responses=s.ResidentGroupSerializer,
        summary="更新居民群的链接或二维码",
    )
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        return self.act(s.RenewGroupSerializer, actions.renew_group, "group")

    @verb("end", Serializer, s.ResidentGroupSerializer, "停用居民群")
    def end(self, request: Request, pk: str) -> Response:
        return self.act(Serializer, actions.end_group, "group")

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY}, summary="居民群二维码图片")
    @action(detail=True)
    def picture(self, request: Request, pk: str) -> HttpResponse:
        """The picture of the group's code; 404 where it has a link instead."""
        picture = self.get_object().picture
        if picture is None:
            raise Http404
        return HttpResponse(bytes(picture), content_type="image/png")


class ContactCardViewSet(VerbViewSet):
    """Contact cards 连心卡: of the own posts, and for a street office of all posts on its grids."""

    scopes = SCOPES
    queryset = ContactCard.objects.all()
    serializer_class = s.ContactCardSerializer
    filterset_fields: Any = {"post": ["exact"], "revoked_at": ["isnull"]}
    ordering = ("-id",)

    @extend_schema(
        request=s.IssueCardSerializer, responses={201: s.ContactCardSerializer}, summary="制发连心卡（已有的原样返回）"
    )
    def create(self, request: Request) -> Response:
        return self.act(s.IssueCardSerializer, actions.issue_card)

    @verb("revoke", Serializer, s.ContactCardSerializer, "作废连心卡")
    def revoke(self, request: Request, pk: str) -> Response:
        asked(Serializer, request.data)
        card = self.get_object()
        actions.revoke_card(post=card.post, by=request.user, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


class PublicPageViewSet(VerbViewSet):
    """Whether a street's grids have pages that everybody can read, and what the office says on all of them."""

    scopes = SCOPES
    queryset = PublicPage.objects.all()
    serializer_class = s.PublicPageSerializer
    filterset_fields = ("is_open",)
    ordering = ("id",)

    @extend_schema(
        request=s.SetPageSerializer, responses={201: s.PublicPageSerializer}, summary="设定街道公开页（新设或整体替换）"
    )
    def create(self, request: Request) -> Response:
        return self.act(s.SetPageSerializer, actions.set_public_page)

    @extend_schema(request=s.ChangePageSerializer, responses=s.PublicPageSerializer, summary="修改街道公开页")
    def partial_update(self, request: Request, pk: str) -> Response:
        page = self.get_object()
        given = asked(s.ChangePageSerializer, request.data)
        values = {name: given.get(name, getattr(page, name)) for name in s.PAGE_FIELDS}
        actions.set_public_page(street=page.street, **values, by=request.user, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data, status=status.HTTP_200_OK)


def page_address(request: Request, code: str) -> str:
    """Where everybody reads the page of the grid CODE: what its QR plate says."""
    return f"{origin_of(request._request)}{reverse('grid-page', args=[code])}"
