"""Patrols at the desk: when they began and ended. Where they went only the street office looks, with a reason."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.choices import FIELD_ROLES, Role
from accounts.models import User
from fieldwork import actions, rules
from fieldwork.admin import figures, looks
from fieldwork.admin.filters import StartedFilter
from fieldwork.choices import OVERSEERS
from fieldwork.forms.desk import LookForm
from fieldwork.forms.drawing import draw_trail
from fieldwork.models import Patrol, TrailLook
from fieldwork.reports import minutes_of
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter


def _may_look(by: User, row: Patrol) -> Verdict:
    return rules.can_look(by, row) and rules.can_still_look(row, timezone.now())


def _look(row: Patrol, **given: Any) -> dict[str, Any]:
    trail = actions.look_at_trail(patrol=row, **given)
    return {"trail": trail, "drawn": draw_trail(row, trail)}


@admin.register(Patrol)
class PatrolAdmin(VerbAdmin):
    viewers = FIELD_ROLES | {Role.STREET}
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb(
            "look", _("Verify the duty"), _look, LookForm, _may_look, shows="fieldwork/looked.html", icon="visibility",
            hint=_("Shows the trail once. That you looked, and why, is recorded, and the worker is told at once."),
        ),
    )  # fmt: skip
    by_key = True
    list_display = ("began", "ended", "minutes", "kind", "where", "who", "how")
    list_display_links = ("began",)
    list_filter = (StartedFilter, "kind", CommunityFilter)
    empty = _("No patrol here. They are started on the phone: My day in the grid, Start a patrol.")
    actions = None
    actions_list: ClassVar = ["figures"]
    sortable_by = ()
    ordering = ("-id",)
    fields = ("who", "where", "kind", "began", "ended", "minutes", "how", "note", "looked_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("began"))
    def began(self, row: Patrol) -> str:
        return looks.moment(row.started_at)

    @display(description=_("ended"))
    def ended(self, row: Patrol) -> str:
        return looks.moment(row.ended_at)

    @display(description=_("minutes"))
    def minutes(self, row: Patrol) -> int:
        return minutes_of(row, timezone.now())

    @display(description=_("grid"))
    def where(self, row: Patrol) -> str:
        return looks.where(row)

    @display(description=_("worker"))
    def who(self, row: Patrol) -> str:
        return looks.who(row)

    @display(description=_("ended how"))
    def how(self, row: Patrol) -> str:
        return row.get_ending_display() if row.ending else str(_("is running"))

    @display(description=_("looks at its trail"))
    def looked_at(self, row: Patrol) -> str:
        found = TrailLook.objects.filter(patrol=row).select_related("by")
        return " · ".join(f"{look.by} {timezone.localtime(look.at):%m-%d %H:%M} {look.reason}" for look in found) or "—"

    # --- figures of the grids

    def has_oversight_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, OVERSEERS)

    @action(description=_("By grid"), url_path="figures", permissions=["oversight"], icon="monitoring")
    def figures(self, request: HttpRequest) -> HttpResponse:
        return figures.show_figures(request, self)
