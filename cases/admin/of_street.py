"""Lists of rows as data that hold for one street or for every one: limits, approval rules."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import CASE_ROLES, Role
from gridgov.core.admin_base import HouseAdmin
from grids.models import Grid


class OfStreetAdmin(HouseAdmin):
    """A new row takes over; none is edited. Whoever works on cases may read them, the street adds its own."""

    viewers = CASE_ROLES | {Role.SYSTEM_ADMIN}
    adders = frozenset({Role.STREET})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Plain selects: nobody makes a category or a street on the way to a row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            kwargs["queryset"] = Grid.objects.visible_to(request.user).filter(parent=None).defer("border", "shape")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=_("holds from"))
    def holds_from(self, row: Any) -> str:
        return f"{timezone.localtime(row.effective_from):%Y-%m-%d %H:%M}"
