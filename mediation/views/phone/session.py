"""/m/mediation/sessions/<pk>/: a session, and its record, written on the spot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from mediation.actions.meeting import write_record
from mediation.forms.record import RecordForm
from mediation.models import Session
from mediation.reports.own_session import own_session
from mediation.views.phone.own import mediator_page, session_or_404


@mediator_page
@require_safe
def show_session(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "mediation/m/session.html", {"seen": own_session(session_or_404(request, pk))})


@mediator_page
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record. What is typed lies on the phone until it is sent; of two who write, the second is shown what the first wrote."""
    session, now = session_or_404(request, pk), timezone.now()
    form = RecordForm(request.POST or None, session=session)

    def act() -> Done:
        insist(form)
        write_record(session=session, **form.given(), by=request.user, at=now)
        return Done(reverse("m-mediation-session", args=[pk]), _("Record"))

    def page(status: int = 200) -> HttpResponse:
        kept = Session.objects.select_related("recorded_by").get(pk=pk)
        context = {"session": session, "form": form, "kept": kept, "overtaken": status == 409}
        return render(request, "mediation/m/record.html", context, status=status)

    if request.method == "POST":
        return carry_out(request, form, act, at=now, again=page)
    return page()


@phone_page(offline=True)
@require_safe
def show_notes(request: HttpRequest) -> HttpResponse:
    """Opens without a network: which sessions there are lies on the phone (static/mediation/m/notes.js)."""
    return render(request, "mediation/m/notes.html")
