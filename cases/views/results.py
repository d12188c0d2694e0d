"""Published results 公开问效: what came of cases, for everybody. A case that is not published does not exist here."""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from cases.actions.pictures import for_everybody
from cases.models import Photo
from cases.queries import NUMBER_DIGITS
from cases.reports.published import Published, public_groups, public_places, published, result_of, satisfaction
from cases.rules.photos import may_bear_a_number
from gridgov.core.keyset import Keyset
from grids.views.open_page import KEPT_SECONDS, open_page

PAGE = 20
_CODE, _CATEGORY, _MONTH = (
    re.compile(r"[0-9]{9,18}"),
    re.compile(r"[0-9A-Za-z]{1,4}"),
    re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
)


@open_page()
def show_results(request: HttpRequest) -> HttpResponse:
    """The results, ?g= of a grid, ?category= of a matter or a group of them, ?month= closed in it; what can't be is no filter."""
    asked = {
        name: value
        for name, pattern in (("g", _CODE), ("category", _CATEGORY), ("month", _MONTH))
        if pattern.fullmatch(value := request.GET.get(name, ""))
    }
    month = dt.date.fromisoformat(f"{asked['month']}-01") if "month" in asked else None
    rows = published(asked.get("g", ""), asked.get("category", ""), month)
    page = Keyset(rows).page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context: dict[str, Any] = {
        "rows": page.rows, "asked": asked, "places": public_places(), "groups": public_groups(),
        "satisfaction": cache.get_or_set(f"results:{urlencode(asked)}", lambda: satisfaction(rows), KEPT_SECONDS),
        "newer": _link(asked, before=page.before), "older": _link(asked, after=page.after),
    }  # fmt: skip
    return render(request, "cases/public/results.html", context)


def _link(asked: dict[str, str], **mark: str) -> str:
    """The query of the page at MARK; '' where there is none."""
    return f"?{urlencode({**asked, **mark})}" if all(mark.values()) else ""


@open_page(kept=0)
def show_result(request: HttpRequest, no: str) -> HttpResponse:
    return render(request, "cases/public/result.html", {"found": _result_or_404(no)})


@open_page(kept=0)
def show_photo(request: HttpRequest, no: str, pk: int) -> HttpResponse:
    """A picture released with the result, as it looked when it was released; who took it is nobody's business here."""
    if pk not in {photo.pk for photo in _result_or_404(no).photos}:
        raise Http404
    photo = Photo.objects.select_related("by").get(pk=pk)
    try:
        content = for_everybody(photo.file) if may_bear_a_number(photo.by) else _kept(photo)
    except FileNotFoundError:
        raise Http404 from None
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _kept(photo: Photo) -> bytes:
    return (settings.MEDIA_ROOT / photo.file).read_bytes()


def _result_or_404(no: str) -> Published:
    fits = no.isascii() and no.isdigit() and len(no) <= NUMBER_DIGITS
    found = result_of(no) if fits else None
    if found is None:
        raise Http404
    return found
