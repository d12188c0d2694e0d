"""Shifts at the desk: who comes, who could, the code to check in by, and closing with minutes."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter
from grids.forms.codes import draw_code, origin_of
from volunteers import actions
from volunteers.admin import looks
from volunteers.admin.organising import show_calendar, show_organising
from volunteers.choices.people import ORGANISERS
from volunteers.choices.work import SignUpState
from volunteers.forms import work as forms
from volunteers.models import Shift, SignUp
from volunteers.rules import projects as rules
from volunteers.rules import signing_up as places

CHIPS: dict[str, str] = {
    SignUpState.BOOKED: "gg-light-calm", SignUpState.PRESENT: "gg-light-calm", SignUpState.SERVED: "gg-light-calm",
    SignUpState.WAITING: "gg-light-near", SignUpState.NO_SHOW: "gg-light-late",
}  # fmt: skip
CODE = """<svg viewBox="0 0 {0} {0}" width="200" height="200" role="img" aria-label="{1}"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>
<path fill="#000" d="{2}"/></svg><p class="gg-quiet">{3}</p>"""


class WhenFilter(ChoiceFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ahead", _("not begun yet")), ("short", _("to come, places free")), ("to-close", _("to be closed"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        now, chosen = timezone.now(), self.chosen()
        if chosen == "to-close":
            return rows.to_close(now)
        if chosen:
            rows = rows.ahead(now)
        return rows.filter(taken__lt=F("capacity")) if chosen == "short" else rows


def _on(act: Any) -> Any:
    return lambda row, **given: act(shift=row, **given)


def _come(row: Shift, **given: Any) -> list[SignUp]:
    return actions.check_in_all(**given)


def _may_close(by: User, row: Shift) -> Verdict:
    return places.can_close(by, row, timezone.now())


def _may_put_down(by: User, row: Shift) -> Verdict:
    return places.can_put_down(by, row, timezone.now())


@admin.register(Shift)
class ShiftAdmin(VerbAdmin):
    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("close", _("Confirm the hours"), _on(actions.close_shift), forms.CloseForm, _may_close, icon="task_alt",
             done=_("Hours and points are booked."), key="s",
             hint=_("Minutes as check-in and check-out say. Whoever was not there gets none.")),
        Verb("add", _("Put volunteers down"), _on(actions.put_down), forms.PutDownForm, _may_put_down, icon="group_add",
             done=_("They are told and may cancel."), hint=_("The best fit first, with why. Nobody is made to help.")),
        Verb("come", _("Who is here"), _come, forms.WhoIsHereForm, _may_put_down, icon="how_to_reg", done=_("They are checked in.")),
        Verb("change", _("Change"), _on(actions.change_shift), forms.ChangeShiftForm, rules.can_change_shift, icon="edit",
             done=_("Changed.")),
        Verb("cancel", _("Cancel it"), _on(actions.cancel_shift), forms.ReasonForm, rules.can_change_shift, icon="cancel",
             danger=True, done=_("Cancelled; whoever signed up is told.")),
    )  # fmt: skip
    primary = "close"
    by_key = True
    list_display = ("when", "of", "where", "place", "filled", "waits", "state")
    list_display_links = ("when",)
    list_filter = (WhenFilter, "state", CommunityFilter)
    search_fields = ("project__title",)
    empty = _("No shift here. They are planned on the page of a project.")
    actions = None
    actions_list: ClassVar = ["calendar", "organising"]
    sortable_by = ()
    ordering = ("-starts_at", "-id")
    fields = ("of", "when", "place", "where", "state", "filled", "reason", "people", "code", "confirmed")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        waiting = Count("sign_ups", filter=Q(sign_ups__state=SignUpState.WAITING))
        return super().get_queryset(request).for_list().select_related("closed_by").annotate(waiting=waiting)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.origin = origin_of(request)
        return row

    @action(description=_("Calendar of shifts"), url_path="calendar", permissions=["view"], icon="calendar_month")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        return show_calendar(request, self)

    @action(description=_("Organiser's workbench"), url_path="organising", permissions=["view"], icon="space_dashboard")
    def organising(self, request: HttpRequest) -> HttpResponse:
        return show_organising(request, self)

    @display(description=_("time"))
    def when(self, row: Shift) -> str:
        return f"{looks.moment(row.starts_at)}–{timezone.localtime(row.ends_at):%H:%M}"

    @display(description=_("project"))
    def of(self, row: Shift) -> str:
        url = reverse("admin:volunteers_project_change", args=[row.project_id])
        return format_html('<a class="gg-link" href="{}">{}</a>', url, row.project)

    @display(description=_("grid"))
    def where(self, row: Shift) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("places taken"))
    def filled(self, row: Shift) -> str:
        return f"{row.taken} / {row.capacity}"

    @display(description=_("waiting list"))
    def waits(self, row: Shift) -> int:
        return row.waiting

    @display(description=_("who signed up"))
    def people(self, row: Shift) -> str:
        rows = SignUp.objects.for_list().filter(shift=row).order_by("queued_at", "pk")
        lines = [
            (
                reverse("admin:volunteers_volunteer_change", args=[one.volunteer_id]), one.volunteer.public_name,
                CHIPS.get(one.state, ""), one.get_state_display(),
                " – ".join(f"{timezone.localtime(at):%H:%M}" for at in (one.arrived_at, one.left_at) if at),
                _("cancelled late") if one.cancelled_late else one.reason,
            )
            for one in rows
        ]  # fmt: skip
        line = '<div><a class="gg-link" href="{}">{}</a> <span class="gg-chip {}">{}</span> {} {}</div>'
        return format_html_join("", line, lines) or "—"

    @display(description=_("code to check in by"))
    def code(self, row: Shift) -> str:
        address = f"{row.origin}{reverse('m-volunteer-here', args=[row.key])}"
        drawn = draw_code(address)
        hint = _("Show or print it at the place, and nowhere else: who reads it is there.")
        return format_html(CODE, drawn.side, _("QR code"), drawn.path, hint)

    @display(description=_("hours confirmed"))
    def confirmed(self, row: Shift) -> str:
        return f"{row.closed_by} {looks.moment(row.closed_at)}" if row.closed_at else "—"
