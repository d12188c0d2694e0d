"""What residents said of activities, and the codes by which they say it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from gridgov.core.admin_base import HouseAdmin
from grids.admin.disclosures import pdf_of
from grids.forms.codes import origin_of
from volunteers.choices.people import ORGANISERS
from volunteers.choices.work import ProjectState
from volunteers.forms.papers import print_feedback_code
from volunteers.models import Feedback, Project
from volunteers.reports.feedback import voices_of

MOST_SHOWN = 100


@admin.register(Feedback)
class FeedbackAdmin(HouseAdmin):
    viewers = ORGANISERS
    by_key = True
    list_display = ("project_title", "stars_shown", "words", "at")
    list_display_links = None
    list_filter = ("stars",)
    search_fields = ("project__title",)
    empty = _("No resident has said anything yet. They scan the code of an activity: see “Codes of activities”.")
    actions = None
    actions_list: ClassVar = ["codes"]
    sortable_by = ()
    ordering = ("-id",)
    fields = ("project_title", "stars_shown", "words", "at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("project"))
    def project_title(self, row: Feedback) -> str:
        return row.project.title

    @display(description=_("stars"))
    def stars_shown(self, row: Feedback) -> str:
        return f"{'★' * row.stars} {row.stars}"

    @action(description=_("Codes of activities"), url_path="codes", permissions=["view"], icon="qr_code_2")
    def codes(self, request: HttpRequest) -> HttpResponse:
        """The latest activities with what was said of them; ?project= prints the code of one."""
        rows = Project.objects.visible_to(request.user).filter(state__in=[ProjectState.OPEN, ProjectState.ENDED])
        if asked := request.GET.get("project", ""):
            row = (
                rows.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < 12 else None
            )
            if row is None:
                raise Http404
            address = f"{origin_of(request)}{reverse('v-feedback', args=[row.key])}"
            return pdf_of(print_feedback_code(row, address), f"feedback-{row.pk}")
        shown = list(rows.for_list().order_by("-id")[:MOST_SHOWN])
        voices = voices_of(row.pk for row in shown)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _t("Codes of activities"),
            "lines": [(row, voices.get(row.pk)) for row in shown], "here": request.path,
        }  # fmt: skip
        return render(request, "volunteers/feedback_codes.html", context)
