"""/m/volunteer/: the first page of a volunteer, in parts that each report fills."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gridgov.core.phone import phone_page
from volunteers.choices.people import VolunteerState
from volunteers.models import Volunteer
from volunteers.reports.honours import honours_of
from volunteers.reports.purse import purse_of
from volunteers.reports.shifts import shifts_at_hand


@phone_page()
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Whoever is no volunteer, or not yet, reads how to become one, or how the application stands."""
    volunteer, at = Volunteer.objects.of(request.user), timezone.now()
    if volunteer is None or volunteer.state != VolunteerState.ACTIVE:
        return render(request, "volunteers/m/outside.html", {"volunteer": volunteer})
    context = {
        "volunteer": volunteer, "now": at, **shifts_at_hand(volunteer, at), "purse": purse_of(volunteer, timezone.localdate(at)),
        "honours": honours_of(volunteer),
    }  # fmt: skip
    return render(request, "volunteers/m/home.html", context)
