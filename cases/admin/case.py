"""The list of cases, the page of one, and the report form. A case is never edited by a form of its columns."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.actions import ask_download
from accounts.choices import CASE_ROLES
from cases import actions
from cases.admin import looks
from cases.admin.advice import ADVICE, advice_on, asked_of, picked
from cases.admin.bulk import CHOSEN, BulkAdmin
from cases.admin.columns import ColumnsAdmin
from cases.admin.export import KIND as EXPORT
from cases.admin.filters import BehindFilter, CommunityFilter, HoldFilter, QueueFilter, StateFilter
from cases.admin.filters_map import GridFilter, StoodFilter
from cases.admin.next_step import decision
from cases.admin.page import case_page, tiles
from cases.admin.page_helping import helping_page
from cases.admin.page_merging import merging_parts
from cases.admin.saved import SavedListAdmin
from cases.admin.searching import Sought
from cases.choices import PhotoKind
from cases.forms import ReportForm
from cases.forms.verbs import VERBS, add_photos, next_verb, waiting
from cases.models import Case
from cases.reports import TimelineRow, archive, history_length, news, whole_case
from gridgov.core.admin_verbs import Button
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.questions import case_verbs
from gridgov.core.verbs import Verb
from grids.models import Grid

# Lists about running clocks show the least time left first; all others the newest.
BY_TIME = frozenset({"near", "late", "handling", "to-sign-in", "to-dispatch"})
SUGGESTIONS = 12
LONGEST_QUERY = 2000


@admin.register(Case)
class CaseAdmin(BulkAdmin, SavedListAdmin, ColumnsAdmin):
    """Rows are scoped by `visible_to`; what may be done stands in the table of moves and in the rules."""

    viewers = adders = CASE_ROLES
    verbs: ClassVar[tuple[Verb, ...]] = VERBS
    list_display = (
        "number",
        "headline",
        "state_now",
        "tier_now",
        "clock",
        "where",
        "matter",
        "channel_name",
        "reported",
    )
    always = list_display_links = ("number", "headline")
    list_filter = (
        QueueFilter,
        StateFilter,
        HoldFilter,
        "tier",
        "urgency",
        "card",
        CommunityFilter,
        GridFilter,
        StoodFilter,
        BehindFilter,
    )
    search_fields = ("no",)
    search_help_text = _("Number or its end, words, place; *1234: end of a phone (recorded)")
    empty = _("No case in your scope yet. A new report comes in by the button at the top right.")
    by_key = True

    class Media:
        js = ("cases/trail.js",)

    list_per_page = 30
    list_before_template = "cases/list_bar.html"
    sortable_by = ()

    def all_verbs(self) -> tuple[Verb, ...]:
        return (*self.verbs, *(verb for found in case_verbs.ask() for verb in found))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("due_at", "id") if request.GET.get("queue") in BY_TIME else ("-id",)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return Sought.read(search_term).in_rows(queryset, request.user), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            Sought.read(request.GET.get(SEARCH_VAR, "")).note(by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        if default := self.default_url(request):
            return HttpResponseRedirect(default)
        bulk = {
            **self.saved_lists(request),
            "columns": self.columns(request),
            "bulk_verbs": self.bulk_verbs(request),
            "list_query": f"?{request.GET.urlencode()}",
        }
        return super().changelist_view(request, {**bulk, **(extra_context or {})})

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        return ["pick", *columns] if self.may_choose(request) else columns

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.grids_view)
        advice = self.admin_site.admin_view(self.suggest_view)
        archived = self.admin_site.admin_view(self.archive_view)
        exported = self.admin_site.admin_view(self.export_view)
        return [
            path("export/", exported, name="cases_case_export"),
            path("grids/", view, name="cases_case_grids"), path("suggest/", advice, name="cases_case_suggest"),
            path("<int:pk>/archive/", archived, name="cases_case_archive"),
            *super().get_urls(),
        ]  # fmt: skip

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list under this address's filters as a file: a small one at once, a large one among the downloads."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        at, ending = timezone.now(), "csv" if request.POST.get("format") == "csv" else "xlsx"
        asked = {"query": request.GET.urlencode()[:LONGEST_QUERY], "language": get_language()}
        try:
            Sought.read(request.GET.get(SEARCH_VAR, "")).note(by=request.user, at=at)
            made = ask_download(kind=EXPORT, ending=ending, asked=asked, by=request.user, at=at)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(f"{self.url_of('changelist')}?{request.GET.urlencode()}")
        if made.finished_at:
            return HttpResponseRedirect(reverse("admin:accounts_download_file", args=[made.pk]))
        messages.info(request, _t("The file is being written. You are told in your inbox when it is ready."))
        return HttpResponseRedirect(reverse("admin:accounts_download_changelist"))

    def row_for_verb(self, request: HttpRequest, pk: int) -> Case:
        """Everything a page of the case shows, in scope."""
        try:
            return whole_case(pk, by=request.user)
        except Case.DoesNotExist:
            raise Http404 from None

    def verb_context(self, request: HttpRequest, verb: Verb, row: Any) -> dict[str, Any]:
        more = advice_on(row, request.user, timezone.now()) if verb.name == "accept" else {}
        return {"case": row, **more}

    def history_length(self, row: Case) -> int:
        return history_length(row)

    def news(self, request: HttpRequest, row: Case, seen: int) -> list[TimelineRow]:
        return news(row, seen, request.user)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a case: read it here, change it by its verbs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not object_id.isdecimal():
            raise Http404
        case = self.row_for_verb(request, int(object_id))
        at = timezone.now()
        page = case_page(case, request.user, at)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": case, "title": str(case),
            "buttons": self._moves(request, case, at),
            **page, **helping_page(request.user, case, page["clocks"], lambda name: self.url_of("do", case.pk, name)),
            **merging_parts(case, request.user),
        }  # fmt: skip
        return TemplateResponse(request, "cases/case.html", context)

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The electronic archive as a PDF. Printing is an act, noted before the page is made: hence a POST."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        case, at = self.row_for_verb(request, pk), timezone.now()
        actions.print_archive(case=pk, by=request.user, at=at)
        name = f'inline; filename="{case.no}.pdf"'
        page = archive(case, by=request.user, at=at)
        return HttpResponse(page, content_type="application/pdf", headers={"Content-Disposition": name})

    def _moves(self, request: HttpRequest, case: Case, at: dt.datetime) -> list[Button]:
        """What is possible now, the next sensible step first: a decision that waits for this person, or a verb."""
        asked = waiting(request.user, case, at)
        if asked:
            return [decision(asked[0]), *self.buttons(request, case)]
        return self.buttons(request, case, next_verb(request.user, case, at))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Report a case."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "suggest" in request.POST:
            return self._advised(request)
        posted = request.method == "POST"
        form = ReportForm(request.POST if posted else None, request.FILES if posted else None, by=request.user)
        status = 200
        if posted and form.is_valid():
            try:
                case = self._report(request, form.cleaned_data)
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _t("Case %(no)s is reported.") % {"no": case.no})
                return HttpResponseRedirect(self.url_of("change", case.pk))
        elif posted:
            status = 400
        return self._report_page(request, form, status)

    def _report_page(self, request: HttpRequest, form: ReportForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "title": _("Report a case"), "form": form, "advice": None,
            "map": {"pick": True, "tiles": tiles()}, **more,
        }  # fmt: skip
        return TemplateResponse(request, "cases/report.html", context, status=status)

    def _advised(self, request: HttpRequest) -> HttpResponse:
        """The form as it was filled in, with proposals and with the one that was picked: for browsers without scripts."""
        given = picked(request.POST)
        form = ReportForm(initial=given, by=request.user)
        return self._report_page(request, form, **asked_of(given, request.user, timezone.now()))

    def suggest_view(self, request: HttpRequest) -> HttpResponse:
        """Proposals for what was typed so far, as a piece of the report's page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        context = asked_of(request.POST.dict(), request.user, timezone.now())
        return TemplateResponse(request, ADVICE, context)

    def _report(self, request: HttpRequest, given: dict[str, Any]) -> Case:
        """Take the report in; a picture that can't be kept is told, and the report stands all the same."""
        at, photos = timezone.now(), given.pop("photos")
        case = actions.report_case(report=actions.Report(**given), by=request.user, at=at)
        try:
            add_photos(case=case.pk, kind=PhotoKind.BEFORE, photos=photos, by=request.user, at=at)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        if case.category.needs_photo_before and not photos:
            # Only a hint: what is urgent is reported without a picture.
            messages.info(request, _t("This category needs a photo from before the work; add one before it is done."))
        return case

    def grids_view(self, request: HttpRequest) -> JsonResponse:
        """Codes and names for the grid field: visible grids in force whose code or name has the words in it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").strip()
        rows = Grid.objects.visible_to(request.user).filter(valid_to=None)
        rows = rows.filter(code__startswith=words) if words.isdecimal() else rows.filter(name__icontains=words)
        found = rows.order_by("code").values_list("code", "name", "parent__name")[:SUGGESTIONS]
        return JsonResponse(
            {"grids": [{"code": c, "name": f"{name} · {above}" if above else name} for c, name, above in found]}
        )

    # --- columns -----------------------------------------------------------------------------------------------------

    @display(description=_("choose"))
    def pick(self, case: Case) -> str:
        return format_html(
            '<input type="checkbox" class="gg-pick" name="{}" value="{}" aria-label="{}">', CHOSEN, case.pk, case.no
        )

    @display(description=_("number"))
    def number(self, case: Case) -> str:
        return format_html('<span class="gg-no">{}</span>', case.no)

    @display(description=_("title"))
    def headline(self, case: Case) -> str:
        return format_html(
            '<span class="gg-headline">{}</span> {} {}', case.title, looks.urgency_chip(case), looks.card_chip(case)
        )

    @display(description=_("state"))
    def state_now(self, case: Case) -> str:
        return looks.state_chip(case)

    @display(description=_("tier"))
    def tier_now(self, case: Case) -> str:
        return looks.tier_chip(case)

    @display(description=_("time"))
    def clock(self, case: Case) -> str:
        return looks.clock_cell(case, timezone.now())

    @display(description=_("community / grid"))
    def where(self, case: Case) -> str:
        community = case.total.name if case.total else "—"
        return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', community, case.grid.name)

    @display(description=_("category"))
    def matter(self, case: Case) -> str:
        return case.category.label

    @display(description=_("channel"))
    def channel_name(self, case: Case) -> str:
        return case.get_channel_display()

    @display(description=_("reported"))
    def reported(self, case: Case) -> str:
        return format_html('<span class="gg-nowrap">{}</span>', f"{timezone.localtime(case.reported_at):%m-%d %H:%M}")
