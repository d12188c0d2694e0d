"""Contact cards to print: for the posts of a community that the office names on its public page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.models import User
from grids import actions
from grids.admin.disclosures import pdf_of, places_of
from grids.forms.cards import CardOf, first_duty, print_cards
from grids.forms.codes import origin_of
from grids.forms.released import CardsForm
from grids.models import ContactCard, Grid, Post, PublicPage
from grids.queries import heavy, scope_of
from grids.reports import Duties, duties_of
from grids.rules.serving import can_issue_card

MOST_CARDS = 400


def show_cards(request: HttpRequest, page: Any) -> HttpResponse:
    """Which community and which size; POST makes the PDF, for it issues cards to those who have none."""
    places = places_of(request.user, request.GET.get("at", ""))
    given = request.POST if request.method == "POST" else None
    form = CardsForm(given, initial=request.GET.dict(), row=places, by=request.user)
    if given is not None and form.is_valid():
        street, posts = _chosen(request.user, form.cleaned_data["at"])
        if 0 < len(posts) <= MOST_CARDS:
            cards = actions.issue_cards(posts=posts, by=request.user, at=timezone.now())
            printed = print_cards(_cards(street, posts, cards, origin_of(request)), form.cleaned_data["size"])
            return pdf_of(printed, "contact-cards")
        none = _t("No post there is named on the public page. Choose “Name publicly” on a post first.")
        many = _t("%(count)d cards are too many for one file: choose a community.")
        form.add_error(None, many % {"count": len(posts)} if posts else none)
    is_open = PublicPage.objects.visible_to(request.user).filter(is_open=True).exists()
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _t("Contact cards"), "form": form,
        "places": places, "origin": origin_of(request), "open": is_open, "here": request.path,
        "back": reverse("admin:grids_post_changelist"),
    }  # fmt: skip
    return TemplateResponse(request, "grids/cards.html", context, status=400 if form.errors else 200)


def _chosen(user: User, at: str) -> tuple[Grid, list[Post]]:
    """The street of the grid AT, and the posts at and below it for which USER may have cards made."""
    place, today = Grid.objects.defer(*heavy("")).get(code=at), timezone.localdate()
    under = Grid.objects.under(place).current(today).order_by().values("pk")
    rows = Post.objects.current(today).filter(grid__in=under, is_public_contact=True, user__is_active=True)
    rows = rows.for_list().select_related("grid__parent").defer(*heavy("grid", "grid__parent"))
    scope = scope_of(user)
    posts = [post for post in rows.order_by("grid__lft", "pk") if can_issue_card(user, scope, post, today)]
    return Grid.objects.defer(*heavy("")).street_of(place), posts


def _cards(street: Grid, posts: list[Post], cards: list[ContactCard], origin: str) -> list[CardOf]:
    duties = {str(one.kind): one for one in duties_of(street, {post.kind for post in posts}, timezone.localdate())}
    return [
        CardOf(
            post.user.full_name, post.get_kind_display(), post.grid.name, _way(street, post.grid), post.public_phone,
            _duty(duties.get(post.kind)), f"{origin}{reverse('contact-card', args=[card.token])}",
        )
        for post, card in zip(posts, cards, strict=True)
    ]  # fmt: skip


def _way(street: Grid, grid: Grid) -> str:
    return " · ".join(one.name for one in (street, grid.parent) if one is not None and one.pk not in {grid.pk})


def _duty(duties: Duties | None) -> str:
    return first_duty([text for _area, texts in duties.areas for text in texts]) if duties else ""
