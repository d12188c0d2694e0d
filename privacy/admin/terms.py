"""What is held back from deletion, and whose limit of looks is lifted."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_base import HouseAdmin
from gridgov.core.admin_verbs import Verb, VerbAdmin
from privacy import rules
from privacy.actions import end_hold, hold_back, lift_limit
from privacy.choices import HOLDERS, LIFTERS, RETENTION_READERS
from privacy.forms import HoldForm, LiftForm, ReasonForm
from privacy.models import Hold, Lift


def moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


def chip(words: Any, look: str) -> SafeString:
    return format_html('<span class="gg-chip {}">{}</span>', look, words)


@admin.register(Hold)
class HoldAdmin(VerbAdmin):
    viewers = RETENTION_READERS
    adders = HOLDERS
    form = HoldForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("end", _("End the hold"), lambda row, **given: end_hold(hold=row, **given), ReasonForm, rules.can_end_hold,
             done=_("The hold has ended."), icon="lock_open"),
    )  # fmt: skip
    by_key = True
    list_display = ("label", "what", "standing", "reason", "since")
    list_display_links = ("label",)
    search_fields = ("label",)
    ordering = ("-id",)
    actions = None
    sortable_by = ()
    empty = _("Nothing is held back from deletion.")
    fields = ("label", "what", "standing", "reason", "since", "ended")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else HoldForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Hold, form: Any, *, change: bool) -> Hold:
        return form.became(hold_back(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("state"))
    def standing(self, row: Hold) -> SafeString:
        return chip(_("hold over"), "gg-light-done") if row.ended_at else chip(_("held back"), "gg-light-near")

    @display(description=_("since"))
    def since(self, row: Hold) -> str:
        return f"{row.by} · {moment(row.at)}"

    @display(description=_("ended"))
    def ended(self, row: Hold) -> str:
        return f"{row.ended_by} · {moment(row.ended_at)} · {row.end_reason}" if row.ended_at else "—"


@admin.register(Lift)
class LiftAdmin(HouseAdmin):
    """Lifted for a day; it ends by itself."""

    viewers = LIFTERS | RETENTION_READERS
    adders = LIFTERS
    form = LiftForm
    list_display = ("whose", "reason", "since", "ends")
    list_display_links = ("whose",)
    by_key = True
    ordering = ("-id",)
    actions = None
    sortable_by = ()
    empty = _("Nobody's limit of looks is lifted.")
    fields = ("whose", "reason", "since", "ends")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else LiftForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Lift, form: Any, *, change: bool) -> Lift:
        return form.became(lift_limit(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("for whom"))
    def whose(self, row: Lift) -> str:
        return str(row.user)

    @display(description=_("lifted by"))
    def since(self, row: Lift) -> str:
        return f"{row.by} · {moment(row.at)}"

    @display(description=_("until"))
    def ends(self, row: Lift) -> str:
        return moment(row.until)
