"""Party organisations as a tree, and which grids they cover."""

from typing import Any

from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import CASE_ROLES
from gridgov.core.admin_base import HouseAdmin
from grids import actions
from grids.admin.grids import TENDERS
from grids.choices import PartyKind
from grids.forms.desk import PartyOrgForm, changed
from grids.models import PartyOrg


@admin.register(PartyOrg)
class PartyOrgAdmin(HouseAdmin):
    viewers = CASE_ROLES | TENDERS
    adders = changers = TENDERS
    form = PartyOrgForm
    list_display = ("tree_name", "kind", "street", "secretary", "valid_from", "valid_to")
    list_display_links = ("tree_name",)
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("tree_id", "lft")
    list_select_related = ("street", "secretary")
    autocomplete_fields = ("parent", "street", "grids")
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without mptt's field, which puts dashes before the chosen name."""
        return super().formfield_for_foreignkey(db_field, request, form_class=ModelChoiceField, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = {"kind": PartyKind.GROUP, "valid_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    @display(description=_("name"), ordering="lft")
    def tree_name(self, org: PartyOrg) -> SafeString:
        return format_html('<span style="padding-inline-start:{}rem">{}</span>', 1.5 * org.level, org.name)

    def get_readonly_fields(self, request: HttpRequest, obj: PartyOrg | None = None) -> tuple[str, ...]:
        return () if obj is None else ("kind", "parent", "street", "valid_from")

    def get_fields(self, request: HttpRequest, obj: PartyOrg | None = None) -> tuple[str, ...]:
        return PartyOrgForm.Meta.fields if obj else PartyOrgForm.Meta.fields[:-1]

    def act(self, request: HttpRequest, row: PartyOrg, form: Any, *, change: bool) -> PartyOrg:
        by: Any = {"by": request.user, "at": timezone.now()}
        if not change:
            return form.became(actions.found_party_org(**form.cleaned_data, **by))
        plain = changed(form, "name", "secretary")
        if plain:
            form.became(actions.change_party_org(org=row, **plain, **by))
        if "grids" in form.changed_data:
            actions.cover_grids(org=row, grids=form.cleaned_data["grids"], **by)
        if form.cleaned_data["valid_to"] and "valid_to" in form.changed_data:
            actions.retire_party_org(org=row, valid_to=form.cleaned_data["valid_to"], **by)
        return row

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The actions have written which grids are covered."""
