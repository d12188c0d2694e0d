"""The matter list and the time limits."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.views import ChangeList

from accounts.choices import CASE_ROLES, Role
from cases import actions
from cases.actions.matters import MatterChange
from cases.admin import looks
from cases.admin.of_street import OfStreetAdmin
from cases.admin.proof import proof_page
from cases.forms import PolicyForm
from cases.forms.matter_sheet import read_matters, template, write_matters
from cases.models import Case, Category, Policy
from cases.reports import limit_text
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.sheet import download, ending_asked
from grids.admin import pages


def _tick(yes: bool) -> str:
    """A word, not a red cross: not needing a photo is no fault."""
    return _t("yes") if yes else "—"


class GroupFilter(admin.SimpleListFilter):
    title = _("group")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(group.code, group.label) for group in Category.objects.filter(level=1)]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(parent__code=self.value()) if self.value() else rows


def _told(change: MatterChange) -> tuple[Any, ...]:
    """A change as a line of the check: code, name, and each field with before and after."""
    label = Category._meta.get_field
    said = [f"{label(name).verbose_name}: {before} → {after}" for name, (before, after) in change.changes.items()]
    return (change.code, change.name, "; ".join(said) or _t("new"))


MATTERS = pages.ListKind(
    model="cases_category",
    file="matters",
    title=_("Import the matter list"),
    hint=_(
        "A list in CSV or XLSX. New codes come in, known ones are brought up to date, none is deleted; cases that stand keep "
        "what they have. If one row is faulty, nothing is changed."
    ),
    template=template,
    read=read_matters,
    act=actions.import_matters,
    said=(
        _("No faults: %(founded)d new, %(changed)d to change, %(unchanged)d as they stand."),
        _("%(founded)d new, %(changed)d changed, %(unchanged)d unchanged"),
    ),
    tell=lambda result: [_told(change) for change in result.changes],
)


class Matters(ChangeList):
    """The matters with how many open cases the reader sees of each; one query for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = Case.objects.visible_to(request.user).open().order_by().values_list("category")
        counts = dict(rows.annotate(Count("pk")))
        for row in self.result_list:
            row.open_cases = counts.get(row.pk, 0)


