"""/m/field/visit/: a line of the visit log, and a case made of one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import FIELD_ROLES
from cases.models import Case
from fieldwork import actions
from fieldwork.forms.phone import CaseForm, VisitForm
from fieldwork.models import Visit
from fieldwork.reports import place_of
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out

BOTH = ["GET", "HEAD", "POST"]


@phone_page(roles=FIELD_ROLES, offline=True)
@require_http_methods(BOTH)
def show_visit(request: HttpRequest) -> HttpResponse:
    """A form of its own, without the log: it opens without a network too."""
    now = timezone.now()
    form = VisitForm(request.POST or None, by=request.user)

    def act() -> Done:
        given = insist(form)
        grid = place_of(request.user, given.pop("grid"), timezone.localdate(now))
        actions.log_visit(grid=grid, happened_at=given.pop("at"), **given, by=request.user, at=now)
        return Done(f"{reverse('m-field')}?logged", _("visit"))

    def page(status: int = 200) -> HttpResponse:
        return render(request, "fieldwork/m/visit.html", {"form": form}, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


@phone_page(roles=FIELD_ROLES)
@require_http_methods(BOTH)
def show_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit of one's own, and the case made of what was found."""
    visit = Visit.objects.own(request.user).for_list().filter(pk=pk).first()
    if visit is None:
        raise Http404
    now = timezone.now()
    form = CaseForm(request.POST or None, initial={"text": visit.note})

    def act() -> Done:
        case = actions.make_case_of(visit=visit, **insist(form), by=request.user, at=now)
        return Done(page_of(case), case.no)

    def page(status: int = 200) -> HttpResponse:
        context = {"visit": visit, "form": form, "case_page": page_of(visit.case) if visit.case else ""}
        return render(request, "fieldwork/m/visited.html", context, status=status)

    if request.method != "POST":
        return page()
    if visit.case_id is not None:
        return HttpResponseRedirect(request.path)
    return carry_out(request, form, act, at=now, again=page)


def page_of(case: Case) -> str:
    """The phone's page of CASE."""
    try:
        return reverse("m-case", args=[case.pk])
    except NoReverseMatch:
        return reverse("m-field")
