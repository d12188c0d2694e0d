"""The tree as a list, and one grid with its map."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from accounts.choices import CASE_ROLES, Role
from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.admin import borders, cutting, moving, pages, staffing
from grids.admin.filters import StandingFilter, UnderFilter
from grids.admin.ground import OVERSEERS, TENDERS, address
from grids.choices import HOUSEHOLDS, POSTS, GridKind, MicroType
from grids.forms.border import OWN, Layer, backdrop, map_media, render_map
from grids.forms.desk import GivePostForm, GridForm
from grids.models import Grid, Post, PublicPage
from grids.queries import heavy, scope_of
from grids.reports import duties_of, specialists_for

VIEWERS = CASE_ROLES | TENDERS
SHOWN_WORKERS = 60


class StreetFilter(SimpleListFilter):
    title = _("street")
    parameter_name = "street"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        streets = Grid.objects.visible_to(request.user).filter(kind=GridKind.STREET)
        return list(streets.order_by("code").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        code = self.value()
        return queryset.filter(code__startswith=code) if code else None


class InForceFilter(SimpleListFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("in force")), ("0", _("retired or not yet begun"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() is None:
            return None
        current = queryset.model.objects.current(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=current) if self.value() == "1" else queryset.exclude(pk__in=current)


def _may_give(by: User, grid: Grid) -> Verdict:
    return rules.can_staff(by, scope_of(by), grid, None)


def _give(row: Grid, **given: Any) -> Post:
    return actions.give_post(grid=row, **given)


@admin.register(Grid)
class GridAdmin(VerbAdmin):
    """Tends through actions; leads and workers read their part of the tree."""

    viewers = VIEWERS
    adders = changers = TENDERS
    form = GridForm
    list_display = ("tree_name", "code", "kind_label", "size", "bordered", "valid_from", "valid_to")
    list_display_links = ("tree_name",)
    list_filter = (StreetFilter, "kind", "micro_type", InForceFilter, StandingFilter, UnderFilter)
    search_fields = ("code__startswith", "name")
    search_help_text = _("code or name")
    ordering = ("tree_id", "lft")
    autocomplete_fields = ("parent", "superseded_by")
    actions = None
    actions_list: ClassVar = ["take_in", "write_out", "give_template"]
    actions_detail: ClassVar = ["show_coverage", "plate", "split", "merge"]
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("give-post", _("Give a post here"), _give, GivePostForm, may=_may_give, done=_("The post is given."),
             icon="person_add"),
        moving.MOVE,
    )  # fmt: skip
    list_before_template = "grids/tree_top.html"

    # --- the list

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).defer("shape", "box")
        match = request.resolver_match
        return rows.defer(*heavy("")) if match and match.url_name == "grids_grid_changelist" else rows

    @display(description=_("name"), ordering="lft")
    def tree_name(self, grid: Grid) -> SafeString:
        return moving.tree_cell(grid)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {**moving.tree_context(), "tree_moves": self.has_change_permission(request)}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def verb_context(self, request: HttpRequest, verb: Verb, row: Grid) -> dict[str, Any]:
        return moving.goes_along(request, row) if verb is moving.MOVE else {}

    @display(
        description=_("kind"),
        ordering="kind",
        label={
            GridKind.STREET.label: "info",
            GridKind.TOTAL.label: "primary",
            GridKind.COMPREHENSIVE.label: "success",
            GridKind.DEDICATED.label: "warning",
        },
    )
    def kind_label(self, grid: Grid) -> str:
        return grid.get_micro_type_display() or grid.get_kind_display()

    @display(description=_("households"), ordering="households")
    def size(self, grid: Grid) -> str | SafeString:
        if grid.households is None:
            return "–"
        fewest, most = HOUSEHOLDS
        if grid.micro_type != MicroType.RESIDENT or fewest <= grid.households <= most:
            return str(grid.households)
        title = _("A resident micro-grid should have %(fewest)d to %(most)d households.")
        words = {"fewest": fewest, "most": most}
        return format_html('<span title="{}">{} ⚠</span>', title % words, grid.households)

    @display(description=_("border"), boolean=True)
    def bordered(self, grid: Grid) -> bool:
        return grid.area_m2 is not None

    # --- one grid

    def get_fields(self, request: HttpRequest, obj: Grid | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("kind", "micro_type", "parent", "code", "name", "households", "valid_from", "border")
        head = ("code", "kind", "micro_type", "parent", "name", "households", "valid_from", "valid_to")
        map_field = "border" if self.has_change_permission(request, obj) else "map_view"
        return (*head, "superseded_by", "area", map_field, "public_page", "duties", "bound_workers")

    def get_readonly_fields(self, request: HttpRequest, obj: Grid | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return (
            "code",
            "kind",
            "micro_type",
            "area",
            "map_view",
            "public_page",
            "duties",
            "bound_workers",
            *(("parent",) if obj.parent_id is None else ()),
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without mptt's field, which puts dashes before the chosen name."""
        return super().formfield_for_foreignkey(db_field, request, form_class=ModelChoiceField, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = {"kind": GridKind.MICRO, "micro_type": MicroType.RESIDENT, "valid_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    @property
    def media(self) -> Any:
        return super().media + map_media()

    @display(description=_("area"))
    def area(self, grid: Grid) -> str:
        return "–" if grid.area_m2 is None else f"{grid.area_m2 / 1e6:.3f} km²"

    @display(description=_("map"))
    def map_view(self, grid: Grid) -> str | SafeString:
        return "–" if grid.border is None else render_map([*backdrop(grid), Layer(OWN, grid.border, grid.name)])

    @display(description=_("bound professional workers"))
    def bound_workers(self, grid: Grid) -> SafeString:
        """Whom one can call here: bound to this grid or to one above it."""
        found = specialists_for(grid, timezone.localdate())
        context = {"lines": found[:SHOWN_WORKERS], "more": max(len(found) - SHOWN_WORKERS, 0), "grid": grid}
        return render_to_string("grids/specialists.html", context)

    @display(description=_("public page"))
    def public_page(self, grid: Grid) -> str | SafeString:
        if not PublicPage.objects.filter(street__tree_id=grid.tree_id, is_open=True).exists():
            return "–"
        said = '<a class="gg-link" href="{0}" target="_blank" rel="noopener">{0}</a>'
        return format_html(said, reverse("grid-page", args=[grid.code]))

    @display(description=_("duties"))
    def duties(self, grid: Grid) -> SafeString:
        """What the posts that may stand here have to do."""
        street = Grid.objects.defer(*heavy("")).street_of(grid)
        kinds = [kind for kind, (places, _roles) in POSTS.items() if grid.kind in places]
        return render_to_string("grids/duties.html", {"duties": duties_of(street, kinds, timezone.localdate())})

    def act(self, request: HttpRequest, row: Grid, form: Any, *, change: bool) -> Grid:
        by: Any = {"by": request.user, "at": timezone.now()}
        given = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        if not change:
            return form.became(actions.found_grid(**_founding(form.cleaned_data), **by))
        plain = {name: given[name] for name in ("name", "households", "valid_from") if name in given}
        if plain:
            form.became(actions.change_grid(grid=row, **plain, **by))
        if given.get("parent"):
            actions.move_grid(grid=row, parent=given["parent"], **by)
        if "border" in given:
            _redraw(row, given["border"], by)
        if "valid_to" in given or "superseded_by" in given:
            _retire(row, form.cleaned_data["valid_to"], form.cleaned_data["superseded_by"], by)
        return row

    def after_verb(self, request: HttpRequest, verb: Verb, row: Grid) -> str:
        return staffing.address_of(row) if verb.name == "give-post" else super().after_verb(request, verb, row)

    # --- pages

    def has_import_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, TENDERS)

    @action(description=_("Import"), url_path="import", permissions=["import"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, pages.GRIDS)

    @action(description=_("Export"), url_path="export", permissions=["view"], icon="download")
    def write_out(self, request: HttpRequest) -> HttpResponse:
        return pages.write_grids(request)

    @action(description=_("Empty list"), url_path="template", permissions=["import"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, pages.GRIDS)

    @action(description=_("Coverage"), url_path="coverage", permissions=["view"], icon="map")
    def show_coverage(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return borders.show_coverage(request, self, object_id)

    def has_oversight_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_one_of(request, OVERSEERS)

    @action(description=_("QR plate"), url_path="plate", permissions=["oversight"], icon="qr_code_2")
    def plate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of plates, set to this grid."""
        grid = self.get_object(request, object_id)
        if grid is None:
            raise Http404
        return HttpResponseRedirect(address("admin:grids_publicpage_plates", at=grid.code, kind=grid.kind))

    def has_redraw_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.role == Role.STREET

    @action(description=_("Split grid"), url_path="split", permissions=["redraw"], icon="content_cut")
    def split(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return cutting.split(request, self, object_id)

    @action(description=_("Merge grids"), url_path="merge", permissions=["redraw"], icon="join_full")
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return cutting.merge(request, self, object_id)

    def get_urls(self) -> list[URLPattern]:
        """With what the drawing of a border asks by POST."""
        asked = {"check": borders.check_border, "fit": borders.fit_border, "around": borders.around_border}
        views = {name: self.admin_site.admin_view(self._only_tenders(view)) for name, view in asked.items()}
        return [
            *(path(f"{name}-border/", view, name=f"grids_grid_{name}_border") for name, view in views.items()),
            *super().get_urls(),
        ]

    def _only_tenders(self, view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        def tended(request: HttpRequest) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            return view(request)

        return require_POST(tended)


def _founding(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in GridForm.Meta.fields if name not in {"valid_to", "superseded_by"}}


def _redraw(grid: Grid, border: dict[str, Any] | None, by: dict[str, Any]) -> None:
    if border is not None:
        actions.set_border(grid=grid, border=border, **by)
    else:
        actions.clear_border(grid=grid, **by)


def _retire(grid: Grid, valid_to: Any, heir: Grid | None, by: dict[str, Any]) -> None:
    if valid_to is not None:
        actions.retire_grid(grid=grid, valid_to=valid_to, superseded_by=heir, **by)
    else:
        actions.revive_grid(grid=grid, **by)
