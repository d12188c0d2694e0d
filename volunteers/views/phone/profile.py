"""/m/volunteer/profile/: what a volunteer is known by and offers; resting, coming back and leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Role
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.phone import phone_page
from volunteers import actions
from volunteers.forms.joining import LeaveForm, ProfileForm
from volunteers.models import Squad, Volunteer
from volunteers.reports.places import micros_of
from volunteers.rules import people as rules
from volunteers.views.phone.own import own_volunteer

# Done at a tap, without anything to fill in.
AT_A_TAP: dict[str, Callable[..., Volunteer]] = {
    "pause": actions.pause_volunteer,
    "resume": actions.resume_volunteer,
}


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_profile(request: HttpRequest) -> HttpResponse:
    """POST changes it."""
    row = own_volunteer(request)
    micros = micros_of(row, timezone.localdate())
    known = {"nickname": row.nickname, "phone": row.phone, "skills": row.skills, "times": row.times}
    known["serves"] = list(row.serves.values_list("code", flat=True))
    form, status = ProfileForm(request.POST or None, initial=known, micros=micros), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = {"offer": form.offer, "phone": form.cleaned_data["phone"]}
            try:
                actions.change_profile(volunteer=row, **given, by=request.user, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Your data are changed."))
                return HttpResponseRedirect(reverse("m-volunteer-profile"))
    return _page(request, row, "profile.html", status=status, form=form)


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def do_with_profile(request: HttpRequest, verb: str) -> HttpResponse:
    """Rest, come back; leaving is a page that asks once more."""
    row = own_volunteer(request)
    if verb == "leave":
        return _leave(request, row)
    if verb not in AT_A_TAP:
        raise Http404
    if request.method == "POST":
        try:
            AT_A_TAP[verb](volunteer=row, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return HttpResponseRedirect(reverse("m-volunteer-profile"))


def _leave(request: HttpRequest, row: Volunteer) -> HttpResponse:
    form, status = LeaveForm(request.POST or None), 200
    if request.method == "POST":
        status, by = 400, request.user
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                actions.leave_volunteering(volunteer=row, reason=reason, by=by, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                if by.role == Role.VOLUNTEER:
                    logout(request)
                return render(request, "volunteers/m/left.html")
    return _page(request, row, "leave.html", status=status, form=form)


def _page(request: HttpRequest, row: Volunteer, name: str, *, status: int, **context: Any) -> HttpResponse:
    by = request.user
    context |= {
        "volunteer": row, "may_pause": bool(rules.can_pause(by, row)), "may_resume": bool(rules.can_resume(by, row)),
        "may_leave": bool(rules.can_leave(by, row)), "may_change": bool(rules.can_change(by, row)),
        "squads": Squad.objects.of(row).select_related("lead"),
    }  # fmt: skip
    return render(request, f"volunteers/m/{name}", context, status=status)
