"""The address of an upload: PUT a piece, GET how far it is."""

import re
import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from gridgov.core import uploads
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.idempotency import client_of
from gridgov.core.models import Upload
from gridgov.core.phone import error_as_json

_RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})", re.ASCII)


class UploadView(View):
    """Answers `{"received": n, "size": n}`; `as_view(owner=…, limits=…)` makes one for clients of another kind."""

    owner: Callable[[HttpRequest], str] = staticmethod(client_of)
    limits = uploads.SIGNED_IN
    http_method_names = ("get", "put", "head", "options")

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except Upload.DoesNotExist:
            answer = error_as_json(request, Http404())
        except uploads.Missed as missed:
            answer = error_as_json(request, missed, received=missed.received)
        except Refusal as refusal:
            answer = error_as_json(request, refusal)
        answer["Cache-Control"] = "no-store"
        return answer

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return _state(uploads.own(pk, self.owner(request)))

    def put(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        piece = _piece(request)
        client = self.owner(request)
        return _state(uploads.keep_piece(upload=pk, piece=piece, client=client, limits=self.limits, at=timezone.now()))


def _state(row: Upload) -> JsonResponse:
    return JsonResponse({"received": row.received, "size": row.size})


def _piece(request: HttpRequest) -> uploads.Piece:
    """The piece that REQUEST brings. Its length is looked at before it is read."""
    said = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if said is None:
        raise Invalid(_("Content-Range must say which bytes these are: bytes 0-99/1000."), code="bad_range")
    if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.PIECE:
        raise uploads.TooLarge(_("A piece may have at most %(size)s KB.") % {"size": uploads.PIECE // 1024})
    start, last, size = (int(number) for number in said.groups())
    content = request.body
    if len(content) != last - start + 1:
        raise Invalid(_("The piece does not fit the size of the file."), code="bad_range")
    return uploads.Piece(start, content, size, request.content_type or "")
