"""Mediators at the desk: what they mediate and where, in which committees, and how much lies with them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb
from grids.admin.filters import CommunityFilter
from mediation import actions
from mediation.admin import looks
from mediation.admin.setting_up import EndedFilter, SettingUpAdmin
from mediation.choices.people import DisputeKind
from mediation.forms import people as forms
from mediation.models import Mediator, Seat
from mediation.rules.choosing import agreed_of
from mediation.rules.people import can_change


class SkillFilter(ChoiceFilter):
    """Whoever mediates any kind is found by each."""

    title = _("kind of dispute")
    parameter_name = "skill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DisputeKind.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.skilled(chosen) if chosen else rows


def _on(act: Any) -> Any:
    return lambda row, **given: act(mediator=row, **given)


@admin.register(Mediator)
class MediatorAdmin(SettingUpAdmin):
    form = forms.MediatorForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _on(actions.change_mediator), forms.ChangeMediatorForm, can_change, icon="edit",
             done=_("Changed.")),
        Verb("end", _("Mediates no more"), _on(actions.end_mediator), forms.EndForm, can_change, icon="person_off",
             danger=True, done=_("Has left every committee and every file.")),
    )  # fmt: skip
    list_display = ("called", "kind", "can", "sits", "where", "load", "standing")
    list_display_links = ("called",)
    list_filter = ("kind", SkillFilter, EndedFilter, CommunityFilter)
    search_fields = ("name",)
    search_help_text = _("Full name of the mediator")
    empty = _("Nobody mediates here yet. Enter somebody with “Add”, then give a seat in a committee.")
    asks = forms.MediatorForm.Meta.fields
    shown = (
        "name",
        "kind",
        "sex",
        "where",
        "grounds",
        "can",
        "sits",
        "phone",
        "account",
        "about",
        "load",
        "results",
        "standing",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        seats = Seat.objects.current().select_related("committee").order_by("pk")
        return (
            super()
            .get_queryset(request)
            .with_load()
            .select_related("user")
            .prefetch_related(Prefetch("seats", seats), "serves")
        )

    def act(self, request: HttpRequest, row: Mediator, form: Any, *, change: bool) -> Mediator:
        return form.became(actions.register_mediator(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("full name"))
    def called(self, row: Mediator) -> str:
        return looks.unbroken(row.name)

    @display(description=_("kinds of disputes"))
    def can(self, row: Mediator) -> str:
        return looks.kinds(row.skills) or str(_("any"))

    @display(description=_("mediation committees"))
    def sits(self, row: Mediator) -> str:
        return " · ".join(f"{seat.committee.name} {seat.get_office_display()}" for seat in row.seats.all()) or "—"

    @display(description=_("serves in"))
    def grounds(self, row: Mediator) -> str:
        return " · ".join(grid.name for grid in row.serves.all()) or row.grid.name

    @display(description=_("account"))
    def account(self, row: Mediator) -> str:
        return str(row.user or "—")

    @display(description=_("open files"))
    def load(self, row: Any) -> int:
        return int(row.open)

    @display(description=_("latest files that are over"))
    def results(self, row: Any) -> str:
        return str(_("%(agreed)d agreed of %(over)d") % {"agreed": agreed_of(row.ended), "over": len(row.ended)})
