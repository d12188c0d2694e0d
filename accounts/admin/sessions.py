"""Who is signed in, and who was, for the security hand and the auditor."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions
from accounts.choices import Role
from accounts.choices.signing import Ended
from accounts.models import Session
from accounts.rules.signing import can_end_session, is_over
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.forms import HouseForm


def _end(row: Session, **by: Any) -> Session:
    return actions.end_session(session=row, **by)


class GoingOn(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "going_on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("signed in now"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.going_on(timezone.now()) if self.value() else rows


@admin.register(Session)
class SessionAdmin(VerbAdmin):
    """The security hand ends them, the auditor reads. Kept for half a year."""

    viewers = frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})
    list_display = ("user", "began", "used", "device", "address", "state")
    list_display_links = ("user",)
    list_filter = (GoingOn,)
    search_fields = ("user__username", "user__full_name")
    ordering = ("-id",)
    by_key = True
    sortable_by = ()
    fields = ("user", "began", "used", "device", "address", "state")
    readonly_fields = fields
    empty = _("Nobody has signed in yet.")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("end", _("End the session"), _end, HouseForm, may=can_end_session,
             done=_("The session is ended."), icon="logout", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("signed in at"))
    def began(self, row: Session) -> str:
        return f"{timezone.localtime(row.began_at):%Y-%m-%d %H:%M}"

    @display(description=_("last used"))
    def used(self, row: Session) -> str:
        return f"{timezone.localtime(row.used_at):%Y-%m-%d %H:%M}"

    @display(description=_("state"))
    def state(self, row: Session) -> str:
        over = is_over(row, timezone.now())
        look, word = ("gg-light-done", Ended(over).label) if over else ("gg-work", _("signed in now"))
        return format_html('<span class="gg-chip {}">{}</span>', look, word)
