"""Needs and projects at the desk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_verbs import Verb, VerbAdmin
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks
from volunteers.choices.people import ORGANISERS, Skill
from volunteers.choices.work import NeedState, ProjectState, ShiftState
from volunteers.forms import work as forms
from volunteers.models import Need, Project, Shift
from volunteers.rules import projects as rules

MOST_SHOWN = 30


def _on(act: Any) -> Any:
    return lambda row, **given: act(project=row, **given)


def _to(state: str) -> Any:
    return lambda by, row: rules.can_move_project(by, row, state)


@admin.register(Project)
class ProjectAdmin(VerbAdmin):
    viewers = adders = ORGANISERS
    form = forms.ProjectForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("open", _("Open it"), _on(actions.open_project), may=_to(ProjectState.OPEN), icon="campaign",
             done=_("Volunteers see it now."), key="s"),
        Verb("plan", _("Plan shifts"), _on(actions.plan_shifts), forms.PlanForm, rules.can_change_project, icon="event",
             done=_("Planned.")),
        Verb("change", _("Change"), _on(actions.change_project), forms.ChangeProjectForm, rules.can_change_project,
             icon="edit", done=_("Changed.")),
        Verb("end", _("End the project"), _on(actions.end_project), may=_to(ProjectState.ENDED), icon="flag",
             done=_("The project has ended.")),
        Verb("cancel", _("Cancel it"), _on(actions.cancel_project), forms.ReasonForm, _to(ProjectState.CANCELLED),
             icon="cancel", danger=True, done=_("Cancelled; whoever signed up is told.")),
    )  # fmt: skip
    primary = "plan"
    by_key = True
    list_display = ("title", "kind", "state", "where", "led_by", "shifts_ahead")
    list_display_links = ("title",)
    list_filter = ("state", "kind", CommunityFilter)
    search_fields = ("title",)
    empty = _("No project yet. Draft one with “Add”.")
    actions = None
    autocomplete_fields = ("grid",)
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        "title", "kind", "state", "where", "about", "led_by", "wanted", "conditions", "reason", "answers", "all_shifts",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        ahead = Count("shifts", filter=Q(shifts__state=ShiftState.OPEN))
        return super().get_queryset(request).for_list().annotate(ahead=ahead)

    def get_fields(self, request: HttpRequest, obj: Project | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.ProjectForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Project | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Project, form: Any, *, change: bool) -> Project:
        return form.became(actions.make_project(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("grid"))
    def where(self, row: Project) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("organiser"))
    def led_by(self, row: Project) -> str:
        return str(row.organiser)

    @display(description=_("open shifts"))
    def shifts_ahead(self, row: Project) -> int:
        return row.ahead

    @display(description=_("skills wanted"))
    def wanted(self, row: Project) -> str:
        return looks.skills(row)

    @display(description=_("conditions"))
    def conditions(self, row: Project) -> str:
        said = [
            *([_("from the age of %(age)s") % {"age": row.least_age}] if row.least_age else []),
            *([_("only for the insured")] if row.is_dangerous else []),
            _("stands on the public page") if row.is_public else _("not on the public page"),
        ]
        return " · ".join(map(str, said))

    @display(description=_("needs for help"))
    def answers(self, row: Project) -> str:
        lines = [
            (reverse("admin:volunteers_need_change", args=[need.pk]), need.words, need.get_state_display())
            for need in row.needs.order_by("-id")[:MOST_SHOWN]
        ]
        return format_html_join("", '<div><a class="gg-link" href="{}">{}</a> {}</div>', lines) or "—"

    @display(description=_("shifts"))
    def all_shifts(self, row: Project) -> str:
        """The latest of them."""
        lines = [
            (
                reverse("admin:volunteers_shift_change", args=[shift.pk]), looks.moment(shift.starts_at), shift.place,
                f"{shift.taken}/{shift.capacity}", shift.get_state_display(),
            )
            for shift in Shift.objects.filter(project=row).order_by("-starts_at", "-id")[:MOST_SHOWN]
        ]  # fmt: skip
        return format_html_join("", '<div><a class="gg-link" href="{}">{}</a> {} · {} · {}</div>', lines) or "—"


def _need(act: Any) -> Any:
    return lambda row, **given: act(need=row, **given)


def _need_to(state: str) -> Any:
    return lambda by, row: rules.can_move_need(by, row, state)


@admin.register(Need)
class NeedAdmin(VerbAdmin):
    viewers = adders = ORGANISERS
    form = forms.NeedForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("take-up", _("Take it up"), _need(actions.take_up_need), forms.TakeUpForm, _need_to(NeedState.TAKEN),
             icon="handshake", done=_("A project answers it."), key="s"),
        Verb("meet", _("Help was given"), _need(actions.meet_need), may=_need_to(NeedState.MET), icon="task_alt",
             done=_("It is met.")),
        Verb("reopen", _("It waits again"), _need(actions.reopen_need), may=_need_to(NeedState.OPEN), icon="restart_alt"),
        Verb("drop", _("Drop it"), _need(actions.drop_need), forms.ReasonForm, _need_to(NeedState.DROPPED), icon="block",
             danger=True, done=_("Dropped.")),
    )  # fmt: skip
    primary = "take-up"
    by_key = True
    list_display = ("words", "source", "state", "where", "skilled", "people", "wanted_on", "taken_by")
    list_display_links = ("words",)
    list_filter = ("state", "source", CommunityFilter)
    search_fields = ("words",)
    empty = _("No need for help is written down here.")
    actions = None
    autocomplete_fields = ("grid",)
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        "words", "source", "state", "where", "said_by", "skilled", "people", "wanted_on", "taken_by", "reason", "entered",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_form(self, request: HttpRequest, obj: Need | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return form if obj else type("NeedForm", (form,), {"by": request.user})

    def get_fields(self, request: HttpRequest, obj: Need | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.NeedForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Need | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Need, form: Any, *, change: bool) -> Need:
        given = {**form.cleaned_data}
        made = actions.enter_need(case=given.pop("case_no"), **given, by=request.user, at=timezone.now())
        return form.became(made)

    @display(description=_("grid"))
    def where(self, row: Need) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("skill"))
    def skilled(self, row: Need) -> str:
        return str(Skill(row.skill).label) if row.skill else "—"

    @display(description=_("project"))
    def taken_by(self, row: Need) -> str:
        if row.project is None:
            return "—"
        url = reverse("admin:volunteers_project_change", args=[row.project_id])
        return format_html('<a class="gg-link" href="{}">{}</a>', url, row.project)

    @display(description=_("where it comes from"))
    def said_by(self, row: Need) -> str:
        if row.case is not None:
            return format_html(
                '<a class="gg-no" href="{}">{}</a>', reverse("admin:cases_case_change", args=[row.case_id]), row.case.no
            )
        return row.reference or row.get_source_display()

    @display(description=_("entered"))
    def entered(self, row: Need) -> str:
        return f"{row.entered_by} {looks.moment(row.entered_at)}"
