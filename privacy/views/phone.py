"""/m/me/looks/ and /m/me/request/: who looked at the own data, and what one asks about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gridgov.core.codes import spaced
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.phone import phone_page
from grids.models import Grid, Post
from privacy import actions
from privacy.actions.asking import Asked
from privacy.choices import Source
from privacy.forms.public import OwnAskForm
from privacy.models import Request
from privacy.reports.looks import own_told
from volunteers.models import Volunteer


@phone_page()
@require_safe
def show_looks(request: HttpRequest) -> HttpResponse:
    """Looks at one's own patrols and at who one is as a volunteer: role, moment and reason; not which colleague."""
    context = {
        "looks": own_told(request.user),
        "requests": Request.objects.filter(user=request.user).order_by("-id")[:20],
    }
    return render(request, "privacy/m/looks.html", context)


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about_me(request: HttpRequest) -> HttpResponse:
    """The phone is the account's, or the volunteer's; whether it is the person's own nobody has proved yet."""
    form, status = OwnAskForm(request.POST or None), 200
    found = Volunteer.objects.filter(user=request.user).first()
    phone = (found and found.phone) or request.user.phone
    name = (found and found.name) or request.user.full_name
    street = _street(request, found)
    if request.method == "POST" and phone and street:
        status = 400
        if form.is_valid():
            who = {"name": name, "phone": phone, "source": Source.OWN, "user": request.user}
            asked = Asked(street, **who, asks=form.cleaned_data["asks"], words=form.cleaned_data["words"])
            try:
                row, code = actions.take_request(asked=asked, by=request.user, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                return render(request, "privacy/m/taken.html", {"row": row, "code": spaced(code)}, status=201)
    return render(request, "privacy/m/ask.html", {"form": form, "phone": phone, "street": street}, status=status)


def _street(request: HttpRequest, found: Volunteer | None) -> Grid | None:
    """The street that answers: of the volunteer's grid, or of the own post."""
    grid = found.grid if found else None
    if grid is None:
        posts = Post.objects.current(timezone.localdate()).filter(user=request.user).exclude(grid=None)
        post = posts.select_related("grid").first()
        grid = post.grid if post else None
    return grid and Grid.objects.filter(code=grid.street_code).first()
