"""Squads at the desk, with what each lacks; and the board of all of them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.masking import mask_name
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks
from volunteers.choices.people import ORGANISERS, SquadGap, SquadKind, VolunteerState
from volunteers.forms import squads as forms
from volunteers.models import Squad
from volunteers.reports.squads import gaps_of, size_told, squad_board, total_of
from volunteers.rules import squads as rules


class GapFilter(ChoiceFilter):
    """Only standing squads lack something."""

    title = _("warning")
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(SquadGap.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.lacking(chosen) if chosen else rows


class EndedFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("in service")), ("1", _("dissolved"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.filter(ended_on__isnull=chosen == "0") if chosen else rows


def _on(act: Any) -> Any:
    return lambda row, **given: act(squad=row, **given)


def _remove(row: Squad, *, member: int, by: User, at: Any) -> Any:
    return actions.remove_member(member=member, by=by, at=at)


def _may_remove(by: User, row: Squad) -> Verdict:
    verdict = rules.can_keep(by, row)
    return verdict if not verdict or row.members.current().exists() else Verdict.clash(_("Nobody stands in it."))


@admin.register(Squad)
class SquadAdmin(VerbAdmin):
    viewers = ORGANISERS
    adders = ORGANISERS
    form = forms.SquadForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("add", _("Add volunteers"), _on(actions.add_members), forms.AddForm, rules.can_keep, icon="group_add",
             done=_("They stand in the squad from today."), key="s"),
        Verb("remove", _("Take somebody out"), _remove, forms.RemoveForm, _may_remove, icon="group_remove",
             done=_("Stands in the squad no more.")),
        Verb("change", _("Change"), _on(actions.change_squad), forms.ChangeSquadForm, rules.can_keep, icon="edit",
             done=_("Changed.")),
        Verb("end", _("End the squad"), _on(actions.end_squad), may=rules.can_keep, icon="group_off", danger=True,
             done=_("The squad has ended.")),
    )  # fmt: skip
    primary = "add"
    by_key = True
    list_display = ("called", "kind_name", "where", "led_by", "size", "warnings")
    list_display_links = ("called",)
    list_filter = ("kind", GapFilter, EndedFilter, CommunityFilter)
    search_fields = ("name", "grid__code__startswith")
    search_help_text = _("Name, or code of the grid")
    empty = _("No squad stands here yet. Form one with “Add”.")
    actions = None
    actions_list: ClassVar = ["board"]
    autocomplete_fields = ("grid", "micros")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("called", "kind_name", "where", "bound_to", "led_by", "size", "warnings", "standing", "began")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list().select_related("made_by").prefetch_related("micros")

    def get_fields(self, request: HttpRequest, obj: Squad | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.SquadForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Squad | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Squad, form: Any, *, change: bool) -> Squad:
        return form.became(actions.form_squad(**form.cleaned_data, by=request.user, at=timezone.now()))

    @action(description=_("Board"), url_path="board", permissions=["board"], icon="grid_view")
    def board(self, request: HttpRequest) -> HttpResponse:
        return show_board(request, self)

    def has_board_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, ORGANISERS)

    @display(description=_("name"))
    def called(self, row: Squad) -> str:
        return row.name

    @display(description=_("kind"))
    def kind_name(self, row: Squad) -> str:
        return row.get_kind_display()

    @display(description=_("grid"))
    def where(self, row: Squad) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("micro-grids"))
    def bound_to(self, row: Squad) -> str:
        return " · ".join(f"{micro.name} {micro.code}" for micro in row.micros.all()) or "—"

    @display(description=_("squad lead"))
    def led_by(self, row: Squad) -> str:
        return str(row.lead or "—")

    @display(description=_("active volunteers / should be"))
    def size(self, row: Squad) -> str:
        return f"{row.strength} / {size_told(row.kind)}"

    @display(description=_("warnings"))
    def warnings(self, row: Squad) -> str:
        if row.ended_on:
            return str(_("ended on %(day)s") % {"day": looks.day(row.ended_on)})
        return looks.chips(gaps_of(row))

    @display(description=_("members"))
    def standing(self, row: Squad) -> str:
        members = row.members.current().select_related("volunteer").order_by("since", "pk")
        lines = [
            (
                reverse("admin:volunteers_volunteer_change", args=[one.volunteer_id]),
                one.volunteer.public_name,
                f"{mask_name(one.volunteer.name)} · {looks.skills(one.volunteer)}",
                "" if one.volunteer.state == VolunteerState.ACTIVE else one.volunteer.get_state_display(),
            )
            for one in members
        ]
        return format_html_join("", '<div><a class="gg-link" href="{}">{}</a> {} {}</div>', lines) or "—"

    @display(description=_("entered"))
    def began(self, row: Squad) -> str:
        return format_html("{} {}", row.made_by, looks.moment(row.made_at))


def show_board(request: HttpRequest, page: SquadAdmin) -> HttpResponse:
    """All communities in sight with their squads, and what these lack."""
    if not page.has_board_permission(request):
        raise PermissionDenied
    lines = squad_board(request.user, timezone.localdate())
    listed = reverse("admin:volunteers_squad_changelist")
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Board of squads"), "lines": lines,
        "total": total_of(lines), "kinds": SquadKind, "gaps": SquadGap, "listed": listed, "back": listed,
    }  # fmt: skip
    return render(request, "volunteers/board.html", context)
