"""Fields and forms that several verbs share."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.choices import Emergency, Urgency, number_first
from cases.models import Case, Category
from cases.reports import meant_unit
from gridgov.core.forms import HouseForm
from grids.choices import UnitKind
from grids.models import Unit

ROWS = {"rows": 4}


class GridInput(forms.TextInput):
    """A grid's code; static/cases/grids.js suggests codes while a code or a name is typed."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        more = {"autocomplete": "off", "data-grids": reverse("admin:cases_case_grids")}
        return super().get_context(name, value, {**(attrs or {}), **more})


class MomentField(forms.DateTimeField):
    """A day and an hour, picked in the browser's own way."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


def area(label: Any, *, required: bool = True, length: int = 500, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=length, widget=forms.Textarea(ROWS), help_text=help_text
    )


def categories() -> list[tuple[str, list[tuple[str, str]]]]:
    """The matter list in its groups, for a select; one query."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in Category.objects.choosable().select_related("parent").order_by("sort_order", "code"):
        group = category.parent.label if category.parent else ""
        groups.setdefault(group, []).append((category.code, f"{category.label} ({category.tier})"))
    return list(groups.items())


@dataclass(frozen=True)
class CategoryChoice:
    """A matter with what it asks of a report."""

    code: str
    label: str
    group: str
    tier: str
    urgency: str
    needs_place: bool
    needs_photo: bool
    needs_photo_before: bool
    basis: str

    @property
    def emergency(self) -> Emergency | None:
        """Whom to call first."""
        return number_first(self.code) if self.urgency == Urgency.EMERGENCY else None


def category_rules() -> list[CategoryChoice]:
    """The matter list with its rules, in its order; one query."""
    rows = Category.objects.choosable().select_related("parent").order_by("parent__sort_order", "sort_order", "code")
    return [
        CategoryChoice(
            row.code, row.label, row.parent.label if row.parent else "", row.tier, row.urgency, row.needs_place,
            row.needs_photo, row.needs_photo_before, row.basis,
        )
        for row in rows
    ]  # fmt: skip


class ToForm(HouseForm):
    """Chooses an addressee: one of the case's own grids, or a unit."""

    to = forms.ChoiceField(label=_("to"))

    def arrange(self) -> None:
        case: Case = self.row
        around = Unit.objects.visible_to(self.by).serving(case.grid.street_code)
        units = list(around.filter(is_active=True).order_by("kind", "name"))
        steps = {step.pk: step for step in (case.grid, case.comprehensive, case.total) if step is not None}
        own = [(f"grid:{step.code}", f"{step.name} ({step.get_kind_display()})") for step in steps.values()]
        groups: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            groups.setdefault(str(UnitKind(unit.kind).label), []).append((f"unit:{unit.pk}", unit.name))
        self.fields["to"].choices = [("", "———"), (_t("Grids of this case"), own), *groups.items()]
        usual = case.category.lead_unit
        meant = meant_unit(usual, units, case.grid.code)
        self.fields["to"].initial = f"unit:{meant.pk}" if meant else ""
        if usual:
            self.fields["to"].help_text = _("The matter list names: %(name)s") % {"name": usual}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, _colon, key = given.pop("to", "").partition(":")
        return {**given, "unit": int(key) if kind == "unit" else None, "grid": key if kind == "grid" else ""}


class ReasonForm(HouseForm):
    reason = area(_("reason"))


class NoteForm(HouseForm):
    note = area(_("note"), required=False)
