"""Pages of the phone that belong to whoever mediates, whatever the role: a file that isn't the reader's does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from gridgov.core.phone import phone_page
from mediation.actions.looking import look_at
from mediation.models import Mediation, Mediator, Party, Session

View = Callable[..., HttpResponse]


def mediator_page(view: View) -> View:
    """Call VIEW with `request.mediator`, who is signed in; all others go to /m/mediation/, which says why."""

    @phone_page()
    @wraps(view)
    def own(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = Mediator.objects.of(request.user)
        if found is None:
            return HttpResponseRedirect(reverse("m-mediation"))
        request.mediator = found  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return own


def file_or_404(request: HttpRequest, pk: int) -> Mediation:
    """A file the reader reads; the look is recorded."""
    return _looked(request, Mediation.objects.visible_to(request.user).for_detail().filter(pk=pk).first())


def session_or_404(request: HttpRequest, pk: int) -> Session:
    """A session of such a file; the look is recorded."""
    row = Session.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if row is None:
        raise Http404
    row.mediation = file_or_404(request, row.mediation_id)
    return row


def party_or_404(request: HttpRequest, pk: int) -> Party:
    """A party of such a file; the look is recorded."""
    row = Party.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    row.mediation = file_or_404(request, row.mediation_id)
    return row


def _looked(request: HttpRequest, row: Mediation | None) -> Mediation:
    if row is None:
        raise Http404
    look_at(mediation=row, what="file", by=request.user, at=timezone.now())
    return row
