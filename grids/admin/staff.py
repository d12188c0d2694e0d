"""Units, posts and party organisations."""

from typing import Any

from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import CASE_ROLES, Role
from gridgov.core.admin_base import HouseAdmin
from grids import actions
from grids.choices import PartyKind, PostKind
from grids.forms.desk import PartyOrgForm, PostForm, UnitForm
from grids.models import PartyOrg, Post, Unit

TENDERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN})
GIVERS = frozenset({Role.STREET, Role.SECURITY_ADMIN})


def _changed(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names if name in form.changed_data}


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    viewers = CASE_ROLES | TENDERS
    adders = changers = TENDERS
    form = UnitForm
    list_display = ("name", "kind", "area_prefix", "phone", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "aliases")
    actions = None

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return UnitForm.Meta.fields if obj else UnitForm.Meta.fields[:-1]

    def act(self, request: HttpRequest, row: Unit, form: Any, *, change: bool) -> Unit:
        by: Any = {"by": request.user, "at": timezone.now()}
        if change:
            return form.became(actions.change_unit(unit=row, **_changed(form, *UnitForm.Meta.fields), **by))
        return form.became(actions.register_unit(**form.cleaned_data, **by))


@admin.register(Post)
class PostAdmin(HouseAdmin):
    """A post is given once and ends once; everything between is fixed."""

    viewers = CASE_ROLES | GIVERS | {Role.SYSTEM_ADMIN}
    adders = changers = GIVERS
    form = PostForm
    list_display = ("person", "kind", "place", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("user__full_name", "user__username", "grid__code__startswith", "grid__name", "unit__name")
    list_select_related = ("user", "grid", "unit")
    autocomplete_fields = ("grid", "unit")
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = {"kind": PostKind.GRID_WORKER_FT, "valid_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    @display(description=_("person"), ordering="user__full_name")
    def person(self, post: Post) -> str:
        return str(post.user)

    @display(description=_("place"))
    def place(self, post: Post) -> str:
        return str(post.grid or post.unit or post.area_prefix)

    def get_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        if obj is None:
            return PostForm.Meta.fields
        return ("person", "kind", "place", "valid_from", "valid_to", "is_public_contact")

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        return () if obj is None else ("person", "kind", "place", "valid_from", "is_public_contact")

    def act(self, request: HttpRequest, row: Post, form: Any, *, change: bool) -> Post:
        by: Any = {"by": request.user, "at": timezone.now()}
        if not change:
            return form.became(actions.give_post(**form.cleaned_data, **by))
        if form.cleaned_data["valid_to"]:
            return form.became(actions.end_post(post=row, valid_to=form.cleaned_data["valid_to"], **by))
        return row


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
        plain = _changed(form, "name", "secretary")
        if plain:
            form.became(actions.change_party_org(org=row, **plain, **by))
        if "grids" in form.changed_data:
            actions.cover_grids(org=row, grids=form.cleaned_data["grids"], **by)
        if form.cleaned_data["valid_to"] and "valid_to" in form.changed_data:
            actions.retire_party_org(org=row, valid_to=form.cleaned_data["valid_to"], **by)
        return row

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The actions have written which grids are covered."""
