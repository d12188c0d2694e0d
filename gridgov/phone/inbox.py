"""The own notices on the phone, newest first."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.choices import NoticeKind
from accounts.models import Notice
from gridgov.core.keyset import Keyset
from gridgov.core.phone import phone_page

PAGE = 20
# What a notice is about, and the phone's page of it.
PAGES = {
    "cases.case": "m-case", "fieldwork.patrol": "m-walked", "volunteers.shift": "m-volunteer-shift",
    "volunteers.signup": "m-volunteer-hours-of", "volunteers.redemption": "m-volunteer-exchanged",
}  # fmt: skip


@require_safe
@phone_page()
def show_inbox(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user).for_list().for_detail().order_by("-id")
    page = Keyset(rows).page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return render(request, "m/inbox.html", {"page": page, "digest": NoticeKind.DIGEST})


@require_POST
@phone_page()
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read and go to what it is about; what has no page here is only read."""
    rows = Notice.objects.visible_to(request.user).filter(pk=pk)
    row = rows.first()
    if row is None:
        raise Http404
    actions.mark_read(notices=rows, at=timezone.now())
    return HttpResponseRedirect(_page_of(row) or reverse("m-inbox"))


@require_POST
@phone_page()
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(notices=Notice.objects.visible_to(request.user), at=timezone.now())
    return HttpResponseRedirect(reverse("m-inbox"))


def _page_of(row: Notice) -> str:
    try:
        return reverse(PAGES[row.subject_type], args=[row.subject_id])
    except (KeyError, NoReverseMatch):
        return ""
