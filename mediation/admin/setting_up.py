"""The pages on which committees, people and rooms are set up: read by whoever works or mediates there, kept by few."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.forms import DeskForm
from mediation.admin import looks
from mediation.choices.people import KEEPERS, MEDIATING
from mediation.models import Seat


class EndedFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("in service")), ("1", _("has ended"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.filter(ended_on__isnull=chosen == "0") if chosen else rows


def sets_up(user: User) -> bool:
    """Whether USER keeps a ground, or directs a committee."""
    return user.role in KEEPERS or _once(user, "_directs", Seat.objects.directing)


def mediates(user: User) -> bool:
    """Whether USER sits in a committee."""
    return _once(user, "_mediates", Seat.objects.of)


def _once(user: User, name: str, seats: Callable[[User], QuerySet]) -> bool:
    """Whether USER has such SEATS: asked of the database once a request, and kept under NAME."""
    if not hasattr(user, name):
        setattr(user, name, seats(user).exists())
    return bool(getattr(user, name))


class SettingUpAdmin(VerbAdmin):
    """`asks` are the fields of a new row, `shown` those of its page."""

    viewers = MEDIATING
    asks: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]] = ()
    primary = "change"
    by_key = True
    actions = None
    sortable_by = ()
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and sets_up(request.user)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a new row knows who enters it; what there is is read, and changed by verbs."""
        if obj is not None:
            return super().get_form(request, obj, change=change, **{**kwargs, "form": DeskForm})
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.shown if obj else self.asks

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.shown if obj else ()

    @display(description=_("grid"))
    def where(self, row: Any) -> str:
        return looks.where(row)

    @display(description=_("state"))
    def standing(self, row: Any) -> str:
        """Whether it is still there, and why not."""
        if row.ended_on is None:
            return looks.mark("gg-light-calm", _("in service"))
        return looks.two(looks.mark("", _("has ended")), f"{looks.day(row.ended_on)} {row.ended_reason}")
