"""/m/mediation/: the first page of whoever mediates, and all of the files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gridgov.core.keyset import Keyset
from gridgov.core.phone import phone_page
from mediation.models import Mediation, Mediator
from mediation.reports.own_day import lines_of, own_day
from mediation.views.phone.own import mediator_page

PAGE = 20


@phone_page()
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """The next sessions, records that are missing, the open files. Whoever mediates nothing reads who does."""
    mediator, at = Mediator.objects.of(request.user), timezone.now()
    if mediator is None:
        return render(request, "mediation/m/outside.html")
    context = {"mediator": mediator, "day": own_day(request.user, at), "now": at, "today": timezone.localdate(at)}
    return render(request, "mediation/m/home.html", context)


@mediator_page
@require_safe
def show_files(request: HttpRequest) -> HttpResponse:
    """Every file the reader may read, the newest first."""
    rows = Keyset(Mediation.objects.visible_to(request.user).for_list().order_by("-id"))
    page = rows.page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    lines = lines_of(page.rows, timezone.now())
    return render(request, "mediation/m/files.html", {"page": page, "lines": lines})
