"""Points at the desk: every line, and the rules by which they are given."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from volunteers import actions
from volunteers.admin import looks
from volunteers.admin.hours import OfVolunteers, who
from volunteers.choices.people import ORGANISERS
from volunteers.forms import ledger_desk as forms
from volunteers.models import PointsEntry, PointsRule
from volunteers.reports.own_ground import own_streets
from volunteers.rules import ledger as rules
from volunteers.rules.points import can_drop_rule


@admin.register(PointsEntry)
class PointsEntryAdmin(VerbAdmin):
    """Lines are never changed: what was given by mistake is taken back by another line."""

    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("take-back", _("Take back"), lambda row, **given: actions.take_back_points(entry=row, **given),
             forms.ReasonForm, rules.can_take_back, done=_("Taken back, as far as they were still there."), icon="undo",
             hint=_("Only for what was given by mistake; a balance is never less than nothing."), danger=True),
    )  # fmt: skip
    by_key = True
    list_display = ("day", "who", "what", "amount", "kind_name", "until", "entered_by")
    list_display_links = ("day", "who")
    list_filter = ("kind", OfVolunteers)
    search_fields = ("volunteer__no",)
    search_help_text = _("Volunteer number")
    empty = _("No points yet. They are given by the rules, and for nothing else.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = ("who", "what", "day", "amount", "kind_name", "until", "reason", "entered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("volunteer"))
    def who(self, row: PointsEntry) -> str:
        return who(row)

    @display(description=_("for what"))
    def what(self, row: PointsEntry) -> str:
        if row.redemption:
            return str(row.redemption)
        return row.rule.get_what_display() if row.rule else "—"

    @display(description=_("points"))
    def amount(self, row: PointsEntry) -> str:
        return f"{row.points:+d}"

    @display(description=_("kind"))
    def kind_name(self, row: PointsEntry) -> str:
        taken = f" · {_('taken back')}" if row.is_taken_back else ""
        return f"{row.get_kind_display()}{taken}"

    @display(description=_("good until"))
    def until(self, row: PointsEntry) -> str:
        return looks.day(row.expires_on)

    @display(description=_("entered"))
    def entered(self, row: PointsEntry) -> str:
        return looks.two(looks.somebody(row.by), looks.moment(row.at))

    @display(description=_("entered by"))
    def entered_by(self, row: PointsEntry) -> str:
        return looks.somebody(row.by)


def _may_drop(by: User, row: PointsRule) -> Verdict:
    return can_drop_rule(by, row, timezone.now())


@admin.register(PointsRule)
class PointsRuleAdmin(VerbAdmin):
    viewers = ORGANISERS
    adders = frozenset({Role.STREET})
    form = forms.RuleForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("drop", _("Drop"), lambda row, **given: actions.drop_points_rule(rule=row, **given), may=_may_drop,
             done=_("Dropped."), icon="delete", danger=True),
    )  # fmt: skip
    list_display = ("what_name", "whom", "given", "most", "lasts", "effective_from", "where")
    list_display_links = ("what_name",)
    list_filter = ("what", "kind")
    actions = None
    sortable_by = ()
    ordering = ("what", "-effective_from", "-id")
    empty = _("No rule yet.")
    fields = ("what_name", "whom", "given", "most", "lasts", "effective_from", "where", "made_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: PointsRule | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.RuleForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: PointsRule | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            kwargs |= {"queryset": own_streets(request.user), "required": True}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        first = own_streets(request.user).first()
        usual = {"street": first and first.pk, "effective_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: PointsRule, form: Any, *, change: bool) -> PointsRule:
        return form.became(actions.set_points_rule(**form.cleaned_data, by=request.user, at=timezone.now()))

    def after_verb(self, request: HttpRequest, verb: Verb, row: Any) -> str:
        return self.url_of("changelist")

    @display(description=_("for what"))
    def what_name(self, row: PointsRule) -> str:
        return row.get_what_display()

    @display(description=_("for whom"))
    def whom(self, row: PointsRule) -> str:
        return row.get_kind_display() if row.kind else str(_("everybody"))

    @display(description=_("points"))
    def given(self, row: PointsRule) -> str:
        return str(row.points)

    @display(description=_("points a day at most"))
    def most(self, row: PointsRule) -> str:
        return "—" if row.day_most is None else str(row.day_most)

    @display(description=_("expire after days"))
    def lasts(self, row: PointsRule) -> str:
        return str(_("never")) if row.expire_days is None else str(row.expire_days)

    @display(description=_("street"))
    def where(self, row: PointsRule) -> str:
        return row.street.name if row.street else str(_("the house's own"))
