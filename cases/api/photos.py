"""The picture itself, for those who see its case; covering what nobody is to recognise, and looking under the cover."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.models import Photo
from gridgov.core.api import ScopedViewSet, asked, shown

STAMP = OpenApiParameter("v", str)
PICTURE: Any = {(200, "image/jpeg"): OpenApiTypes.BINARY}


class PhotoViewSet(ScopedViewSet):
    """Photos are listed with their case (cases/{id}/)."""

    scopes = {"read": "cases:read", "write": "cases:write", "original": "photos:personal"}
    queryset = Photo.objects.all()
    serializer_class = s.PhotoSerializer
    tagged = False
    query_params = ("v",)
    http_method_names = ("get", "head", "options", "post")

    @extend_schema(parameters=[STAMP], responses=PICTURE, summary="照片")
    def retrieve(self, request: Request, pk: str) -> FileResponse:
        photo = self.get_object()
        return self._file(photo, photo.file)

    @extend_schema(parameters=[STAMP], responses=PICTURE, summary="照片缩略图")
    def thumb(self, request: Request, pk: str) -> FileResponse:
        photo = self.get_object()
        return self._file(photo, photo.thumb)

    @extend_schema(
        request=s.AreasSerializer, responses=s.PhotoSerializer, summary="遮挡人脸、车牌(原图保留,仅凭理由查看)"
    )
    def blur(self, request: Request, pk: str) -> Response:
        return Response(shown(s.PhotoSerializer, self._act(actions.blur_photo, s.AreasSerializer)))

    @extend_schema(request=s.ReasonSerializer, responses=s.PhotoSerializer, summary="取消遮挡(需说明理由,留痕)")
    def unblur(self, request: Request, pk: str) -> Response:
        return Response(shown(s.PhotoSerializer, self._act(actions.unblur_photo, s.ReasonSerializer)))

    @extend_schema(request=s.ReasonSerializer, responses=PICTURE, summary="查看照片原图(需说明理由,留痕)")
    def original(self, request: Request, pk: str) -> FileResponse:
        photo = self._act(actions.reveal_photo, s.ReasonSerializer)
        answer = self._file(photo, photo.original)
        answer["Cache-Control"] = "no-store"
        return answer

    def _act(self, verb: Callable[..., Photo], asks: type) -> Photo:
        """Read what is asked for and call the action; an invisible photo does not exist."""
        photo = self.get_object()
        try:
            return verb(photo=photo.pk, by=self.request.user, at=timezone.now(), **asked(asks, self.request.data))
        except Photo.DoesNotExist:
            raise Http404 from None

    def _file(self, photo: Photo, name: str) -> FileResponse:
        try:
            handle = (settings.MEDIA_ROOT / name).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(handle, content_type="image/jpeg")
        answer["X-Content-Type-Options"] = "nosniff"
        # Only an address with the file's own stamp may be kept: under another one a cover may come to lie.
        kept = "max-age=3600" if self.request.query_params.get("v") == photo.stamp else "no-cache"
        answer["Cache-Control"] = f"private, {kept}"
        return answer
