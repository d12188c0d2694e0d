"""What the desk asks about who mediates in a file."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.parts import area
from gridgov.core.forms import HouseForm
from mediation.choices.files import REASON_CHARS, ConflictKind
from mediation.models import Mediation, Mediator
from mediation.reports.choosing import suggest

MOST_CHOICES = 200


def parties_of(mediation: Mediation) -> list[tuple[int, str]]:
    return [(one.pk, f"{one.name} · {one.get_role_display()}") for one in mediation.parties.order_by("pk")]


def mediating(mediation: Mediation) -> list[tuple[int, str]]:
    rows = mediation.assignments.current().select_related("mediator").order_by("pk")
    return [(one.pk, one.mediator.name) for one in rows]


class AssignForm(HouseForm):
    mediator = forms.TypedChoiceField(
        label=_("mediator"), coerce=int, help_text=_("The best fitting first. Who has a tie to a party is not here.")
    )
    chosen_by = forms.TypedChoiceField(label=_("chosen by"), coerce=int, required=False, empty_value=None)
    is_lead = forms.BooleanField(label=_("leads the file"), required=False)

    def arrange(self) -> None:
        found = suggest(self.row, timezone.now(), most=MOST_CHOICES)
        self.fields["mediator"].choices = [(one.mediator.pk, f"{one.mediator.name} · {one.why}") for one in found]
        self.fields["chosen_by"].choices = [("", _("named by the committee")), *parties_of(self.row)]


class AcceptForm(HouseForm):
    assignment = forms.TypedChoiceField(label=_("mediator"), coerce=int)
    party = forms.TypedChoiceField(label=_("party"), coerce=int)

    def arrange(self) -> None:
        self.fields["assignment"].choices = mediating(self.row)
        self.fields["party"].choices = parties_of(self.row)


class ReleaseForm(HouseForm):
    assignment = forms.TypedChoiceField(label=_("mediator"), coerce=int)
    reason = area(_("reason"), length=REASON_CHARS)

    def arrange(self) -> None:
        self.fields["assignment"].choices = mediating(self.row)


class ConflictForm(HouseForm):
    mediator = forms.TypedChoiceField(label=_("mediator"), coerce=int)
    party = forms.TypedChoiceField(label=_("party"), coerce=int)
    kind = forms.ChoiceField(label=_("kind"), choices=ConflictKind.choices)

    def arrange(self) -> None:
        """Whoever mediates here first, then the others of the street."""
        here = self.row.assignments.current().values_list("mediator", flat=True)
        rows = Mediator.objects.active().filter(grid__tree_id=self.row.grid.tree_id).order_by("pk")[:MOST_CHOICES]
        known: list[Any] = sorted(rows, key=lambda one: one.pk not in set(here))
        self.fields["mediator"].choices = [(one.pk, one.name) for one in known]
        self.fields["party"].choices = parties_of(self.row)
