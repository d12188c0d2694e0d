"""Which accounts open by the word of somebody outside, and since when."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions
from accounts.choices import Role
from accounts.models import Identity
from accounts.rules.outside import can_unbind
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.forms import HouseForm


def _undo(row: Identity, **by: Any) -> None:
    actions.unbind_identity(row=row, **by)


@admin.register(Identity)
class IdentityAdmin(VerbAdmin):
    """Bound by the people themselves (gridgov.sso); the security hand can undo it, the auditor reads."""

    viewers = frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})
    list_display = ("user", "way", "since", "used")
    list_display_links = ("user",)
    search_fields = ("user__username", "user__full_name")
    ordering = ("-id",)
    by_key = True
    sortable_by = ()
    fields = ("user", "way", "since", "used")
    readonly_fields = fields
    empty = _("Nobody has connected an account with a sign-in from outside.")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("undo", _("Disconnect"), _undo, HouseForm, may=can_unbind, done=_("It opens this account no more."), icon="link_off",
             danger=True),
    )  # fmt: skip

    def after_verb(self, request: HttpRequest, verb: Verb, row: Identity) -> str:
        return self.url_of("changelist")

    @display(description=_("since"))
    def since(self, row: Identity) -> str:
        return f"{timezone.localtime(row.bound_at):%Y-%m-%d %H:%M}"

    @display(description=_("last used"))
    def used(self, row: Identity) -> str:
        return f"{timezone.localtime(row.last_used_at):%Y-%m-%d %H:%M}" if row.last_used_at else "—"