@admin.register(Category)
class CategoryAdmin(HouseAdmin):
    """The published matter list 网格事项清单. The street office switches items on and off; the rest comes by file."""

    viewers = CASE_ROLES | {Role.SYSTEM_ADMIN}
    changers = frozenset({Role.STREET})
    list_display = (
        "code",
        "label_now",
        "group",
        "tier_now",
        "urgency",
        "lead_unit",
        "asks_place",
        "asks_photo",
        "asks_photo_before",
        "open_now",
        "in_use",
    )
    list_display_links = ("code", "label_now")
    list_filter = (GroupFilter, "tier", "enabled")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "name_en", "lead_unit")
    search_help_text = _("Code, name or usual unit")
    list_per_page = 100
    empty = _("The matter list is not loaded yet.")
    fields = (
        *actions.SWITCHES, ("code", "name", "name_en"), ("group", "area"), ("tier", "urgency", "response_hours"),
        ("lead_unit", "helpers"), ("words", "basis"),
    )  # fmt: skip

    list_before_template = "cases/matter_list_top.html"
    actions_list: ClassVar = ["take_in", "write_out", "give_template"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.proof_view)
        return [path("proof/", view, name="cases_category_proof"), *super().get_urls()]

    @action(description=_("Import from a file"), url_path="import", permissions=["change"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, MATTERS)

    @action(description=_("Export"), url_path="export", permissions=["view"], icon="download")
    def write_out(self, request: HttpRequest) -> HttpResponse:
        """Groups and items in the import's shape."""
        ending = ending_asked(request)
        rows = Category.objects.visible_to(request.user).order_by("code")
        return download(write_matters(rows, ending), f"matters-{timezone.localdate():%Y%m%d}", ending)

    @action(description=_("Empty list"), url_path="template", permissions=["change"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, MATTERS)

    def proof_view(self, request: HttpRequest) -> HttpResponse:
        return proof_page(request, self) if self.has_view_permission(request) else HttpResponse(status=403)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Matters

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(level=2)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for row in self.fields for name in row if name not in actions.SWITCHES]

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> Category:
        wanted = {name: form.cleaned_data[name] for name in actions.SWITCHES}
        return actions.change_category(category=row, **wanted, by=request.user, at=timezone.now())

    @display(description=_("name"))
    def label_now(self, row: Category) -> str:
        return row.label

    @display(description=_("group"))
    def group(self, row: Category) -> str:
        return row.parent.label if row.parent else "—"

    @display(description=_("tier"))
    def tier_now(self, row: Category) -> str:
        return looks.tier_chip(row)

    @display(description=_("needs a place"))
    def asks_place(self, row: Category) -> str:
        return _tick(row.needs_place)

    @display(description=_("needs a photo when completed"))
    def asks_photo(self, row: Category) -> str:
        return _tick(row.needs_photo)

    @display(description=_("needs a photo from before"))
    def asks_photo_before(self, row: Category) -> str:
        return _tick(row.needs_photo_before)

    @display(description=_("open cases"))
    def open_now(self, row: Category) -> str:
        return str(getattr(row, "open_cases", 0) or "—")

    @display(description=_("in use"))
    def in_use(self, row: Category) -> str:
        look, word = ("calm", _t("in use")) if row.enabled else ("done", _t("switched off"))
        return format_html('<span class="gg-chip gg-standing-{}">{}</span>', look, word)

    @display(description=_("usually assisting"))
    def helpers(self, row: Category) -> str:
        return ", ".join(row.assist_units) or "—"

    @display(description=_("key words"))
    def words(self, row: Category) -> str:
        return ", ".join(row.keywords) or "—"


@admin.register(Policy)
class PolicyAdmin(OfStreetAdmin):
    """Limits that differ from their tier's own. A new one takes over; none is edited, for running cases rest on it."""

    form = PolicyForm
    list_display = ("length", "limits_what", "tier_now", "matter", "place", "holds_from", "standing", "reason")
    list_filter = ("limit", "tier")
    search_fields = ("category__name", "category__code", "reason")
    list_before_template = "cases/tier_limits.html"
    empty = _("No limit differs from its tier's own: A one day, B three, C seven.")
    fields = ("limit", "tier", "category", "value", "unit", "street", "effective_from", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each row with whether a newer one has taken over."""
        same = {"at_place": Coalesce("street", 0), "on_matter": Coalesce("category", 0)}
        newer = Policy.objects.annotate(**same).filter(
            Q(effective_from__gt=OuterRef("effective_from")) | Q(effective_from=OuterRef("effective_from"), pk__gt=OuterRef("pk")),
            at_place=OuterRef("at_place"), on_matter=OuterRef("on_matter"), limit=OuterRef("limit"), tier=OuterRef("tier"),
            effective_from__lte=timezone.now(),
        )  # fmt: skip
        return super().get_queryset(request).annotate(**same).annotate(replaced=Exists(newer))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.choosable()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> Policy:
        return actions.set_policy(**form.cleaned_data, by=request.user, at=timezone.now())

    @display(description=_("limits"))
    def limits_what(self, row: Policy) -> str:
        return row.get_limit_display()

    @display(description=_("limit"))
    def length(self, row: Policy) -> str:
        return limit_text(row.value, row.unit)

    @display(description=_("tier"))
    def tier_now(self, row: Policy) -> str:
        if not row.tier:
            return _t("every tier")
        return format_html('<span class="gg-tier gg-tier-{}">{}</span>', row.tier, row.tier)

    @display(description=_("category"))
    def matter(self, row: Policy) -> str:
        return row.category.label if row.category else _t("every category")

    @display(description=_("street"))
    def place(self, row: Policy) -> str:
        return row.street.name if row.street else _t("every street")

    @display(description=_("standing"))
    def standing(self, row: Policy) -> str:
        if row.effective_from > timezone.now():
            look, word = "near", _t("not yet")
        else:
            look, word = ("done", _t("replaced")) if row.replaced else ("calm", _t("in force"))
        return format_html('<span class="gg-chip gg-standing-{}">{}</span>', look, word)
