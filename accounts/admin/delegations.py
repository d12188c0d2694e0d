"""Who is away, and who stands in."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions, rules
from accounts.choices import CASE_ROLES, Role
from accounts.forms import DelegationForm
from accounts.models import Delegation, User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb


def _end(row: Delegation, **by: Any) -> Delegation:
    return actions.end_delegation(delegation=row, **by)


def _may_end(by: User, row: Delegation) -> Verdict:
    return rules.can_end_delegation(by, row, timezone.localdate())


def _signed(by: User, at: dt.datetime) -> str:
    return f"{by} · {timezone.localtime(at):%Y-%m-%d %H:%M}"


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("in force or to come"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.standing(timezone.localdate()) if self.value() else rows


@admin.register(Delegation)
class DelegationAdmin(VerbAdmin):
    """Everybody names the own stand-in; the system hand does it for those who can't."""

    viewers = adders = CASE_ROLES | {Role.SYSTEM_ADMIN}
    form = DelegationForm
    list_display = ("absent", "stand_in", "days", "state", "why")
    list_display_links = ("absent",)
    list_filter = (StandingFilter,)
    search_fields = ("user__full_name", "user__username", "deputy__full_name", "deputy__username")
    search_help_text = _("Name or user name")
    ordering = ("-valid_from", "-id")
    actions = None
    empty = _("Nobody stands in. Before you are away, name who sees and handles your matters in the meantime.")
    fields = ("absent", "stand_in", "days", "state", "why", "entered", "ended")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("end", _("End it now"), _end, may=_may_end, done=_("It is ended; everything goes to its owner again."),
             icon="event_busy", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None:
            return self.fields
        names = DelegationForm.Meta.fields
        return names if request.user.role == Role.SYSTEM_ADMIN else names[1:]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Who may only name the own stand-in isn't asked for whom."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return form if request.user.role == Role.SYSTEM_ADMIN else type(form.__name__, (form,), {"user": None})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        today = timezone.localdate()
        return {"valid_from": today, "valid_to": today, **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: Delegation, form: Any, *, change: bool) -> Delegation:
        by, now = request.user, timezone.now()
        given = {"user": by, **form.cleaned_data}
        given["deputy"] = actions.find_deputy(name=given["deputy"], user=given["user"], by=by, at=now)
        return form.became(actions.delegate(**given, by=by, at=now))

    @display(description=_("absent"))
    def absent(self, row: Delegation) -> str:
        return str(row.user)

    @display(description=_("stand-in"))
    def stand_in(self, row: Delegation) -> str:
        return str(row.deputy)

    @display(description=_("from – to"))
    def days(self, row: Delegation) -> str:
        return f"{row.valid_from:%Y-%m-%d} – {row.valid_to:%Y-%m-%d}"

    @display(description=_("reason"))
    def why(self, row: Delegation) -> str:
        return row.reason or "—"

    @display(description=_("entered"))
    def entered(self, row: Delegation) -> str:
        return _signed(row.made_by, row.made_at)

    @display(description=_("ended early"))
    def ended(self, row: Delegation) -> str:
        return _signed(row.ended_by, row.ended_at) if row.ended_at else "—"

    @display(description=_("state"))
    def state(self, row: Delegation) -> str:
        today = timezone.localdate()
        if row.ended_at:
            look, word = "gg-light-done", _("ended early")
        elif row.valid_to < today:
            look, word = "gg-light-done", _("over")
        elif row.valid_from > today:
            look, word = "gg-state-submitted", _("to come")
        else:
            look, word = "gg-work", _("in force")
        return format_html('<span class="gg-chip {}">{}</span>', look, word)
