"""Applications on one page: what waits for me first; and the rules by which they are decided."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import CASE_ROLES
from cases import actions
from cases.admin import looks
from cases.admin.of_street import OfStreetAdmin
from cases.choices import TERMS, Ask, AskState, Level
from cases.forms import asking as forms
from cases.forms.verbs.of_application import APPLICATION_VERBS
from cases.models import Application, ApprovalRule
from cases.reports import asked_for, limit_text
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.verbs import Verb


class WaitsFilter(admin.SimpleListFilter):
    """What I may decide; the list begins with it."""

    title = _("waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("my decision")), ("others", _("somebody's decision")), ("mine", _("made by me"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if self.value() == "me":
            return rows.waiting_for(request.user, timezone.now())
        if self.value() == "others":
            return rows.pending()
        return rows.filter(by=request.user) if self.value() == "mine" else rows


@admin.register(Application)
class ApplicationAdmin(VerbAdmin):
    """Approve, refuse, withdraw."""

    viewers = CASE_ROLES
    verbs = APPLICATION_VERBS
    list_display = ("what", "about", "wanted", "why", "asked_by", "standing", "lapses")
    list_display_links = ("what",)
    list_filter = (WaitsFilter, "kind", "state")
    search_fields = ("case__no",)
    search_help_text = _("Number of the case")
    empty = _("No application. They are made on the page of a case, by “Apply for …”.")
    sortable_by = ()
    change_form_template = "admin/row_with_verbs.html"
    fields = ("what", "about", "wanted", "why", "asked_by", "decided_on", "lapses", "standing", "decision")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Applications"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        kwargs["extra_context"] = {"buttons": self.buttons(request, row, "approve")}
        return super().change_view(request, object_id, *args, **kwargs)

    def after_verb(self, request: HttpRequest, verb: Verb, row: Application) -> str:
        """Whoever decided on the page of the case goes on there."""
        case = reverse("admin:cases_case_change", args=[row.case_id])
        came_from = urlsplit(request.headers.get("referer", "")).path
        return case if came_from == case else super().after_verb(request, verb, row)

    @display(description=_("application"))
    def what(self, row: Application) -> str:
        return format_html("<b>{}</b>", row.get_kind_display())

    @display(description=_("case"))
    def about(self, row: Application) -> str:
        url = reverse("admin:cases_case_change", args=[row.case_id])
        return format_html('<a class="gg-link" href="{}">{}</a> {}', url, row.case.no, row.case.title)

    @display(description=_("what is asked for"))
    def wanted(self, row: Application) -> str:
        return asked_for(row)

    @display(description=_("reason"))
    def why(self, row: Application) -> str:
        return row.reason

    @display(description=_("applicant"))
    def asked_by(self, row: Application) -> str:
        when = f"{timezone.localtime(row.at):%m-%d %H:%M}"
        return format_html(
            '<span class="gg-two"><span>{}</span><small>{} {}</small></span>', row.by, row.order or "", when
        )

    @display(description=_("decided by"))
    def decided_on(self, row: Application) -> str:
        return str(Level(row.level).label)

    @display(description=_("state"))
    def standing(self, row: Application) -> str:
        return looks.application_chip(row)

    @display(description=_("lapses"))
    def lapses(self, row: Application) -> str:
        return (
            f"{timezone.localtime(row.lapses_at):%m-%d %H:%M}"
            if row.lapses_at and row.state == AskState.PENDING
            else "—"
        )

    @display(description=_("decision"))
    def decision(self, row: Application) -> str:
        if row.decided_at is None:
            return "—"
        return f"{row.decided_by or ''} {timezone.localtime(row.decided_at):%Y-%m-%d %H:%M} {row.note}".strip()


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(OfStreetAdmin):
    """Who decides about which application, how often and how long. A new row takes over; none is edited."""

    form = forms.ApprovalRuleForm
    list_display = ("kind", "place", "rung", "cap", "length", "holds_from", "reason")
    list_filter = ("kind",)
    list_before_template = "cases/approval_rules.html"
    empty = _("No rule differs from those above.")
    fields = ("kind", "street", "least", ("steps", "again"), "most", ("longest", "unit"), "reason")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        rows = []
        for kind, terms in TERMS.items():
            longest = limit_text(terms.longest, terms.unit) if terms.longest else "—"
            rows.append((Ask(kind).label, Level(terms.least).label if terms.least else "—", terms.most, longest))
        return super().changelist_view(request, {"ordinary": rows, **(extra_context or {})})

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> ApprovalRule:
        return actions.set_approval_rule(**form.cleaned_data, by=request.user, at=timezone.now())

    @display(description=_("street"))
    def place(self, row: ApprovalRule) -> Any:
        return row.street.name if row.street else _("every street")

    @display(description=_("decided by"))
    def rung(self, row: ApprovalRule) -> str:
        words = _("%(steps)s rungs above the applicant, %(again)s more each time, never below %(least)s")
        return str(words % {"steps": row.steps, "again": row.again, "least": row.get_least_display()})

    @display(description=_("at most"))
    def cap(self, row: ApprovalRule) -> str:
        return "—" if row.most is None else str(row.most)

    @display(description=_("longest"))
    def length(self, row: ApprovalRule) -> str:
        return limit_text(row.longest, row.unit) if row.longest else "—"
