"""Apps of the office from which people come in already known."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions, rules
from accounts.choices import ADMIN_HANDS, Role
from accounts.forms import EntryAppForm, EntryAppVerbForm, EntrySecretForm
from accounts.models import EntryApp, User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict


def _keeps(by: User, row: EntryApp) -> Verdict:
    return rules.can_keep_entry_apps(by)


def _may_switch(active: bool) -> Any:
    return lambda by, row: rules.can_switch_entry_app(by, row, active)


def _change(row: EntryApp, **given: Any) -> EntryApp:
    return actions.change_entry_app(app=row, **given)


def _renew(row: EntryApp, *, sure: bool, **by: Any) -> EntryApp:
    return actions.renew_entry_secret(app=row, **by)


def _switch(active: bool) -> Any:
    return lambda row, **by: actions.switch_entry_app(app=row, active=active, **by)


@admin.register(EntryApp)
class EntryAppAdmin(VerbAdmin):
    """The system hand enters apps and makes their secrets, the security hand switches them on, the auditor reads."""

    viewers = ADMIN_HANDS
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = EntryAppForm
    list_display = ("name", "key", "state", "until", "frames")
    list_display_links = ("name",)
    search_fields = ("name", "key")
    ordering = ("name",)
    empty = _(
        "Nobody comes in from another app. Enter one, make its secret, and let the security administrator switch it on."
    )
    fields = ("name", "key", "state", "until", "frames", "made_by", "made_at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("secret", _("Make a new secret"), _renew, EntrySecretForm, may=_keeps, icon="key", shows="accounts/entry_secret.html"),
        Verb("change", _("Change"), _change, EntryAppVerbForm, may=_keeps, done=_("It is changed."), icon="edit"),
        Verb("on", _("Switch on"), _switch(True), may=_may_switch(True), done=_("It is on."), icon="toggle_on"),
        Verb("off", _("Switch off"), _switch(False), may=_may_switch(False), done=_("It is off."), icon="toggle_off", danger=True),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else tuple(EntryAppForm.base_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: EntryApp, form: forms.ModelForm, *, change: bool) -> EntryApp:
        return actions.add_entry_app(**form.cleaned_data, by=request.user, at=timezone.now())

    @display(description=_("state"))
    def state(self, row: EntryApp) -> str:
        if not row.salt:
            look, word = "gg-light-done", _("no secret yet")
        elif not row.is_active:
            look, word = "gg-light-done", _("off")
        elif rules.can_use_entry_app(row, timezone.now()):
            look, word = "gg-work", _("on")
        else:
            look, word = "gg-light-done", _("over")
        return format_html('<span class="gg-chip {}">{}</span>', look, word)

    @display(description=_("last day"))
    def until(self, row: EntryApp) -> str:
        return f"{row.expires_on:%Y-%m-%d}" if row.expires_on else "—"

    @display(description=_("may frame our pages"))
    def frames(self, row: EntryApp) -> str:
        return format_html_join(" ", "<code>{}</code>", ((one,) for one in row.origins)) or "—"
