"""Hours at the desk: every line, what is to be looked at, corrections; and the appeals of volunteers."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks
from volunteers.choices.ledger import AppealState
from volunteers.choices.people import ORGANISERS
from volunteers.forms import ledger_desk as forms
from volunteers.models import Appeal, HoursEntry
from volunteers.rules import ledger as rules


class OfVolunteers(CommunityFilter):
    path = "volunteer__grid"


class FlaggedFilter(ChoiceFilter):
    title = _("to be looked at")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("more than eight hours on a day"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.to_look_at() if self.chosen() else rows


def who(row: Any) -> str:
    """The volunteer of ROW by nickname and number, or by the number alone."""
    one = row.volunteer
    return looks.two(one.nickname, one.no) if one.nickname else str(one.no)


def lines_of(sign_up: Any) -> str:
    """All lines of a sign-up, as they came about."""
    rows = HoursEntry.objects.filter(sign_up=sign_up).select_related("by").order_by("pk")
    told = ((looks.moment(row.at), row.get_kind_display(), row.minutes, row.by, row.reason) for row in rows)
    return format_html_join("", "<div>{} {} <b>{}</b> · {} {}</div>", told) or "—"


def _may_correct(by: User, row: HoursEntry) -> Verdict:
    if row.sign_up is None or not row.stands:
        return Verdict.clash(_("This line does not stand any more."))
    return rules.can_correct(by, row.sign_up)


@admin.register(HoursEntry)
class HoursEntryAdmin(VerbAdmin):
    """Lines are never changed: what is wrong is taken back by another line."""

    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("right", _("It is right"), lambda row, **given: actions.look_over_hours(entry=row, **given), forms.LookOverForm,
             rules.can_look_over, done=_("Looked at."), icon="task_alt", key="s"),
        Verb("correct", _("Correct"), lambda row, **given: actions.correct_hours(sign_up=row.sign_up_id, **given),
             forms.CorrectHoursForm, _may_correct, done=_("Corrected: the line was taken back, and the points follow."),
             icon="edit"),
    )  # fmt: skip
    primary = "right"
    by_key = True
    list_display = ("day", "who", "what", "amount", "kind_name", "stands", "by")
    list_display_links = ("day", "who")
    list_filter = (FlaggedFilter, "kind", OfVolunteers)
    search_fields = ("volunteer__no",)
    search_help_text = _("Volunteer number")
    empty = _("No hours yet. They stand here once an organiser has confirmed those of a shift.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = ("who", "what", "day", "amount", "kind_name", "stands", "history")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("volunteer"))
    def who(self, row: HoursEntry) -> str:
        return who(row)

    @display(description=_("shift"))
    def what(self, row: HoursEntry) -> str:
        if row.sign_up is None:
            return "—"
        shift = row.sign_up.shift
        return looks.two(shift.project.title, looks.moment(shift.starts_at))

    @display(description=_("hours"))
    def amount(self, row: HoursEntry) -> str:
        sign = "−" if row.minutes < 0 else ""
        return looks.two(
            sign + looks.hours(abs(row.minutes)), _("%(count)s min") % {"count": f"{sign}{abs(row.minutes)}"}
        )

    @display(description=_("kind"))
    def kind_name(self, row: HoursEntry) -> str:
        return row.get_kind_display()

    @display(description=_("state"))
    def stands(self, row: HoursEntry) -> str:
        if row.is_taken_back:
            return str(_("was taken back"))
        if row.is_to_look_at:
            return looks.mark("gg-light-near", _("to be looked at"))
        return str(_("looked at: %(reason)s") % {"reason": row.look.reason}) if row.is_flagged else "—"

    @display(description=_("how the hours came about"))
    def history(self, row: HoursEntry) -> str:
        return lines_of(row.sign_up_id)


@admin.register(Appeal)
class AppealAdmin(VerbAdmin):
    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("uphold", _("Uphold and correct"), lambda row, **given: actions.answer_appeal(appeal=row, **given),
             forms.UpholdForm, rules.can_answer_appeal, done=_("Answered; the hours are corrected."), icon="check", key="s"),
        Verb("refuse", _("Refuse"), lambda row, **given: actions.answer_appeal(appeal=row, **given),
             forms.RefuseAppealForm, rules.can_answer_appeal, done=_("Answered."), icon="close"),
    )  # fmt: skip
    primary = "uphold"
    by_key = True
    list_display = ("said", "who", "what", "when", "stands")
    list_display_links = ("said",)
    list_filter = ("state",)
    empty = _("No volunteer has appealed. They do so on the phone: My hours.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = ("said", "who", "what", "when", "history", "stands", "answer", "answered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("what is wrong"))
    def said(self, row: Appeal) -> str:
        return row.words

    @display(description=_("volunteer"))
    def who(self, row: Appeal) -> str:
        return who(row)

    @display(description=_("shift"))
    def what(self, row: Appeal) -> str:
        shift = row.sign_up.shift
        return looks.two(shift.project.title, looks.moment(shift.starts_at))

    @display(description=_("time"))
    def when(self, row: Appeal) -> str:
        return looks.moment(row.at)

    @display(description=_("state"))
    def stands(self, row: Appeal) -> str:
        words = _("waiting for an answer") if row.state == AppealState.OPEN else row.get_state_display()
        return looks.mark("gg-light-near" if row.state == AppealState.OPEN else "", words)

    @display(description=_("how the hours came about"))
    def history(self, row: Appeal) -> str:
        return lines_of(row.sign_up_id)

    @display(description=_("answered"))
    def answered(self, row: Appeal) -> str:
        return looks.two(row.answered_by, looks.moment(row.answered_at)) if row.answered_at else "—"
