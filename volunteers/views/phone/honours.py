"""/m/volunteer/honours/: the own stars and papers; the official record is asked for here and issued at once."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.phone import phone_page
from volunteers.actions import certificates
from volunteers.forms.honours import RecordForm
from volunteers.forms.papers import paper_of
from volunteers.models import Certificate
from volunteers.reports.honours import honours_of
from volunteers.views.phone.own import own_volunteer


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_honours(request: HttpRequest) -> HttpResponse:
    """POST asks for the record of some days."""
    volunteer, status = own_volunteer(request), 200
    form = RecordForm(request.POST or None)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                certificates.issue_record(volunteer=volunteer, **form.cleaned_data, by=request.user, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                return HttpResponseRedirect(f"{reverse('m-volunteer-honours')}?made")
    context = {"honours": honours_of(volunteer), "form": form, "made": "made" in request.GET}
    return render(request, "volunteers/m/honours.html", context, status=status)


@phone_page()
@require_safe
def fetch_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The own paper as a PDF; that it was fetched is recorded."""
    if not Certificate.objects.filter(pk=pk, volunteer=own_volunteer(request)).exists():
        raise PermissionDenied
    row = certificates.note_print(certificate=pk, by=request.user, at=timezone.now())
    return paper_of(request, row)
