"""What is done to one photo on the page of its case: cover faces and plates, look at the original, take the cover off.

Called by static/cases/photos.js and blur.js; a refusal is answered as {"message": …} with its status.
"""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import actions
from cases.forms import RevealForm
from cases.models import Photo
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.errors import Conflict, Invalid, Refusal

# Forty areas in JSON are some two thousand characters.
MOST_CHARACTERS = 10_000


class PhotoViews(HouseAdmin):
    """…/<case>/photos/<photo>/{blur,original,unblur}/, each a POST that calls one action."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.photo_view)
        return [path("<int:pk>/photos/<int:photo>/<slug:what>/", view, name="cases_case_photo"), *super().get_urls()]

    def photo_view(self, request: HttpRequest, pk: int, photo: int, what: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        does = {"blur": self._blur, "original": self._original, "unblur": self._unblur}.get(what)
        if does is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not Photo.objects.visible_to(request.user).filter(pk=photo, case=pk).exists():
            raise Http404
        try:
            return does(request, photo)
        except Photo.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:
            return JsonResponse({"message": str(refusal)}, status=refusal.status)

    def _blur(self, request: HttpRequest, photo: int) -> HttpResponse:
        areas = _areas(request.POST.get("areas", ""))
        actions.blur_photo(photo=photo, areas=areas, by=request.user, at=timezone.now())
        return HttpResponse(status=204)

    def _unblur(self, request: HttpRequest, photo: int) -> HttpResponse:
        actions.unblur_photo(photo=photo, reason=_reason(request), by=request.user, at=timezone.now())
        return HttpResponse(status=204)

    def _original(self, request: HttpRequest, photo: int) -> HttpResponse:
        """The picture itself, for this once: it is not kept anywhere."""
        row = actions.reveal_photo(photo=photo, reason=_reason(request), by=request.user, at=timezone.now())
        try:
            content = (settings.MEDIA_ROOT / row.original).read_bytes()
        except FileNotFoundError:
            raise Conflict(_("The file of this photo is missing."), code="missing") from None
        return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _reason(request: HttpRequest) -> str:
    form = RevealForm(request.POST, row=None, by=request.user)
    if not form.is_valid():
        raise Invalid(form.errors["reason"][0], field="reason")
    return str(form.cleaned_data["reason"])


def _areas(text: str) -> Any:
    """What TEXT holds, for the rule to judge; nothing where it is no JSON."""
    try:
        return json.loads(text) if len(text) <= MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        return None
