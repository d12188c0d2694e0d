"""The system's own pages: records for the auditor, stuck jobs and the work calendar for whoever keeps the house running."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core import actions
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.calendar import loaded_until
from gridgov.core.errors import YES, Refusal, Verdict
from gridgov.core.forms import HouseForm, put_on, refuse
from gridgov.core.models import CalendarDay, DayKind, Job, Record

KEEPERS = frozenset({"system_admin", "street"})
# Handbook 1.9, clocks.md: two months before the days run out somebody must know.
CALENDAR_RUNS_OUT = 60


# --- records ---------------------------------------------------------------------------------------------------------


class RoomFilter(admin.SimpleListFilter):
    """By the first word of the verb, which is the room it happened in."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("cases", _("Cases")), ("grids", _("Grids")), ("accounts", _("Accounts")), ("calendar", _("Calendar")),
            ("jobs", _("Jobs")), ("core", _("Seals")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(verb__startswith=f"{self.value()}.") if self.value() else rows


class SinceFilter(admin.SimpleListFilter):
    title = _("time")
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("1", _("last 24 hours")),
            ("7", _("last 7 days")),
            ("30", _("last 30 days")),
            ("180", _("last half year")),
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if not (self.value() or "").isdigit():
            return rows
        return rows.filter(at__gte=timezone.now() - dt.timedelta(days=int(self.value() or 0)))


@admin.register(Record)
class RecordAdmin(HouseAdmin):
    """Who did what, when; read-only for everybody, and shown to the auditor alone."""

    viewers = frozenset({"auditor"})
    list_display = ("when", "what", "actor", "about", "scope", "seq", "digest")
    list_display_links = ("when",)
    list_filter = (SinceFilter, RoomFilter)
    list_select_related = ("actor",)
    search_fields = ("verb",)
    search_help_text = _("A verb (cases.closed), a subject (cases.case:12) or a user name")
    ordering = ("-id",)
    empty = _("Nothing is recorded that fits.")
    sortable_by = ()
    fields = ("when", "what", "actor", "about", "scope", "data", "seq", "digest_before", "digest_whole")
    readonly_fields = fields

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        kind, colon, number = term.rpartition(":")
        if colon and number.isdigit():
            return queryset.filter(subject_type=kind, subject_id=int(number)), False
        if "." in term:
            return queryset.filter(verb=term), False
        return queryset.filter(actor__username=term), False

    @display(description=_("time"))
    def when(self, row: Record) -> str:
        return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"

    @display(description=_("verb"))
    def what(self, row: Record) -> str:
        """The verb in words (gridgov/words.py) and as the code it is recorded by."""
        return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', _t(row.verb), row.verb)

    @display(description=_("subject"))
    def about(self, row: Record) -> str:
        """With a link to everything recorded about the same subject: its chain."""
        subject = f"{row.subject_type}:{row.subject_id}"
        url = reverse("admin:core_record_changelist", query={"q": subject})
        return format_html('<a class="gg-link" href="{}">{}</a>', url, subject)

    @display(description=_("hash"))
    def digest(self, row: Record) -> str:
        return format_html(
            '<code class="gg-code" title="{}">{}…</code>', bytes(row.hash).hex(), bytes(row.hash).hex()[:10]
        )

    @display(description=_("hash of this row"))
    def digest_whole(self, row: Record) -> str:
        return bytes(row.hash).hex()

    @display(description=_("hash of the row before about the same subject"))
    def digest_before(self, row: Record) -> str:
        return bytes(row.prev).hex() or "—"


# --- jobs ------------------------------------------------------------------------------------------------------------


def _may_retry(by: Any, job: Job) -> Verdict:
    return YES if job.stuck_at and not job.done_at else Verdict.clash(_("This job is not stuck any more."))


@admin.register(Job)
class JobAdmin(VerbAdmin):
    """Promised work that failed too often and waits for a person."""

    viewers = KEEPERS
    list_display = ("name", "key", "stuck_since", "attempts", "error_line")
    ordering = ("-stuck_at", "-id")
    empty = _("No job is stuck. Work that fails is tried again by itself; what keeps failing comes here.")
    actions = ("retry_chosen",)
    fields = ("kind", "key", "due_at", "stuck_at", "attempts", "payload", "last_error")
    readonly_fields = fields
    change_form_template = "admin/row_with_verbs.html"
    verbs = (
        Verb("retry", _("Try again"), lambda row, **by: actions.retry_job(job=row, **by), may=_may_retry,
             done=_("It is tried again at once."), icon="replay"),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).stuck()

    def after_verb(self, request: HttpRequest, verb: Verb, row: Any) -> str:
        return self.url_of("changelist")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Stuck jobs"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        kwargs["extra_context"] = {"buttons": self.buttons(request, row, "retry") if row else []}
        return super().change_view(request, object_id, *args, **kwargs)

    @admin.action(description=_("Try again"), permissions=("view",))
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        again = 0
        for job in queryset:
            try:
                actions.retry_job(job=job, by=request.user, at=timezone.now())
                again += 1
            except Refusal as refusal:
                messages.warning(request, f"{job}: {refusal}")
        if again:
            messages.success(request, _t("%(count)s jobs are tried again.") % {"count": again})

    @display(description=_("kind"))
    def name(self, row: Job) -> str:
        return row.kind

    @display(description=_("stuck since"))
    def stuck_since(self, row: Job) -> str:
        return f"{timezone.localtime(row.stuck_at):%Y-%m-%d %H:%M}" if row.stuck_at else "—"

    @display(description=_("last error"))
    def error_line(self, row: Job) -> str:
        lines = row.last_error.strip().splitlines()
        return format_html('<span class="gg-oneline" title="{}">{}</span>', row.last_error, lines[-1] if lines else "—")


# --- calendar --------------------------------------------------------------------------------------------------------


class WindowsField(forms.CharField):
    """Working hours as people write them: 08:00-12:00, 14:00-18:00."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{opens}-{closes}" for opens, closes in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[list[str]]:
        text = super().to_python(value).replace("，", ",").replace("、", ",").replace("：", ":").replace("–", "-")
        windows = [[bound.strip().zfill(5) for bound in part.split("-")] for part in text.split(",") if part.strip()]
        if fault := actions.window_fault(windows):
            raise forms.ValidationError(fault)
        return windows


class DayForm(forms.ModelForm):
    windows = WindowsField(
        label=_("hours of work"),
        required=False,
        help_text=_("Like 08:00-12:00, 14:00-18:00; empty: the ordinary hours."),
    )

    class Meta:
        model = CalendarDay
        fields = ("date", "scope", "kind", "name", "windows")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class YearForm(HouseForm):
    year = forms.IntegerField(label=_("year"), min_value=2004, max_value=2100)

    def arrange(self) -> None:
        last = loaded_until()
        self.fields["year"].initial = last.year + 1 if last else timezone.localdate().year


class NamedFilter(admin.SimpleListFilter):
    title = _("holidays")
    parameter_name = "named"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("holidays and make-up days only"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.exclude(name="") if self.value() else rows


class MonthFilter(admin.SimpleListFilter):
    title = _("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(month), _t("month %(month)s") % {"month": month}) for month in range(1, 13)]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(date__month=int(self.value() or 0)) if (self.value() or "").isdigit() else rows


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = CalendarDay.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(date__year=int(self.value() or 0)) if (self.value() or "").isdigit() else rows


def calendar_runs_out(today: dt.date) -> dict[str, Any] | None:
    """What to warn of when fewer than sixty days of the nation's calendar remain; None while all is well."""
    until = loaded_until()
    left = (until - today).days if until else 0
    return (
        None
        if left >= CALENDAR_RUNS_OUT
        else {"until": until, "left": max(left, 0), "year": (until.year + 1) if until else today.year}
    )


@admin.register(CalendarDay)
class CalendarDayAdmin(HouseAdmin):
    """Which days work. A changed day makes provisional deadlines be worked out again."""

    viewers = adders = changers = KEEPERS
    form = DayForm
    list_display = ("date", "weekday", "counts", "name", "hours", "where", "source")
    list_filter = (YearFilter, MonthFilter, NamedFilter, "kind")
    search_fields = ("name",)
    search_help_text = _("Name of a holiday")
    ordering = ("-date", "scope")
    list_before_template = "admin/calendar_banner.html"
    empty = _("No day is loaded. Until then Monday to Friday count, and deadlines are provisional.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.load_year_view)
        return [path("load-year/", view, name="core_calendarday_load_year"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("date", "scope") if obj else ()

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> CalendarDay:
        return actions.change_day(
            date=row.date,
            kind=row.kind,
            windows=row.windows,
            name=row.name,
            scope=row.scope,
            by=request.user,
            at=timezone.now(),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "calendar": calendar_runs_out(timezone.localdate()),
            "until": loaded_until(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def load_year_view(self, request: HttpRequest) -> HttpResponse:
        """Put in a year as the State Council's plan has it, as far as this version knows it."""
        if not self.has_add_permission(request):
            return HttpResponse(status=403)
        form = YearForm(request.POST if request.method == "POST" else None, by=request.user)
        status, back = 200, reverse("admin:core_calendarday_changelist")
        if request.method == "POST" and form.is_valid():
            try:
                days = actions.load_official_year(year=form.cleaned_data["year"], by=request.user, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                messages.success(
                    request,
                    _t("%(count)s days of %(year)s are loaded.") % {"count": days, "year": form.cleaned_data["year"]},
                )
                return HttpResponseRedirect(f"{back}?year={form.cleaned_data['year']}")
        verb = Verb(
            "load",
            _("Load an official year"),
            lambda **_none: None,
            hint=_(
                "Holidays and make-up working days of the whole country. Your own rows for districts and streets stay."
            ),
        )
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": verb.label, "verb": verb, "form": form,
            "row": self.opts.verbose_name_plural, "here": request.path, "back": back, "inner": "admin/verb_form.html",
        }  # fmt: skip
        return TemplateResponse(request, "admin/verb.html", context, status=status)

    @display(description=_("weekday"))
    def weekday(self, row: CalendarDay) -> str:
        return str(WEEKDAYS[row.date.weekday()])

    @display(description=_("counts as"))
    def counts(self, row: CalendarDay) -> str:
        return format_html('<span class="gg-chip gg-{}">{}</span>', row.kind, DayKind(row.kind).label)

    @display(description=_("hours of work"))
    def hours(self, row: CalendarDay) -> str:
        return ", ".join(f"{opens}-{closes}" for opens, closes in row.windows) or "—"

    @display(description=_("holds for"))
    def where(self, row: CalendarDay) -> str:
        return row.scope or _t("everywhere")
