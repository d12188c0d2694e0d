"""The voice note itself, for those who see its case."""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases import rules
from cases.api import serializers as s
from cases.models import VoiceNote
from gridgov.core.api import ScopedViewSet

SOUND: Any = {(200, "audio/*"): OpenApiTypes.BINARY, (206, "audio/*"): OpenApiTypes.BINARY, 416: None}
_RANGE = re.compile(r"bytes=(\d{0,8})-(\d{0,8})", re.ASCII)


class VoiceViewSet(ScopedViewSet):
    """Voice notes are listed with their case (cases/{id}/)."""

    scopes = {"retrieve": "voices:personal"}
    queryset = VoiceNote.objects.select_related("case__reporter")
    serializer_class = s.VoiceSerializer
    tagged = False
    http_method_names = ("get", "head", "options")

    @extend_schema(responses=SOUND, summary="语音")
    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        note = self.get_object()
        rules.can_hear(request.user, note.by_id, getattr(note.case, "reporter", None)).insist()
        try:
            content = (settings.MEDIA_ROOT / note.file).read_bytes()
        except FileNotFoundError:
            raise Http404 from None
        answer = _part(content, request.headers.get("Range", ""))
        answer["Content-Type"] = note.mime
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Accept-Ranges"] = "bytes"
        answer["Cache-Control"] = "private, max-age=3600"
        return answer


def _part(content: bytes, wanted: str) -> HttpResponse:
    """CONTENT, or the part of it that a Range header WANTED: iPhones play nothing that can't be had in parts."""
    asked, size = _RANGE.fullmatch(wanted), len(content)
    if asked is None or not (asked[1] or asked[2]):
        return HttpResponse(content)
    first = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
    last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return HttpResponse(
        content[first : last + 1], status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"}
    )
