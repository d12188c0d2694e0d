"""/m/mediation/<pk>/paper/: the photo of a paper goes into the volume; it waits on the phone for a network."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gridgov.core.errors import Invalid
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone_forms import carry_out
from gridgov.core.uploads import files_of
from mediation.actions.papers import add_paper
from mediation.forms.paper_here import MOST_PAGES, PaperHereForm
from mediation.views.phone.own import file_or_404, mediator_page


@mediator_page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    file, now = file_or_404(request, pk), timezone.now()
    form = PaperHereForm(request.POST or None, file=file)

    def act() -> Done:
        given, photos = insist(form), files_of(request, "photos")
        if not 1 <= len(photos) <= MOST_PAGES:
            raise Invalid(_("Take at least one photo, and at most %(count)s.") % {"count": MOST_PAGES})
        for page, photo in enumerate(photos, 1):
            title = given["title"] if len(photos) == 1 else f"{given['title']} {page}"
            add_paper(mediation=file, **{**given, "title": title}, file=photo, by=request.user, at=now)
        return Done(reverse("m-mediation-file", args=[pk]), _("Photo of a paper"))

    def page(status: int = 200) -> HttpResponse:
        return render(request, "mediation/m/paper.html", {"file": file, "form": form}, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()
