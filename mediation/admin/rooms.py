"""Mediation rooms at the desk, and the calendar of rooms and mediators."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from gridgov.core.admin_verbs import Verb
from grids.admin.filters import CommunityFilter
from mediation import actions
from mediation.admin.calendar import show_calendar
from mediation.admin.setting_up import EndedFilter, SettingUpAdmin
from mediation.forms import people as forms
from mediation.models import Room
from mediation.rules.people import can_change


def _on(act: Any) -> Any:
    return lambda row, **given: act(room=row, **given)


@admin.register(Room)
class RoomAdmin(SettingUpAdmin):
    form = forms.RoomForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _on(actions.change_room), forms.ChangeRoomForm, can_change, icon="edit", done=_("Changed.")),
        Verb("end", _("Close the room"), _on(actions.close_room), forms.EndForm, can_change, icon="block",
             danger=True, done=_("The room is closed.")),
    )  # fmt: skip
    list_display = ("name", "place", "seats", "where", "standing")
    list_display_links = ("name",)
    list_filter = (EndedFilter, CommunityFilter)
    search_fields = ("name", "place")
    search_help_text = _("Name or place")
    empty = _("No mediation room here yet. Enter one with “Add”.")
    actions_list: ClassVar = ["calendar"]
    asks = forms.RoomForm.Meta.fields
    shown = ("name", "place", "seats", "where", "standing")

    def act(self, request: HttpRequest, row: Room, form: Any, *, change: bool) -> Room:
        return form.became(actions.add_room(**form.cleaned_data, by=request.user, at=timezone.now()))

    @action(
        description=_("Calendar of mediation"), url_path="calendar", permissions=["calendar"], icon="calendar_month"
    )
    def calendar(self, request: HttpRequest) -> HttpResponse:
        return show_calendar(request, self)

    def has_calendar_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
