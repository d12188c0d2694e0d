"""Accounts for the three administrator hands."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions, rules
from accounts.choices import ADMIN_HANDS, Role
from accounts.forms import AccountForm, PasswordForm, RoleForm
from accounts.models import Factor, User
from accounts.rules import signing
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.forms import HouseForm
from gridgov.core.masking import mask_phone
from gridgov.core.verbs import Verb


def _grant(row: User, *, role: str, **by: Any) -> User:
    return actions.grant_role(user=row, role=role, **by)


def _switch_on(row: User, **by: Any) -> User:
    return actions.switch_account(user=row, active=True, **by)


def _switch_off(row: User, **by: Any) -> User:
    return actions.switch_account(user=row, active=False, **by)


def _entrust(entrusted: bool) -> Any:
    return lambda row, **by: actions.entrust_confidential(user=row, entrusted=entrusted, **by)


def _may_entrust(entrusted: bool) -> Any:
    return lambda by, row: rules.can_entrust(by, row, entrusted)


def _set_password(row: User, *, password: str, **by: Any) -> User:
    return actions.set_password(user=row, password=password, **by)


def _release(row: User, **by: Any) -> User:
    return actions.release_account(user=row, **by)


def _reset_factor(row: User, **by: Any) -> User:
    return actions.reset_factor(user=row, **by)


def _may_reset(by: User, row: User) -> Verdict:
    verdict = signing.can_reset_factor(by, row)
    return signing.has_factor(Factor.objects.filter(user=row).first()) if verdict else verdict


def _end_sessions(row: User, **by: Any) -> int:
    return actions.end_other_sessions(user=row, keep=None, **by)


def _may_end_sessions(by: User, row: User) -> Verdict:
    if by.pk == row.pk:
        return Verdict.forbid(_("Your own sessions are at the top right, under “Signing in and sessions”."))
    return signing.can_end_sessions(by, row.pk)


def _may_switch(active: bool) -> Any:
    def may(by: User, row: User) -> Verdict:
        if row.is_active == active:
            return Verdict.clash(
                _("This account can sign in already.") if active else _("This account is locked already.")
            )
        return rules.can_switch(by, row)

    return may


@admin.register(User)
class UserAdmin(VerbAdmin):
    """The system hand opens accounts and sets passwords, the security hand says what they may be, the auditor reads."""

    viewers = ADMIN_HANDS
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = AccountForm
    list_display = ("username", "full_name", "role_chip", "masked_phone", "able", "since")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    empty = _("No account is open yet.")
    fields = (
        "username",
        "full_name",
        "role",
        "masked_phone",
        "is_active",
        "keeps_confidential",
        "created_at",
        "last_login",
    )
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("grant", _("Grant a role"), _grant, RoleForm, may=lambda by, row: rules.can_grant_role(by, row, row.role),
             done=_("The role is granted; the account can sign in."), icon="badge",
             hint=_("The account can sign in with it at once. Where it works is said by its posts.")),
        Verb("unlock", _("Unlock"), _switch_on, may=_may_switch(True), done=_("The account can sign in."), icon="lock_open"),
        Verb("lock", _("Lock"), _switch_off, may=_may_switch(False), done=_("The account can't sign in any more."),
             icon="lock", danger=True),
        Verb("entrust", _("Entrust with confidential reporters"), _entrust(True), may=_may_entrust(True), icon="admin_panel_settings",
             done=_("It is noted."), hint=_("This person may then see reporters whose report is confidential, in the own street, "
                                            "each time with a reason and a record.")),
        Verb("untrust", _("No longer entrust with confidential reporters"), _entrust(False), may=_may_entrust(False),
             done=_("It is noted."), icon="block", danger=True),
        Verb("password", _("Set a password"), _set_password, PasswordForm, may=rules.can_set_password,
             done=_("The password is set. Its owner chooses another one at the next sign-in."), icon="key"),
        Verb("release", _("End the lock after wrong tries"), _release, HouseForm, may=signing.can_release,
             done=_("The account can be tried again at once."), icon="lock_clock",
             hint=_("After five wrong passwords or codes an account is locked for a quarter of an hour. Ask first who tried.")),
        Verb("factor", _("Take off a lost second factor"), _reset_factor, HouseForm, may=_may_reset, danger=True, icon="phonelink_erase",
             done=_("It is taken off, all sessions ended, and the person is told."),
             hint=_("Only for whom you know by face or voice: whoever has the password comes in without a second factor from now on. "
                    "Administrators set up a new one at the next sign-in.")),
        Verb("sessions", _("End all sessions"), _end_sessions, HouseForm, may=_may_end_sessions, danger=True, icon="logout",
             done=_("All sessions are ended, and the token of the API.")),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else AccountForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> User:
        given = form.cleaned_data
        return actions.open_account(
            username=given["username"], full_name=given["full_name"], phone=given["phone"], role=given["role"],
            password=given["password"], by=request.user, at=timezone.now(),
        )  # fmt: skip

    @display(description=_("role"))
    def role_chip(self, row: User) -> str:
        return format_html('<span class="gg-chip">{}</span>', row.get_role_display())

    @display(description=_("phone"))
    def masked_phone(self, row: User) -> str:
        return mask_phone(row.phone) or "—"

    @display(description=_("may sign in"), boolean=True)
    def able(self, row: User) -> bool:
        return row.is_active

    @display(description=_("created"))
    def since(self, row: User) -> str:
        return f"{timezone.localtime(row.created_at):%Y-%m-%d}"
