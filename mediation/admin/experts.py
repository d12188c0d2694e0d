"""The pool of experts at the desk, with the number at which each is called."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_verbs import Verb
from gridgov.core.phones import plain_phone
from grids.admin.filters import CommunityFilter
from mediation import actions
from mediation.admin.setting_up import EndedFilter, SettingUpAdmin
from mediation.forms import people as forms
from mediation.models import Expert
from mediation.rules.people import can_change


def _on(act: Any) -> Any:
    return lambda row, **given: act(expert=row, **given)


@admin.register(Expert)
class ExpertAdmin(SettingUpAdmin):
    form = forms.ExpertForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _on(actions.change_expert), forms.ChangeExpertForm, can_change, icon="edit",
             done=_("Changed.")),
        Verb("end", _("Take out of the pool"), _on(actions.end_expert), forms.EndForm, can_change, icon="person_off",
             danger=True, done=_("Is called no more.")),
    )  # fmt: skip
    list_display = ("name", "profession", "office", "where", "call", "standing")
    list_display_links = ("name",)
    list_filter = ("profession", EndedFilter, CommunityFilter)
    search_fields = ("name", "office")
    search_help_text = _("Name, office or firm")
    empty = _(
        "No expert is in the pool yet: police officers, prosecutors, judges, lawyers, psychologists. Enter one with “Add”."
    )
    asks = forms.ExpertForm.Meta.fields
    shown = ("name", "profession", "office", "where", "call", "about", "standing")

    def act(self, request: HttpRequest, row: Expert, form: Any, *, change: bool) -> Expert:
        return form.became(actions.register_expert(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("phone"))
    def call(self, row: Expert) -> str:
        """To be dialled, while the expert is in the pool."""
        if not row.phone or row.ended_on is not None:
            return "—"
        return format_html('<a class="gg-link gg-nowrap" href="tel:{}">{}</a>', plain_phone(row.phone), row.phone)
