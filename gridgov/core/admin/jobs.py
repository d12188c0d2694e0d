"""Stuck jobs, for whoever keeps the house running."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core import actions, rules
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Refusal
from gridgov.core.models import Job
from gridgov.core.verbs import Verb

KEEPERS = frozenset({"system_admin", "street"})


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
    verbs = (
        Verb("retry", _("Try again"), lambda row, **by: actions.retry_job(job=row, **by),
             may=lambda by, row: rules.can_retry(row), done=_("It is tried again at once."), icon="replay"),
    )  # fmt: skip
    primary = "retry"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).stuck()

    def after_verb(self, request: HttpRequest, verb: Verb, row: Any) -> str:
        return self.url_of("changelist")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Stuck jobs"), **(extra_context or {})})

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
