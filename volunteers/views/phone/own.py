"""Pages of the phone that belong to a volunteer: whoever is none is led to where one becomes one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gridgov.core.phone import phone_page
from volunteers.choices.people import VolunteerState
from volunteers.models import Volunteer


def own_volunteer(request: HttpRequest) -> Volunteer:
    """The volunteer that the reader is; raises PermissionDenied for everybody else."""
    found: Volunteer | None = Volunteer.objects.of(request.user)
    if found is None:
        raise PermissionDenied
    return found


def volunteer_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call VIEW with `request.volunteer`, the active volunteer who is signed in; all others go to /m/volunteer/, which says why."""

    @phone_page()
    @wraps(view)
    def own(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = Volunteer.objects.of(request.user)
        if found is None or found.state != VolunteerState.ACTIVE:
            return HttpResponseRedirect(reverse("m-volunteer"))
        request.volunteer = found  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return own
