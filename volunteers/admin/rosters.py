"""Lists of volunteers that come in and go out, under the national record's names."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actions import ask_download
from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.keyset import Keyset
from gridgov.core.makers import Maker, Part, register
from grids.admin.pages import ListKind
from grids.reports import scope_print
from volunteers import actions
from volunteers.forms import roster
from volunteers.forms.people import ExportForm
from volunteers.models import Volunteer
from volunteers.rules import people as rules

KIND = "volunteers.roster"
VOLUNTEERS = ListKind(
    model="volunteers_volunteer",
    file="volunteers",
    title=_("Import volunteers"),
    hint=_(
        "A list in CSV or XLSX, headed as in the national record: name, phone, birthday, grid code, and whether the consent is "
        "signed; for minors the guardian. Lines with a number of ours change skills and names. If one row is faulty, nothing "
        "is changed."
    ),
    template=roster.template,
    read=roster.read_roster,
    act=actions.import_volunteers,
    said=(
        _("No faults: %(added)d to take in, %(changed)d to change, %(unchanged)d as they stand."),
        _("%(added)d taken in, %(changed)d changed, %(unchanged)d unchanged"),
    ),
)


def _rows(by: User) -> Any:
    return Volunteer.objects.visible_to(by).for_list().order_by("-id")


def _part(by: User, asked: dict[str, Any], after: str, size: int) -> Part:
    page = Keyset(_rows(by)).page(size, after=after)
    return Part([roster.line_of(row, full=bool(asked.get("reason"))) for row in page.rows], page.after)


def _count(by: User, asked: dict[str, Any], limit: int) -> int:
    return int(_rows(by).order_by().values("pk")[:limit].count())


register(
    KIND,
    Maker(
        title=_("Roster of volunteers"), headings=roster.headings, part=_part, count=_count, may=rules.is_organiser,
        standing=scope_print,
    ),
)  # fmt: skip


def ask_export(request: HttpRequest, page: Any) -> HttpResponse:
    """Masked, or with names and numbers in full for a reason, which is recorded with the file."""
    form = ExportForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = {"language": get_language(), "reason": given["reason"].strip()}
        try:
            made = ask_download(kind=KIND, ending=given["ending"], asked=asked, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            ready = (
                _("The list is ready.")
                if made.finished_at
                else _("The list is being made; you are told when it is ready.")
            )
            messages.success(request, str(ready))
            return HttpResponseRedirect(reverse("admin:accounts_download_changelist"))
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Export volunteers"), "form": form,
        "back": reverse("admin:volunteers_volunteer_changelist"),
    }  # fmt: skip
    return render(request, "volunteers/export.html", context, status=400 if form.errors else 200)
