"""Departments, firms and committees that take orders."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.choices import CASE_ROLES
from gridgov.core.admin_base import HouseAdmin
from grids import actions
from grids.admin.ground import TENDERS
from grids.forms.border import map_data
from grids.forms.desk import UnitForm, changed
from grids.models import Unit
from grids.queries import scope_of
from grids.rules import can_tend_units


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    viewers = CASE_ROLES | TENDERS
    adders = changers = TENDERS
    form = UnitForm
    list_display = ("name", "kind", "area_prefix", "phone", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "aliases")
    actions = None
    change_form_template = "grids/unit.html"

    def has_change_permission(self, request: HttpRequest, obj: Unit | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or bool(can_tend_units(request.user, scope_of(request.user), obj.area_prefix)))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A street enters units of its own."""
        streets = [node.code for node in scope_of(request.user).nodes if node.parent_id is None]
        return {"area_prefix": streets[0] if len(streets) == 1 else "", **super().get_changeform_initial_data(request)}

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return UnitForm.Meta.fields if obj else UnitForm.Meta.fields[:-1]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With a map on which a click names the place."""
        picker = {
            "tiles": map_data(())["tiles"],
            "pick": self.has_change_permission(request, kwargs.get("obj")),
            "kinds": ["street", "total"],
        }
        return super().render_change_form(request, {**context, "place_map": picker}, *args, **kwargs)

    def act(self, request: HttpRequest, row: Unit, form: Any, *, change: bool) -> Unit:
        by: Any = {"by": request.user, "at": timezone.now()}
        if change:
            return form.became(actions.change_unit(unit=row, **changed(form, *UnitForm.Meta.fields), **by))
        return form.became(actions.register_unit(**form.cleaned_data, **by))
