"""Party organisations as a tree with their verbs, and which grids they cover."""

from typing import Any, ClassVar

from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.choices import CASE_ROLES
from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.admin import party_coverage
from grids.admin.filters import AtFilter, UnderFilter
from grids.admin.grids import InForceFilter
from grids.admin.ground import OVERSEERS, TENDERS
from grids.choices import PartyKind
from grids.forms.desk import EndForm
from grids.forms.party import CoverForm, FoundBelowForm, PartyChangeForm, PartyOrgForm, kind_below
from grids.models import PartyOrg
from grids.queries import scope_of


def _may_change(by: User, org: PartyOrg) -> Verdict:
    return rules.can_change_party(by, scope_of(by), org, timezone.localdate())


def _may_found_below(by: User, org: PartyOrg) -> Verdict:
    return _may_change(by, org) and rules.can_found_party(kind_below(org), org)


def _change(row: PartyOrg, **given: Any) -> PartyOrg:
    return actions.change_party_org(org=row, **given)


def _cover(row: PartyOrg, **given: Any) -> PartyOrg:
    return actions.cover_grids(org=row, **given)


def _found_below(row: PartyOrg, **given: Any) -> PartyOrg:
    return actions.found_party_org(parent=row, kind=kind_below(row), **given)


def _retire(row: PartyOrg, **given: Any) -> PartyOrg:
    return actions.retire_party_org(org=row, **given)


@admin.register(PartyOrg)
class PartyOrgAdmin(VerbAdmin):
    viewers = CASE_ROLES | TENDERS
    adders = TENDERS
    form = PartyOrgForm
    list_display = ("tree_name", "kind", "covers", "secretary", "valid_from", "valid_to")
    list_display_links = ("tree_name",)
    list_filter = ("kind", InForceFilter, AtFilter, UnderFilter)
    search_fields = ("name", "grids__name", "grids__code__startswith")
    search_help_text = _("Name, or name or code of a covered grid")
    ordering = ("tree_id", "lft")
    autocomplete_fields = ("parent", "street", "grids")
    actions = None
    actions_list: ClassVar = ["coverage"]
    fields = ("name", "kind", "parent", "street", "covered", "secretary", "valid_from", "valid_to")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _change, PartyChangeForm, may=_may_change, icon="edit"),
        Verb("cover", _("Say what it covers"), _cover, CoverForm, may=_may_change, icon="select_all",
             hint=_("One grid: set up alone. Several: jointly.")),
        Verb("found-below", _("Found one below"), _found_below, FoundBelowForm, may=_may_found_below, icon="add"),
        Verb("retire", _("Let it end"), _retire, EndForm, may=_may_change, icon="event_busy", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_detail()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without mptt's field, which puts dashes before the chosen name."""
        return super().formfield_for_foreignkey(db_field, request, form_class=ModelChoiceField, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = {"kind": PartyKind.GROUP, "valid_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    @display(description=_("name"), ordering="lft")
    def tree_name(self, org: PartyOrg) -> SafeString:
        return format_html('<span class="gg-level" data-level="{}">{}</span>', org.level, org.name)

    @display(description=_("covers"))
    def covers(self, org: PartyOrg) -> str:
        """The grid, or how many jointly."""
        names = [grid.name for grid in org.grids.all()]
        if len(names) > 1:
            return _t("%(count)d grids jointly") % {"count": len(names)}
        return names[0] if names else "—"

    @display(description=_("covers"))
    def covered(self, org: PartyOrg) -> str:
        return "、".join(f"{grid.name} {grid.code}" for grid in org.grids.all()) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: PartyOrg | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_fields(self, request: HttpRequest, obj: PartyOrg | None = None) -> tuple[str, ...]:
        return self.fields if obj else PartyOrgForm.Meta.fields[:-1]

    def act(self, request: HttpRequest, row: PartyOrg, form: Any, *, change: bool) -> PartyOrg:
        return form.became(actions.found_party_org(**form.cleaned_data, by=request.user, at=timezone.now()))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The actions have written which grids are covered."""

    def has_oversight_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, OVERSEERS)

    @action(description=_("Coverage"), url_path="coverage", permissions=["oversight"], icon="flag")
    def coverage(self, request: HttpRequest) -> HttpResponse:
        return party_coverage.show_party(request, self)
