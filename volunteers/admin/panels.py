"""Panels at the desk: who sits, who is put forward, what was scored, and how a result came about."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.choices import CASE_ROLES
from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy
from volunteers.actions import certificates
from volunteers.actions import panels as actions
from volunteers.admin.figures import show_figures
from volunteers.choices.people import ORGANISERS
from volunteers.forms.desk_honours import HonourForm, LeaveOutForm, PanelForm, PutForwardForm, ScoreForm, SeatForm
from volunteers.models import Panel
from volunteers.reports.panels import board_of, fitting, seat_of
from volunteers.rules import certificates as honour_rules
from volunteers.rules import panels as rules

PLACES = (GridKind.STREET, GridKind.TOTAL, GridKind.COMPREHENSIVE)


def _seat(row: Panel, **given: Any) -> Any:
    return actions.seat_member(panel=row, **given)


def _leave_out(row: Panel, **given: Any) -> Any:
    return actions.leave_out(panel=row, **given)


def _put_forward(row: Panel, numbers: list[str], least: int | None, **given: Any) -> Any:
    return actions.put_forward(panel=row, volunteers=fitting(row, numbers, least), **given)


def _score(row: Panel, **given: Any) -> Any:
    return actions.score_candidate(panel=row, **given)


def _close(row: Panel, **given: Any) -> Any:
    return actions.close_panel(panel=row, **given)


def _honour(row: Panel, **given: Any) -> Any:
    return certificates.honour(panel=row, **given)


def _may_score(by: User, row: Panel) -> Verdict:
    return rules.can_score(by, row, seat_of(by, row))


@admin.register(Panel)
class PanelAdmin(VerbAdmin):
    viewers = CASE_ROLES
    adders = ORGANISERS
    form = PanelForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("score", _("Score"), _score, ScoreForm, _may_score, icon="star_half",
             hint=_("Nobody else sees it before the panel is closed. Until then you can give it anew.")),
        Verb("put_forward", _("Put volunteers forward"), _put_forward, PutForwardForm, rules.can_change, icon="group_add"),
        Verb("seat", _("Seat somebody"), _seat, SeatForm, rules.can_change, icon="person_add",
             hint=_("Social workers and committee. Whoever is seated is told.")),
        Verb("leave_out", _("Leave somebody out"), _leave_out, LeaveOutForm, rules.can_change, icon="person_remove"),
        Verb("close", _("Close the panel"), _close, may=rules.can_change, icon="task_alt"),
        Verb("honour", _("Honour somebody"), _honour, HonourForm, honour_rules.can_honour, icon="military_tech",
             done=_("The name stands open for seven days, then the certificate is issued.")),
    )  # fmt: skip
    primary = "score"
    list_display = ("title", "grid_name", "first", "last", "state")
    list_filter = ("state",)
    empty = _("No panel yet. Add one: a time, who sits on it, who is put forward.")
    actions = None
    actions_list: ClassVar = ["figures"]
    sortable_by = ()
    ordering = ("-id",)
    change_form_template = "volunteers/panel.html"
    fields = ("title", "grid_name", "first", "last", "state")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        page = request.resolver_match.url_name if request.resolver_match else ""
        return rows.for_list() if page.endswith("changelist") else rows.for_detail()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else (*PanelForm.Meta.fields, "residents", "social_worker", "committee")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = Grid.objects.ground_of(request.user).current(timezone.localdate()).filter(kind__in=PLACES)
        kwargs["queryset"] = rows.defer(*heavy("")).order_by("lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request: HttpRequest, row: Panel, form: Any, *, change: bool) -> Panel:
        return actions.open_panel(**form.cleaned_data, by=request.user, at=timezone.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the board of seats and candidates below."""
        row = self.get_object(request, object_id)
        board = board_of(row, request.user) if row else None
        score = self.url_of("do", row.pk, "score") if row and _may_score(request.user, row) else ""
        return super().change_view(
            request, object_id, form_url, {"board": board, "score": score, **(extra_context or {})}
        )

    @display(description=_("grid"))
    def grid_name(self, row: Panel) -> str:
        return row.grid.name

    # --- figures of the grids

    def has_oversight_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, ORGANISERS)

    @action(description=_("By grid"), url_path="figures", permissions=["oversight"], icon="monitoring")
    def figures(self, request: HttpRequest) -> HttpResponse:
        return show_figures(request, self)
