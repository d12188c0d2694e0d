"""What the pages of party organisations ask for."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.forms import PersonField
from gridgov.core.forms import DeskForm, HouseForm, Ticks
from grids.choices import PARTY_CHILDREN, PARTY_COVERS, PartyKind
from grids.forms.desk import day_input
from grids.models import Grid, PartyOrg
from grids.queries import heavy


class PartyOrgForm(DeskForm):
    secretary = PersonField(label=gettext_lazy("user name of the secretary"), required=False)

    class Meta:
        model = PartyOrg
        fields = ("kind", "parent", "street", "name", "grids", "secretary", "valid_from", "valid_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "street" in self.fields:
            self.fields["street"].required = False  # the organisation above says it


def ground(kind: str, above: PartyOrg | None, own: PartyOrg | None = None) -> Any:
    """The grids that an organisation of KIND below ABOVE can cover: those on the ground of that, and what OWN covers now."""
    today = timezone.localdate()
    rows = Grid.objects.current(today).filter(kind__in=PARTY_COVERS[kind]).defer(*heavy(""))
    found = Q(party_orgs=own) if own else Q(pk__in=[])
    for grid in above.grids.defer(*heavy("")) if above else ():
        found |= Q(tree_id=grid.tree_id, lft__gte=grid.lft, rght__lte=grid.rght)
    if own and above is None:
        found |= Q(pk=own.street_id)
    keys = Grid.objects.filter(found).order_by().values("pk")
    return rows.filter(pk__in=keys).order_by("code")


class GridsField(forms.ModelMultipleChoiceField):
    """Grids to tick, each with its code."""

    widget = Ticks

    def label_from_instance(self, grid: Grid) -> str:
        return f"{grid.name} · {grid.code}"


class PartyChangeForm(HouseForm):
    name = forms.CharField(label=gettext_lazy("name"), max_length=64)
    secretary = PersonField(label=gettext_lazy("user name of the secretary"), required=False)

    def arrange(self) -> None:
        self.fields["name"].initial = self.row.name
        self.fields["secretary"].initial = self.row.secretary.username if self.row.secretary else ""


class CoverForm(HouseForm):
    grids = GridsField(label=gettext_lazy("covers"), queryset=Grid.objects.none(), required=False)

    def arrange(self) -> None:
        self.fields["grids"].queryset = ground(self.row.kind, self.row.parent, self.row)
        self.fields["grids"].initial = list(self.row.grids.values_list("pk", flat=True))


class FoundBelowForm(HouseForm):
    """An organisation of the next kind in the chain, on the ground of the row."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=64)
    secretary = PersonField(label=gettext_lazy("user name of the secretary"), required=False)
    grids = GridsField(label=gettext_lazy("covers"), queryset=Grid.objects.none(), required=False)
    valid_from = forms.DateField(label=gettext_lazy("first day"), widget=day_input())

    def arrange(self) -> None:
        self.fields["grids"].queryset = ground(kind_below(self.row), self.row)
        self.fields["valid_from"].initial = timezone.localdate()


def kind_below(org: PartyOrg) -> PartyKind:
    """The next kind in the chain; of a chain's last, itself (the rule refuses it)."""
    return next(iter(PartyKind(kind) for kind in PARTY_CHILDREN[org.kind]), PartyKind(org.kind))
