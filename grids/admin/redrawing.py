"""What has been split and merged, and what is planned."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import LEADS, Role
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import YES, Verdict
from gridgov.core.verbs import Verb
from grids import actions
from grids.choices import RedrawState
from grids.models import Grid, Redrawing
from grids.queries import scope_of
from grids.rules.redrawing import can_redraw


def _may_withdraw(by: Any, row: Redrawing) -> Verdict:
    verdict = can_redraw(by, scope_of(by), row.street)
    return verdict and (YES if row.state == RedrawState.PLANNED else Verdict.clash(_("This is planned no more.")))


def _withdraw(row: Redrawing, **given: Any) -> Redrawing:
    return actions.withdraw_redrawing(redrawing=row, **given)


def _links(grids: Iterable[Grid]) -> Any:
    link = '<a class="gg-link" href="{}">{}</a> <small class="gg-code">{}</small>'
    lines = ((reverse("admin:grids_grid_change", args=[grid.pk]), grid.name, grid.code) for grid in grids)
    return format_html_join(" · ", link, lines)


@admin.register(Redrawing)
class RedrawingAdmin(VerbAdmin):
    """What has been split and merged, and what is planned."""

    viewers = frozenset({Role.STREET, Role.SYSTEM_ADMIN, *LEADS})
    list_display = ("on", "what", "old_grids", "new_grids", "state_now", "planned_by")
    list_display_links = ("on", "what")
    list_filter = ("state", "kind")
    actions = None
    empty = _("No grid has been split or merged yet. Both begin on the page of a grid.")
    fields = ("on", "what", "old_grids", "new_grids", "state_now", "reason", "planned_by", "planned_at", "ended_at")
    readonly_fields = fields
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("withdraw", _("Take the plan back"), _withdraw, may=_may_withdraw, done=_("The plan is taken back."),
             icon="undo", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("kind"), ordering="kind")
    def what(self, row: Redrawing) -> str:
        return row.get_kind_display()

    @display(
        description=_("state"),
        ordering="state",
        label={
            RedrawState.PLANNED.label: "info",
            RedrawState.DONE.label: "success",
            RedrawState.FAILED.label: "danger",
            RedrawState.WITHDRAWN.label: "warning",
        },
    )
    def state_now(self, row: Redrawing) -> str:
        return row.get_state_display()

    @display(description=_("grids that end"))
    def old_grids(self, row: Redrawing) -> Any:
        return _links(row.before.all())

    @display(description=_("grids in their place"))
    def new_grids(self, row: Redrawing) -> Any:
        return _links(row.after.all()) if row.state == RedrawState.DONE else "—"
