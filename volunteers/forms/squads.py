"""What the desk asks about squads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonField
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from gridgov.core.masking import mask_name
from grids.choices import GridKind
from grids.models import Grid
from volunteers.choices.people import NAME_CHARS, SquadKind, VolunteerKind
from volunteers.forms.choosing import ChooseForm
from volunteers.models import Member, Squad, Volunteer

MOST_SHOWN = 200
_LEAD = _("lead (user name or full name)")


class SquadForm(DeskForm):
    lead = PersonField(label=_LEAD, required=False)

    class Meta:
        model = Squad
        fields = ("kind", "name", "grid", "micros", "lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)

    def clean_micros(self) -> list[Grid]:
        return list(self.cleaned_data["micros"])


class ChangeSquadForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    lead = PersonField(label=_LEAD, required=False)
    micros = forms.ModelMultipleChoiceField(Grid.objects.none(), label=_("micro-grids"), required=False, widget=Ticks)

    def arrange(self) -> None:
        below = Grid.objects.under(self.row.grid).filter(kind=GridKind.MICRO).order_by("code")
        self.fields["micros"].queryset = below.defer("border", "shape", "box")
        self.initial |= {"name": self.row.name, "lead": self.row.lead_id, "micros": list(self.row.micros.all())}

    def clean_micros(self) -> list[Grid]:
        return list(self.cleaned_data["micros"])


class AddForm(ChooseForm):
    """Active volunteers at or below the squad's grid that are not in it, to tick; others by their number."""

    def arrange(self) -> None:
        squad: Squad = self.row
        rows = Volunteer.objects.visible_to(self.by).active().outside(squad)
        rows = rows.filter(grid__in=Grid.objects.under(squad.grid).order_by().values("pk"))
        if squad.kind == SquadKind.NEW_EMPLOYMENT:
            rows = rows.filter(kind=VolunteerKind.NEW_EMPLOYMENT)
        shown = (
            rows.select_related("grid").defer("grid__border", "grid__shape", "grid__box").order_by("grid__code", "pk")
        )
        self.fields["ticked"].label = _("volunteers of this grid")
        self.fields["ticked"].choices = [
            (str(one.pk), f"{one.public_name} · {mask_name(one.name)} · {one.grid.name}") for one in shown[:MOST_SHOWN]
        ]


class RemoveForm(HouseForm):
    member = forms.TypedChoiceField(label=_("volunteer"), coerce=int)

    def arrange(self) -> None:
        members = Member.objects.current().filter(squad=self.row).select_related("volunteer").order_by("pk")
        self.fields["member"].choices = [
            (one.pk, f"{one.volunteer.public_name} · {mask_name(one.volunteer.name)}") for one in members
        ]
