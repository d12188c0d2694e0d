"""One verb over many cases of the list: chosen there, looked at in a preview, run, and read row by row."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LEADS, Role
from cases import forms
from cases.actions import do_in_bulk
from cases.admin import looks
from cases.choices import MOST_AT_ONCE, BulkVerb
from cases.models import Bulk, Case
from cases.reports import foresee
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Refusal
from gridgov.core.forms import HouseForm, refuse

# How the list sends what was chosen, and the preview what it showed: "id" or "id:version".
CHOSEN = "case"
_ROW = re.compile(r"(\d{1,18})(?::(\d{1,9}))?", re.ASCII)
# A run without an end after this long was cut off.
CUT_OFF = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class BulkPage:
    """How a verb over many cases looks."""

    verb: BulkVerb
    icon: str
    form: type[HouseForm]
    hint: Any

    @property
    def label(self) -> Any:
        return self.verb.label


PAGES = {
    page.verb.value: page
    for page in (
        BulkPage(BulkVerb.DISPATCH, "send", forms.BulkDispatchForm,
                 _("An order for each case, to one unit or to the post-holders of its own grid.")),
        BulkPage(BulkVerb.URGE, "notifications_active", forms.BulkUrgeForm,
                 _("A reminder to whoever has each case, no mark against them; once an hour at most.")),
        BulkPage(BulkVerb.MERGE, "call_merge", forms.BulkMergeForm,
                 _("The younger reports go into the oldest; their orders are withdrawn, their reporters get the same answer.")),
    )
}  # fmt: skip


class BulkAdmin(VerbAdmin):
    """The pages of verbs over many rows of the list."""

    # Who is offered to choose rows; what may be done with each row the rules say.
    choosers: ClassVar[frozenset[str]] = frozenset({Role.STREET, *LEADS})

    def get_urls(self) -> list[URLPattern]:
        run, verb = self.admin_site.admin_view(self.run_view), self.admin_site.admin_view(self.bulk_view)
        return [
            path("bulk/<int:pk>/", run, name=self._name("run")), path("bulk/<slug:name>/", verb, name=self._name("bulk")),
            *super().get_urls(),
        ]  # fmt: skip

    def may_choose(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, self.choosers)

    def bulk_verbs(self, request: HttpRequest) -> list[tuple[BulkPage, str]]:
        """What the list's bar offers, with addresses."""
        found = PAGES.values() if self.may_choose(request) else ()
        return [(page, self.url_of("bulk", page.verb.value)) for page in found]

    def bulk_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Fill in, look, do. Nothing is written but by "run", and that once however often it is sent."""
        if not self.may_choose(request):
            raise PermissionDenied
        if name not in PAGES:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        seen = _chosen(request.POST.getlist(CHOSEN))
        rows = Case.objects.visible_to(request.user).for_bulk().filter(pk__in=list(seen)).order_by("reported_at", "pk")
        cases = list(rows) if len(seen) <= MOST_AT_ONCE else []
        asked = {"look", "run"} & request.POST.keys()
        form = PAGES[name].form(request.POST if asked else None, row=cases, by=request.user)
        given = form.cleaned_data if asked and form.is_valid() else None
        status = 400 if asked and given is None else 200
        if "run" in request.POST and given is not None and cases:
            try:
                return HttpResponseRedirect(self.url_of("run", self._run(request, name, seen, given).pk))
            except Refusal as refusal:
                refuse(form, refusal)
                given, status = None, refusal.status
        return self._preview(request, PAGES[name], form, cases, given, status)

    def _run(self, request: HttpRequest, name: str, seen: dict[int, int], given: dict[str, Any]) -> Bulk:
        rows = {pk: version for pk, version in seen.items() if pk != given.get("leading")}
        key = _key(request.POST.get("key", ""))
        return do_in_bulk(key=key, verb=name, rows=rows, given=given, by=request.user, at=timezone.now())

    def _preview(
        self, request: HttpRequest, page: BulkPage, form: HouseForm, cases: list[Case], given: dict[str, Any] | None,
        status: int,
    ) -> HttpResponse:  # fmt: skip
        at = timezone.now()
        leading = (given or {}).get("leading")
        others = [case for case in cases if case.pk != leading]
        found = foresee(verb=page.verb, cases=others, by=request.user, at=at, given=given)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": page.label, "page": page, "form": form,
            "here": request.path, "back": _back(request), "key": uuid.uuid4(), "most": MOST_AT_ONCE,
            "lines": [(one, looks.state_chip(one.case), looks.clock_cell(one.case, at)) for one in found],
            "possible": sum(bool(one.verdict) for one in found), "looked": given is not None,
            "leading": next((case for case in cases if case.pk == leading), None),
            "said": _said(form) if given is not None else [], "hidden": _hidden(form) if given is not None else [],
        }  # fmt: skip
        return TemplateResponse(request, "cases/bulk.html", context, status=status)

    def run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What came of a run; while another request is still at it, as far as it is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = Bulk.objects.visible_to(request.user).for_detail().filter(pk=pk).first()
        if run is None:
            raise Http404
        lines = list(run.lines.all())
        done = sum(line.done is True for line in lines)
        refused = sum(line.done is False for line in lines)
        running = run.finished_at is None and timezone.now() - run.at < CUT_OFF
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": run.get_verb_display(), "run": run,
            "lines": lines, "done": done, "refused": refused, "open": len(lines) - done - refused, "running": running,
            "back": _back(request),
        }  # fmt: skip
        return TemplateResponse(request, "cases/bulk_run.html", context)


def _chosen(values: list[str]) -> dict[int, int]:
    """{id: version seen}; 0 where none was. Raises Http404 for what the pages never send."""
    matches = [_ROW.fullmatch(value) for value in values]
    if not all(matches):
        raise Http404
    return {int(match[1]): int(match[2] or 0) for match in matches if match}


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _back(request: HttpRequest) -> str:
    """The list as it was: only its query is taken over, so that it leads nowhere else."""
    back = request.POST.get("back", "")
    return back if back.startswith("?") else "?"


def _said(form: HouseForm) -> list[tuple[Any, str]]:
    """What was filled in, in words."""
    said = []
    for field in form:
        value = field.value() or ""
        names = {str(key): str(label) for key, label in _choices(getattr(field.field, "choices", ()))}
        if value:
            said.append((field.label, names.get(str(value), str(value))))
    return said


def _choices(choices: Any) -> list[tuple[Any, Any]]:
    """The choices of a select, groups opened."""
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += label if isinstance(label, list | tuple) else [(key, label)]
    return found


def _hidden(form: HouseForm) -> list[Any]:
    return [(field.html_name, field.value() or "") for field in form]
