"""Duty lists: what each kind of post has to do in a street."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.admin.ground import OVERSEERS, TENDERS, ground_of
from grids.choices import GridKind, PostKind
from grids.forms.desk import EndForm
from grids.forms.duties import DutyChangeForm, DutyForm, StreetField, print_duties
from grids.models import Duty, Grid
from grids.queries import heavy, scope_of
from grids.reports import duties_of


def _may_change(by: User, duty: Duty) -> Verdict:
    return rules.can_change_duty(by, scope_of(by), duty, timezone.localdate())


def _change(row: Duty, **given: Any) -> Duty:
    return actions.change_duty(duty=row, **given)


def _end(row: Duty, **given: Any) -> Duty:
    return actions.end_duty(duty=row, **given)


@admin.register(Duty)
class DutyAdmin(VerbAdmin):
    viewers = OVERSEERS
    adders = TENDERS
    form = DutyForm
    list_display = ("text", "kind", "area", "position", "street_name", "valid_from", "valid_to")
    list_filter = ("kind", "area")
    search_fields = ("text",)
    actions = None
    actions_list: ClassVar = ["print_out"]
    empty = _("No duty is on the list yet: the ten items in three classes, in the street's own words.")
    fields = ("street_name", "kind", "area", "position", "text", "valid_from", "valid_to")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("change", _("Change"), _change, DutyChangeForm, may=_may_change, icon="edit"),
        Verb("end", _("Let it end"), _end, EndForm, may=_may_change, icon="event_busy", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("street"), ordering="street__code")
    def street_name(self, duty: Duty) -> str:
        return duty.street.name

    def get_fields(self, request: HttpRequest, obj: Duty | None = None) -> tuple[str, ...]:
        return self.fields if obj else DutyForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Duty | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = StreetField(by=request.user).queryset
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        streets = scope_of(request.user).grids.get(GridKind.STREET, [])
        usual = {"valid_from": timezone.localdate(), "street": streets[0] if streets else None}
        return {**usual, **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: Duty, form: Any, *, change: bool) -> Duty:
        return actions.add_duty(**form.cleaned_data, by=request.user, at=timezone.now())

    @action(description=_("Print"), url_path="print", permissions=["view"], icon="print")
    def print_out(self, request: HttpRequest) -> HttpResponse:
        """The list of the street that the reader's posts lie in, or of the one asked for (?at=)."""
        ground = ground_of(request.user, request.GET.get("at", ""))
        if ground is None:
            raise Http404
        street = Grid.objects.defer(*heavy("")).street_of(ground.top)
        content = print_duties(street, duties_of(street, PostKind.values, timezone.localdate()))
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="duties-{street.code}.pdf"'
        return response
