"""/m/card/: the own contact card to show a resident, or to send on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.choices import CASE_ROLES
from gridgov.core.phone import phone_page
from grids import actions
from grids.forms.codes import draw_code, origin_of
from grids.models import ContactCard, Post


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_cards(request: HttpRequest) -> HttpResponse:
    """The cards of the own posts on grids; POST makes that of ?post=, or revokes it."""
    today = timezone.localdate()
    posts = list(Post.objects.current(today).filter(user=request.user, grid__isnull=False).for_list().order_by("pk"))
    if request.method == "POST":
        post = next((one for one in posts if str(one.pk) == request.POST.get("post")), None)
        if post is None:
            raise Http404
        act = actions.revoke_card if "revoke" in request.POST else actions.issue_card
        act(post=post, by=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("m-card"))
    tokens = dict(ContactCard.objects.standing().filter(post__in=posts).values_list("post", "token"))
    cards = []
    for post in posts:
        address = (
            f"{origin_of(request)}{reverse('contact-card', args=[token])}" if (token := tokens.get(post.pk)) else ""
        )
        code = draw_code(address) if address and post.is_public_contact else None
        cards.append({"post": post, "address": address, "code": code})
    return render(request, "grids/m/cards.html", {"cards": cards})
