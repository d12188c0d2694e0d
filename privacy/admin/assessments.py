"""The register of impact assessments: which processing needs one, which has one, which is due for review; and its print."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_base import HouseAdmin
from grids.admin.disclosures import pdf_of
from privacy.actions import assess
from privacy.admin.terms import chip, moment
from privacy.choices import ASSESSMENT_READERS, ASSESSORS, REVIEW_AFTER
from privacy.forms import AssessmentForm
from privacy.models import Assessment
from privacy.reports.assessed import register, title_of
from privacy.reports.assessed_paper import register_paper


@admin.register(Assessment)
class AssessmentAdmin(HouseAdmin):
    viewers = ASSESSMENT_READERS
    adders = ASSESSORS
    form = AssessmentForm
    by_key = True
    list_display = ("title", "risk_left", "assessed", "review", "standing")
    list_display_links = ("title",)
    list_before_template = "privacy/register.html"
    ordering = ("-id",)
    actions = None
    sortable_by = ()
    empty = _("Nothing is assessed yet. What needs an assessment stands above; the questions are in the form.")
    fields = ("title", "purpose", "effect", "measures", "risk_left", "assessed", "review", "standing")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else AssessmentForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"review_on": timezone.localdate() + REVIEW_AFTER, **super().get_changeform_initial_data(request)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.print_view)
        return [path("print/", view, name="privacy_assessment_print"), *super().get_urls()]

    def print_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return pdf_of(register_paper(by=request.user, at=timezone.now()), "impact-assessments")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {"register": register(), "today": timezone.localdate(), "may_assess": request.user.role in ASSESSORS}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def act(self, request: HttpRequest, row: Assessment, form: Any, *, change: bool) -> Assessment:
        return form.became(assess(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("kind of processing"))
    def title(self, row: Assessment) -> str:
        return str(title_of(row.kind))

    @display(description=_("risk that is left"))
    def risk_left(self, row: Assessment) -> str:
        return row.get_risk_display()

    @display(description=_("assessed"))
    def assessed(self, row: Assessment) -> str:
        return f"{row.by} · {moment(row.at)}"

    @display(description=_("to be reviewed on"))
    def review(self, row: Assessment) -> Any:
        if row.ended_at is None and row.review_on <= timezone.localdate():
            return chip(row.review_on.isoformat(), "gg-light-late")
        return row.review_on.isoformat()

    @display(description=_("state"))
    def standing(self, row: Assessment) -> Any:
        return chip(_("replaced"), "gg-light-done") if row.ended_at else chip(_("in force"), "gg-work")
