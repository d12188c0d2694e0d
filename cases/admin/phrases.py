"""The phrasebook: what the street's workers tap on the phone instead of typing."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from cases import actions, rules
from cases.forms.phrases import PhraseChangeForm, PhraseForm
from cases.models import Category, StreetPhrase
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.forms import HouseForm
from gridgov.core.verbs import Verb
from grids.models import Grid
from grids.queries import heavy, scope_of


def _may_change(by: User, phrase: StreetPhrase) -> Verdict:
    return rules.can_change_phrase(by, scope_of(by), phrase)


def _change(row: StreetPhrase, **given: Any) -> StreetPhrase:
    return actions.change_phrase(phrase=row, **given)


def _retire(row: StreetPhrase, **given: Any) -> StreetPhrase:
    return actions.retire_phrase(phrase=row, **given)


@admin.register(StreetPhrase)
class PhraseAdmin(VerbAdmin):
    viewers = frozenset({Role.STREET})
    adders = viewers
    form = PhraseForm
    list_display = ("text", "category", "position", "street_name", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    search_fields = ("text",)
    actions = None
    empty = _(
        "Workers tap the house's own phrases. The first one that you add takes them over, to be changed and retired here."
    )
    fields = ("street_name", "category", "text", "position", "retired_at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _change, PhraseChangeForm, may=_may_change, icon="edit"),
        Verb("retire", _("Retire it"), _retire, HouseForm, may=_may_change, icon="event_busy", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("street"), ordering="street__code")
    def street_name(self, phrase: StreetPhrase) -> str:
        return phrase.street.name

    def get_fields(self, request: HttpRequest, obj: StreetPhrase | None = None) -> tuple[str, ...]:
        return self.fields if obj else PhraseForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: StreetPhrase | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            kwargs["queryset"] = (
                Grid.objects.visible_to(request.user).filter(parent=None, valid_to=None).defer(*heavy(""))
            )
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.filter(level=2, enabled=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        street = next((node.pk for node in scope_of(request.user).nodes if node.parent_id is None), None)
        return {"street": street, **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: StreetPhrase, form: Any, *, change: bool) -> StreetPhrase:
        return actions.add_phrase(**form.cleaned_data, by=request.user, at=timezone.now())
