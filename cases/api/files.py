"""A picture or a voice note under an address that holds for some minutes (cases.reports.links)."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.reports.links import linked
from gridgov.core.api import Api
from gridgov.core.pacing import MinuteThrottle

FILE: Any = {(200, "image/jpeg"): OpenApiTypes.BINARY, (200, "audio/*"): OpenApiTypes.BINARY}


class FilesThrottle(MinuteThrottle):
    kind = "files"


class LinkedFileView(Api):
    """Whoever holds the address gets the file: the address is what lets in."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (FilesThrottle,)

    @extend_schema(responses=FILE, summary="照片、语音文件(短时有效的链接)", tags=["photos"], auth=[])
    def get(self, request: Request, token: str) -> FileResponse:
        found = linked(token, timezone.now())
        if found is None:
            raise Http404
        try:
            handle = found.path.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        # An attachment: shown on a page of ours, nothing in it could ever run there.
        answer = FileResponse(handle, as_attachment=True, filename=found.name, content_type=found.mime)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
