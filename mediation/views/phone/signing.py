"""/m/mediation/…/sign/: parties and the mediator sign on the mediator's phone, one after the other."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gridgov.core.errors import Refusal
from gridgov.core.forms import insist, refuse
from mediation.actions.signing import sign
from mediation.choices.deeds import SignedHow
from mediation.forms.signing_here import SignHereForm
from mediation.models import Mediation, Session
from mediation.reports.own_session import to_sign
from mediation.views.phone.own import file_or_404, mediator_page, session_or_404

BOTH = ["GET", "HEAD", "POST"]


@mediator_page
@require_http_methods(BOTH)
def sign_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    return _sign(request, file_or_404(request, pk), None)


@mediator_page
@require_http_methods(BOTH)
def sign_record(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    return _sign(request, session.mediation, session)


def _sign(request: HttpRequest, mediation: Mediation, session: Session | None) -> HttpResponse:
    """The text, who has signed, and the place to sign; after one has, the phone goes on to the next."""
    text, at, status = to_sign(mediation, session, request.mediator), timezone.now(), 200  # type: ignore[attr-defined]
    if text is None:
        raise Http404
    form = SignHereForm(request.POST or None, text=text)
    if request.method == "POST":
        try:
            insist(form)
            given = {**form.given(), "session": session and session.pk, "how": SignedHow.SCREEN}
            sign(mediation=mediation, **given, signed_on=timezone.localdate(at), by=request.user, at=at)
        except Refusal as refusal:
            status = refusal.status
            if form.is_valid():
                refuse(form, refusal)
        else:
            messages.success(request, _("Signed."))
            return HttpResponseRedirect(request.path)
    context = {"file": mediation, "text": text, "form": form}
    return render(request, "mediation/m/sign.html", context, status=status)
