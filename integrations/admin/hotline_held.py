"""The desk's pages of what did not come in: pictures that could not be kept, and messages that were refused at the door."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from integrations.actions import hotline as actions
from integrations.choices.hotline import EXCHANGE, FileState
from integrations.forms.hotline import ReasonForm
from integrations.models.hotline import PartnerFile, RefusedMessage
from integrations.rules import hotline as rules

_LOOKS: dict[str, str] = {FileState.WAITING: "gg-work", FileState.REVIEW: "gg-light-late"}


def _may(rule: Any) -> Any:
    def both(by: User, row: PartnerFile) -> Verdict:
        verdict = rules.can_review(by)
        return verdict and rule(row)

    return both


@admin.register(PartnerFile)
class PartnerFileAdmin(VerbAdmin):
    """Pictures that came with orders; those that somebody must look at say why."""

    viewers = EXCHANGE
    list_display = ("at", "state_now", "reason", "case_link", "tries")
    list_filter = ("state",)
    list_select_related = ("order__case", "order__partner")
    ordering = ("-id",)
    list_per_page = 50
    empty = _("No picture, or none in this state.")
    fields = readonly_fields = (
        "order",
        "case_link",
        "source",
        "state_now",
        "reason",
        "tries",
        "photo",
        "at",
        "done_at",
    )
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("refetch", _("Fetch it once more"), lambda row, **given: actions.refetch_file(file=row, **given),
             may=_may(rules.can_refetch), done=_("It is fetched in a moment."), icon="download"),
        Verb("drop", _("Put aside"), lambda row, **given: actions.drop_file(file=row, **given), ReasonForm,
             may=_may(lambda row: rules.can_drop_file(row, "…")), done=_("It is put aside."), icon="archive", danger=True),
    )  # fmt: skip
    primary = "refetch"

    @display(description=_("state"))
    def state_now(self, row: PartnerFile) -> str:
        return format_html(
            '<span class="gg-chip {}">{}</span>', _LOOKS.get(row.state, "gg-light-done"), row.get_state_display()
        )

    @display(description=_("case"))
    def case_link(self, row: PartnerFile) -> str:
        case = row.order.case
        if case is None:
            return "—"
        return format_html(
            '<a class="gg-link" href="{}">{}</a>', reverse("admin:cases_case_change", args=[case.pk]), case.no
        )


@admin.register(RefusedMessage)
class RefusedMessageAdmin(VerbAdmin):
    """Who knocked and was not let in, by day: a wrong secret after a change, a clock that is off, or somebody who tries."""

    viewers = EXCHANGE
    list_display = ("day", "partner", "why", "from_where", "count", "last_at")
    list_display_links = ("day",)
    list_filter = ("code",)
    list_select_related = ("partner",)
    ordering = ("-last_at", "-id")
    list_per_page = 50
    empty = _("Nothing was refused in the last ninety days.")
    fields = readonly_fields = ("partner", "day", "why", "from_where", "count", "last_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("why"), ordering="code")
    def why(self, row: RefusedMessage) -> str:
        return format_html("{} <code>{}</code>", rules.REFUSED.get(row.code, ""), row.code)

    @display(description=_("from"))
    def from_where(self, row: RefusedMessage) -> Any:
        return row.address or _("other addresses")
