"""/m/volunteer/here/<key>/: what the QR code at a shift leads to. Reading it changes nothing; the button does."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gridgov.core.errors import Conflict
from gridgov.core.idempotency import Done
from gridgov.core.phone_forms import carry_out
from volunteers import actions
from volunteers.forms.shifts import CancelForm
from volunteers.models import Shift, SignUp
from volunteers.views.phone.own import volunteer_page
from volunteers.views.phone.shifts import page_of


@volunteer_page
@require_http_methods(["GET", "HEAD", "POST"])
def be_here(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Check in or out of the shift whose code was read: `do=out` goes, anything else comes."""
    shift, now, form = Shift.objects.for_list().filter(key=key).first(), timezone.now(), CancelForm({})
    if shift is None or shift.grid.tree_id != request.volunteer.grid.tree_id:
        raise Http404
    if request.method != "POST":
        return page_of(request, shift, here=True)

    def act() -> Done:
        row = SignUp.objects.filter(shift=shift, volunteer=request.volunteer).first()
        if row is None:
            raise Conflict(_("You have not signed up for this shift: please ask the organiser."), code="not_signed_up")
        if request.POST.get("do") == "out":
            actions.check_out(sign_up=row, by=request.user, at=now)
        else:
            actions.check_in(sign_up=row, key=key, by=request.user, at=now)
        return Done(request.path, _("check-in"))

    return carry_out(request, form, act, at=now, again=lambda status: page_of(request, shift, form, status, here=True))
