"""What calling and co-handling ask for."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.choices import Part
from cases.forms.parts import area
from cases.models import Case
from cases.reports import Helper, helpers_for
from gridgov.core.forms import HouseForm, Ticks
from grids.choices import UnitKind


class CallForm(HouseForm):
    """Persons and units are ticked side by side; a person ticked calls its unit by name."""

    whistle = forms.TypedChoiceField(
        label=_("how"), coerce=lambda value: value == "yes",
        choices=[("yes", _("whistle: report in within hours")), ("no", _("ask for help: sign in within a day"))],
    )  # fmt: skip
    people = forms.MultipleChoiceField(label=_("people called by name"), required=False, widget=Ticks)
    units = forms.MultipleChoiceField(label=_("units"), required=False, widget=Ticks)
    note = area(_("what is needed of them"))

    def arrange(self) -> None:
        found = helpers_for(self.row, self.by, timezone.now())
        self.fields["people"].choices = self._people(found)
        self.fields["people"].help_text = _("Professional workers bound to this ground. They are told first and alone.")
        if not self.fields["people"].choices:
            del self.fields["people"]
        self.fields["units"].choices = self._units(found)
        usual = [str(one.unit) for one in found if one.usual]
        if usual and "people" not in self.initial:
            self.fields["units"].initial = usual

    @staticmethod
    def _people(found: list[Helper]) -> list[tuple[str, list[tuple[str, str]]]]:
        people = [(one, person) for one in found for person in one.people]
        groups = [(_t("for this matter"), True), (_t("for other matters"), False)]
        named = [
            (label, [(f"{one.unit}:{person.user}", f"{person.name} · {one.name} · {person.grid_name}")
                     for one, person in people if person.fits == fits])
            for label, fits in groups
        ]  # fmt: skip
        return [group for group in named if group[1]]

    @staticmethod
    def _units(found: list[Helper]) -> list[tuple[str, list[tuple[str, str]]]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in found:
            label = _t("named by the matter list") if one.usual else str(UnitKind(one.kind).label)
            groups.setdefault(label, []).append((str(one.unit), one.name))
        return list(groups.items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        units = [int(pk) for pk in given.get("units", [])]
        called: dict[int, int] = {}
        for value in given.pop("people", []):
            unit, user = (int(part) for part in value.split(":"))
            if unit in called:
                self.add_error("people", _("Tick one person of a unit."))
            called[unit] = user
        if not units and not called:
            self.add_error("units", _("Name at least one unit."))
        return {**given, "units": list(dict.fromkeys([*units, *called])), "called": called}


class OfOrderForm(HouseForm):
    """About one assisting order: the one that the button stood beside, or the only one there is."""

    # The move (rules.OF_ORDER) that decides which orders it may be.
    move: ClassVar[str]
    order = forms.TypedChoiceField(label=_("order"), coerce=int)

    def arrange(self) -> None:
        case: Case = self.row
        may = rules.OF_ORDER[self.move]
        mine = [one for one in case.orders.all() if one.part == Part.ASSIST and may(self.by, case, one)]
        self.fields["order"].choices = [(str(one.pk), str(one)) for one in mine]
        if len(mine) == 1:
            self.fields["order"].widget = forms.HiddenInput()
            self.fields["order"].initial = str(mine[0].pk)


class ReportInForm(OfOrderForm):
    move = "report_in"


class FinishAssistForm(OfOrderForm):
    move = "assist"
    result = area(_("what was done"), length=2000)


class ExcuseForm(OfOrderForm):
    move = "excuse"
    reason = area(_("why it is not needed"))
