"""The access log 查阅记录: every look at personal data, for the auditor; and as a file, which is recorded like any other."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.actions import ask_download
from accounts.models import User
from gridgov.core.admin.records import SinceFilter
from gridgov.core.admin_base import ChoiceFilter, HouseAdmin
from gridgov.core.admin_keyset import KeysetList
from gridgov.core.errors import YES, Refusal, Verdict
from gridgov.core.keyset import Keyset
from gridgov.core.looking import declared
from gridgov.core.makers import Maker, Part, register
from privacy.choices import LOG_READERS
from privacy.models import Look
from privacy.reports import looks

KIND = "privacy.looks"
LONGEST_QUERY = 500


class RoomFilter(ChoiceFilter):
    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("cases", _("Cases")), ("volunteers", _("Volunteers")), ("mediation", _("Mediation")), ("resources", _("Resources")),
                ("fieldwork", _("Work in the grid")), ("integrations", _("Other systems")), ("accounts", _("files and other systems")),
                ("privacy", _("Personal data"))]  # fmt: skip

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        room = self.chosen()
        return rows.filter(verb__in=[verb for verb in declared() if verb.startswith(f"{room}.")]) if room else rows


class UnusualFilter(ChoiceFilter):
    """Plain rules, each told with its number beside the line; nobody is scored."""

    title = _("unusual")
    parameter_name = "unusual"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("many", _("many within an hour")), ("night", _("at night"))]

    def queryset(self, request: HttpRequest, rows: Any) -> QuerySet:
        chosen = self.chosen()
        if chosen == "many":
            return rows.many()
        return rows.at_night() if chosen == "night" else rows


class LookList(KeysetList):
    """With names and marks of the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for one in looks.told(self.result_list):
            one.row.told = one


@admin.register(Look)
class LookAdmin(HouseAdmin):
    viewers = LOG_READERS
    by_key = True
    list_display = ("when", "who", "what", "about", "reason", "marks")
    list_display_links = None
    list_filter = (SinceFilter, RoomFilter, UnusualFilter)
    search_fields = ("verb",)
    search_help_text = _("User name of who looked, number of a case or a volunteer, or a word of the reason")
    list_before_template = "privacy/looks_bar.html"
    ordering = ("-id",)
    actions = None
    sortable_by = ()
    empty = _("Nobody has looked at personal data yet.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetList]:
        return LookList

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return sought(queryset, search_term.strip()), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="privacy_look_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {"query": f"?{request.GET.urlencode()}", "calls": looks.calls_by_purpose(timezone.localdate())}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list under this address's filters as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        asked = {"query": request.GET.urlencode()[:LONGEST_QUERY], "language": get_language()}
        back = reverse("admin:privacy_look_changelist")
        try:
            made = ask_download(kind=KIND, ending="xlsx", asked=asked, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(back)
        if made.finished_at:
            return HttpResponseRedirect(reverse("admin:accounts_download_file", args=[made.pk]))
        messages.info(request, _t("The file is being written. You are told in your inbox when it is ready."))
        return HttpResponseRedirect(back)

    @display(description=_("time"))
    def when(self, row: Look) -> str:
        return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"

    @display(description=_("who looked"))
    def who(self, row: Look) -> SafeString:
        return format_html(
            '<span class="gg-two"><span>{}</span><small>{}</small></span>', row.actor, row.actor.get_role_display()
        )

    @display(description=_("at what"))
    def what(self, row: Look) -> str:
        return _t(row.verb)

    @display(description=_("whose data"))
    def about(self, row: Any) -> SafeString:
        kept = f"{row.subject_type}:{row.subject_id}"
        url = reverse("admin:core_record_changelist", query={"q": kept})
        return format_html('<a class="gg-link" href="{}">{}</a>', url, row.told.about or kept)

    @display(description=_("why"))
    def reason(self, row: Look) -> str:
        return looks.why(row) or "—"

    @display(description=_("unusual"))
    def marks(self, row: Any) -> SafeString | str:
        return (
            format_html_join(" ", '<span class="gg-chip gg-light-near">{}</span>', ((mark,) for mark in row.told.marks))
            or "—"
        )


def sought(rows: QuerySet, term: str) -> QuerySet:
    """A user name, a subject as records name it, what a case or a volunteer is called, or a word of the reason."""
    if not term:
        return rows
    kind, colon, number = term.rpartition(":")
    if colon and number.isdecimal() and len(number) < 18:
        return rows.filter(subject_type=kind, subject_id=int(number))
    who = User.objects.filter(username=term).values_list("pk", flat=True).first()
    if who is not None:
        return rows.filter(actor=who)
    found = Q(data__note__icontains=term) | Q(data__reason__icontains=term) | Q(data__purpose__icontains=term)
    for subject, key in looks.subjects_called(term):
        found |= Q(subject_type=subject, subject_id=key)
    return rows.filter(found)


def _rows(by: User, asked: dict[str, Any]) -> Any:
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(asked["query"]), by
    return admin.site._registry[Look].get_changelist_instance(request).queryset


def _part(by: User, asked: dict[str, Any], after: str, size: int) -> Part:
    page = Keyset(_rows(by, asked)).page(size, after=after)
    return Part([_line(one) for one in looks.told(page.rows)], page.after)


def _line(one: looks.Told) -> list[Any]:
    row = one.row
    return [f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}", row.actor.username, str(row.actor.get_role_display()), _t(row.verb),
            one.about or f"{row.subject_type}:{row.subject_id}", looks.why(row), ", ".join(one.marks), row.scope]  # fmt: skip


def _may(by: User) -> Verdict:
    return YES if by.role in LOG_READERS else Verdict.forbid(_("The access log is read by the auditor."))


register(
    KIND,
    Maker(
        title=_("Access log"),
        headings=lambda: [
            str(word)
            for word in (
                _("time"),
                _("user name"),
                _("role"),
                _("at what"),
                _("whose data"),
                _("why"),
                _("unusual"),
                _("grid code"),
            )
        ],
        part=_part,
        count=lambda by, asked, limit: int(_rows(by, asked).order_by().values("pk")[:limit].count()),
        may=_may,
        standing=lambda by: by.role,
    ),
)
