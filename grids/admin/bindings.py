"""Professional workers and the grids they are bound to."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.choices import CASE_ROLES, Role
from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.masking import mask_phone
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.admin import pages
from grids.admin.grids import InForceFilter
from grids.admin.ground import GIVERS
from grids.choices import GridKind, PostKind
from grids.forms.desk import BindingForm, EndForm
from grids.models import Binding, Grid, Unit
from grids.queries import heavy, scope_of


class UnitFilter(SimpleListFilter):
    title = _("unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Units with professional workers; asked by the posts, which are fewer than the bindings."""
        units = Unit.objects.visible_to(request.user).filter(posts__kind=PostKind.SPECIALIST_WORKER)
        return [(str(pk), name) for pk, name in units.order_by("name").distinct().values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        pk = self.value() or ""
        return queryset.filter(post__unit=pk) if pk.isdecimal() else None


class CommunityFilter(SimpleListFilter):
    """Bindings to a community's total grid and to all below it."""

    title = _("community")
    parameter_name = "community"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The communities in sight; those of a unit's people are where the unit has somebody bound."""
        totals = Grid.objects.filter(kind=GridKind.TOTAL, valid_to=None)
        seen = Grid.objects.visible_to(request.user).order_by().values("pk")
        bound = Binding.objects.filter(post__unit__in=scope_of(request.user).units).order_by().values("grid")
        found = totals.filter(Q(pk__in=seen) | Q(pk__in=bound))
        return list(found.order_by("code").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if not self.value():
            return None
        total = Grid.objects.filter(code=self.value(), kind=GridKind.TOTAL).defer(*heavy("")).first()
        return queryset.filter(grid__in=Grid.objects.under(total).values("pk")) if total else queryset.none()


def _may_end(by: User, binding: Binding) -> Verdict:
    return rules.can_end_binding(by, scope_of(by), binding, timezone.localdate())


def _end(row: Binding, **given: Any) -> Binding:
    return actions.end_binding(binding=row, **given)


@admin.register(Binding)
class BindingAdmin(VerbAdmin):
    """A binding is made once and ends once; everything between is fixed."""

    viewers = CASE_ROLES | GIVERS | {Role.SYSTEM_ADMIN}
    adders = GIVERS
    form = BindingForm
    list_display = ("person", "unit", "place", "says_matters", "phone", "valid_from", "valid_to")
    list_filter = (UnitFilter, CommunityFilter, InForceFilter)
    search_fields = (
        "post__user__full_name", "post__user__username", "post__unit__name", "grid__code__startswith", "grid__name",
    )  # fmt: skip
    search_help_text = _("Person, unit, or name or code of the grid")
    autocomplete_fields = ("post", "grid")
    actions = None
    actions_list: ClassVar = ["take_in", "write_out", "give_template"]
    empty = _("No professional worker is bound to a grid yet.")
    fields = ("person", "unit", "place", "says_matters", "phone", "valid_from", "valid_to")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("end", _("End the binding"), _end, EndForm, may=_may_end, done=_("The binding ends on that day."),
             icon="link_off", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def get_fields(self, request: HttpRequest, obj: Binding | None = None) -> tuple[str, ...]:
        return self.fields if obj else BindingForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Binding | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without mptt's field, which puts dashes before the chosen name."""
        return super().formfield_for_foreignkey(db_field, request, form_class=ModelChoiceField, **kwargs)

    def act(self, request: HttpRequest, row: Binding, form: Any, *, change: bool) -> Binding:
        return form.became(actions.bind_specialist(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("person"), ordering="post__user__full_name")
    def person(self, binding: Binding) -> str:
        return str(binding.post.user)

    @display(description=_("unit"), ordering="post__unit__name")
    def unit(self, binding: Binding) -> str:
        return str(binding.post.unit)

    @display(description=_("bound to"), ordering="grid__code")
    def place(self, binding: Binding) -> SafeString:
        said = '<span class="gg-two"><span>{}</span><small>{}</small></span>'
        return format_html(said, binding.grid.name, binding.grid.code)

    @display(description=_("matters"))
    def says_matters(self, binding: Binding) -> str:
        return " ".join(binding.matters) or _t("all of the unit")

    @display(description=_("phone"))
    def phone(self, binding: Binding) -> str:
        number = binding.post.user.phone
        return (number if binding.post.is_public_contact else mask_phone(number)) or "—"

    # --- lists

    def has_import_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, GIVERS)

    @action(description=_("Import"), url_path="import", permissions=["import"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, pages.BINDINGS)

    @action(description=_("Export"), url_path="export", permissions=["view"], icon="download")
    def write_out(self, request: HttpRequest) -> HttpResponse:
        return pages.write_bindings(request)

    @action(description=_("Empty list"), url_path="template", permissions=["import"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, pages.BINDINGS)
