"""What one verb over many cases asks for. `row` is the list of the cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.choices import OwnGrid
from cases.forms.merging import MergeForm
from cases.forms.parts import area
from gridgov.core.forms import HouseForm
from grids.choices import UnitKind
from grids.models import Unit


class BulkDispatchForm(HouseForm):
    to = forms.ChoiceField(label=_("to"))
    note = area(_("instruction"), required=False)

    def arrange(self) -> None:
        units: dict[str, list[tuple[str, str]]] = {}
        found = Unit.objects.visible_to(self.by).filter(is_active=True)
        for street in {case.grid.street_code for case in self.row}:
            found = found.serving(street)
        for unit in found.order_by("kind", "name"):
            units.setdefault(str(UnitKind(unit.kind).label), []).append((f"unit:{unit.pk}", unit.name))
        own = [(f"own:{value}", label) for value, label in OwnGrid.choices]
        self.fields["to"].choices = [("", "———"), (_t("Post-holders of its own grid"), own), *units.items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, _colon, key = given.pop("to", "").partition(":")
        return {**given, "unit": int(key) if kind == "unit" else None, "own": key if kind == "own" else ""}


class BulkUrgeForm(HouseForm):
    note = area(_("words of the reminder"), required=False)


class BulkMergeForm(MergeForm):
    """Into one of those that were chosen, the oldest first, or into the one whose number is typed."""

    def arrange(self) -> None:
        eldest = sorted(self.row, key=lambda case: (case.reported_at, case.pk))
        self.fields["pick"].choices = [("", "———"), *((str(case.pk), f"{case.no} {case.title}") for case in eldest)]
        self.fields["pick"].initial = str(eldest[0].pk) if eldest else ""
