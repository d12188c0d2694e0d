"""The base of every admin page: who sees it is a list of roles, rows are scoped, and saving goes through actions."""

import re
from typing import Any, ClassVar

from django.contrib.admin import ShowFacets, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from gridgov.core.admin_keyset import KeysetList
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.paging import BoundedPaginator

KEY = re.compile(r"[0-9]{1,18}")


class ChoiceFilter(SimpleListFilter):
    """A filter that heeds its own choices and no other text that an address may carry."""

    def chosen(self) -> str | None:
        given = self.value()
        return given if given in {str(value) for value, _label in self.lookup_choices} else None


class LinkedFilter(SimpleListFilter):
    """A filter that only a link sets: there as soon as the address names it, even a value that nothing can be. Its list is
    then empty, where without the filter it would be whole."""

    def has_output(self) -> bool:
        return bool(self.value())


class _KeysOnly:
    """Put before a field that completes names: a form that comes back shows no choice for what can be no key; Django would
    ask the database for it."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        keys = [one for one in value if KEY.fullmatch(str(one))]
        return super().optgroups(name, keys, attr)  # type: ignore[misc]


class _Completed(_KeysOnly, AutocompleteSelect):
    """One row, found by typing."""


class _CompletedMany(_KeysOnly, AutocompleteSelectMultiple):
    """Some rows, found by typing."""


class _Refused:
    """Put before a form's class: the form is not valid, because an action said so."""

    refusal: Refusal

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        refuse(self, self.refusal)  # type: ignore[arg-type]
        return cleaned


class HouseAdmin(ModelAdmin):
    """Read-only unless a subclass overrides `act` and names who may add or change.

    `viewers`, `adders` and `changers` are role names. Rows come from `visible_to` where the queryset has it.
    """

    viewers: ClassVar[frozenset[str]] = frozenset()
    adders: ClassVar[frozenset[str]] = frozenset()
    changers: ClassVar[frozenset[str]] = frozenset()
    # A sentence for a list without rows (templates/unfold/helpers/empty_results.html).
    empty: ClassVar[Any] = ""
    paginator = BoundedPaginator
    # For long lists: pages by the key of `ordering` (gridgov.core.keyset) in place of numbers.
    by_key: ClassVar[bool] = False
    # Parameters of such a list's address that are no filters.
    own_params: ClassVar[frozenset[str]] = frozenset()
    show_full_result_count = False
    list_per_page = 50
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = True
    # Counts beside filters count the whole table.
    show_facets = ShowFacets.NEVER

    class Media:
        css: ClassVar = {"all": ("gridgov/lists.css",)}
        js = (Script("gridgov/lists.js", defer=True),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetList if self.by_key else super().get_changelist(request, **kwargs)

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> Any:
        """Carry out what the form asks for by calling an action; ROW holds the form's values, unsaved.

        Where a new row is made, answer it: the page goes on to it.
        """
        raise PermissionError(f"{type(self).__name__} has no action for saving")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        made = self.act(request, obj, form, change=change)
        if not change and isinstance(made, type(obj)):
            obj.pk, obj._state.adding = made.pk, False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal comes back as an error of the form, with what was typed still in it."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", _Completed(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", _CompletedMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """One button that saves is enough."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else type(form.__name__, (_Refused, form), {"refusal": refusal})

    def log_addition(self, *args: Any) -> None:
        """The record is the log."""

    def log_change(self, *args: Any) -> None:
        """The record is the log."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, self.viewers)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, self.viewers)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, self.adders)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, self.changers)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @staticmethod
    def _is_one_of(request: HttpRequest, roles: frozenset[str]) -> bool:
        return bool(request.user.is_authenticated and request.user.role in roles)


class LinesAdmin(HouseAdmin):
    """A list without pages of its own: a line says all there is."""

    list_display_links = None
    actions = None
    sortable_by: ClassVar = ()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)
