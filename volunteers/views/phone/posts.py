"""/m/volunteer/posts/: governance posts to claim, the own ones, and the report of a problem."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone_forms import carry_out
from grids.models import Grid
from grids.queries import heavy
from volunteers import actions
from volunteers.forms.shifts import CancelForm, FindingForm
from volunteers.models import Claim, Finding, GovernancePost
from volunteers.reports.posts import own_claims, posts_to_claim
from volunteers.views.phone.own import volunteer_page

MOST_FOUND = 20


@volunteer_page
@require_safe
def show_posts(request: HttpRequest) -> HttpResponse:
    return _page(request, None, 200)


def _page(request: HttpRequest, form: CancelForm | None, status: int) -> HttpResponse:
    volunteer = request.volunteer
    found = Finding.objects.filter(volunteer=volunteer).select_related("case").defer("case__search")[:MOST_FOUND]
    context = {
        "claims": own_claims(volunteer), "posts": posts_to_claim(volunteer), "found": found, "form": form,
        "may_claim": volunteer.kind == "new_employment",
    }  # fmt: skip
    return render(request, "volunteers/m/posts.html", context, status=status)


@volunteer_page
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    post = GovernancePost.objects.visible_to(request.user).filter(pk=pk).first()
    if post is None:
        raise Http404
    now, form = timezone.now(), CancelForm({})

    def act() -> Done:
        actions.claim_post(post=post, volunteer=request.volunteer, by=request.user, at=now)
        return Done(reverse("m-volunteer-posts"), _("claim"))

    return carry_out(request, form, act, at=now, again=lambda status: _page(request, form, status))


@volunteer_page
@require_POST
def end_claim(request: HttpRequest, pk: int) -> HttpResponse:
    row = Claim.objects.filter(pk=pk, volunteer=request.volunteer).first()
    if row is None:
        raise Http404
    now, form = timezone.now(), CancelForm({})

    def act() -> Done:
        actions.end_claim(claim=row, by=request.user, at=now)
        return Done(reverse("m-volunteer-posts"), _("claim"))

    return carry_out(request, form, act, at=now, again=lambda status: _page(request, form, status))


@volunteer_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_problem(request: HttpRequest) -> HttpResponse:
    """A problem seen on the way: a case like a resident's. Who reported it is known to the organisers alone."""
    now = timezone.now()
    form = FindingForm(request.POST or None, request.FILES or None, volunteer=request.volunteer)

    def act() -> Done:
        given = insist(form)
        post = next((one.post for one in own_claims(request.volunteer) if str(one.post_id) == given["post"]), None)
        grid = post.grid if post else Grid.objects.defer(*heavy("")).get(pk=given["grid"])
        actions.report_finding(
            volunteer=request.volunteer, grid=grid, category=given["category"], text=given["text"], place=given["place"],
            post=post, photos=given["photos"], by=request.user, at=now,
        )  # fmt: skip
        return Done(f"{reverse('m-volunteer-posts')}?sent", _("report"))

    def page(status: int = 200) -> HttpResponse:
        return render(request, "volunteers/m/find.html", {"form": form}, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()
