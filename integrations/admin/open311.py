"""Which streets answer to Open311."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from integrations.actions.open311 import add_jurisdiction, change_jurisdiction
from integrations.admin.chips import BAD, DULL, GOOD, chip
from integrations.forms.open311 import JurisdictionForm, JurisdictionVerbForm
from integrations.models import Jurisdiction
from integrations.rules import open311 as rules


def _keeps(by: User, row: Jurisdiction) -> Verdict:
    return rules.can_keep_jurisdictions(by)


def _change(row: Jurisdiction, **given: Any) -> Jurisdiction:
    return change_jurisdiction(jurisdiction=row, **given)


@admin.register(Jurisdiction)
class JurisdictionAdmin(VerbAdmin):
    """The system hand enters them and switches them, the auditor reads."""

    viewers = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = JurisdictionForm
    list_display = ("code", "street", "state", "contact")
    list_display_links = ("code",)
    list_select_related = ("street__public_page",)
    ordering = ("code",)
    empty = _("No street answers to Open311. Enter one to let other apps read its requests and report to it.")
    fields = ("street", "code", "state", "contact", "key_service", "changed_at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _change, JurisdictionVerbForm, may=_keeps, done=_("It is changed."), icon="edit"),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else tuple(JurisdictionForm.base_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    @display(description=_("state"))
    def state(self, row: Jurisdiction) -> str:
        if not row.is_open:
            return chip(DULL, _("off"))
        return chip(GOOD, _("on")) if row.is_public else chip(BAD, _("waits: the street's pages are not public"))

    def act(self, request: HttpRequest, row: Jurisdiction, form: forms.ModelForm, *, change: bool) -> Jurisdiction:
        return add_jurisdiction(**form.cleaned_data, by=request.user, at=timezone.now())
