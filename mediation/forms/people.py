"""What the desk asks about committees, mediators, experts and rooms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonField
from cases.forms.parts import area
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from grids.forms.desk import day_input
from grids.models import Grid
from mediation.choices.people import (
    LEAST_SEATS,
    MOST_SEATS,
    NAME_CHARS,
    PHONE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    WORDS_CHARS,
    DisputeKind,
    MediatorKind,
    Office,
    Profession,
    Sex,
)
from mediation.models import Committee, Expert, Mediator, Room
from mediation.reports.grounds import BASES, SERVED, grounds_of

_ACCOUNT = _("account (user name or full name; empty: none)")


class GridField(forms.ModelChoiceField):
    """A grid by its code and name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Grid.objects.none(), **kwargs)

    def label_from_instance(self, grid: Grid) -> str:
        return f"{grid.name} {grid.code}"


class GridsField(forms.ModelMultipleChoiceField):
    """Some grids to tick; a list."""

    widget = Ticks

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Grid.objects.none(), required=False, **kwargs)

    def label_from_instance(self, grid: Grid) -> str:
        return f"{grid.name} {grid.code}"

    def clean(self, value: Any) -> list[Grid]:
        return list(super().clean(value))


def skills() -> forms.MultipleChoiceField:
    label = _("kinds of disputes")
    return forms.MultipleChoiceField(
        label=label, choices=DisputeKind.choices, required=False, widget=Ticks, help_text=_("None: any.")
    )


def serves() -> GridsField:
    return GridsField(label=_("serves in"), help_text=_("None: all of the own grid."))


class _NewForm(DeskForm):
    """Something new on a ground of whoever enters it. `by` is set by the page (mediation.admin.setting_up)."""

    by: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = grounds_of(self.by)
        bases = grounds.filter(kind__in=BASES)
        self.fields["grid"] = GridField(label=self.fields["grid"].label)
        self.fields["grid"].queryset = bases
        if len(first := list(bases[:2])) == 1:
            self.fields["grid"].initial = first[0].pk
        if "serves" in self.fields:
            self.fields["serves"].queryset = grounds.filter(kind__in=SERVED)
        put_on(self)


class CommitteeForm(_NewForm):
    class Meta:
        model = Committee
        fields = ("kind", "name", "short", "grid", "place", "phone", "term_from")
        widgets = {"term_from": day_input()}
        help_texts = {"short": _("Stands in the numbers of its volumes and stays: (2026)SHORT…")}


class ChangeCommitteeForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    place = forms.CharField(label=_("place"), max_length=PLACE_CHARS, required=False)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)

    def arrange(self) -> None:
        self.initial |= {name: getattr(self.row, name) for name in self.fields}


class MediatorForm(_NewForm):
    skills = skills()
    serves = serves()
    user = PersonField(label=_ACCOUNT, required=False)

    class Meta:
        model = Mediator
        fields = ("kind", "name", "sex", "grid", "phone", "user", "skills", "serves", "about")
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}


class ChangeMediatorForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind"), choices=MediatorKind.choices)
    name = forms.CharField(label=_("full name"), max_length=NAME_CHARS)
    sex = forms.ChoiceField(label=_("sex"), choices=Sex.choices)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)
    user = PersonField(label=_ACCOUNT, required=False)
    skills = skills()
    serves = serves()
    about = area(_("about"), length=WORDS_CHARS, required=False)

    def arrange(self) -> None:
        row: Mediator = self.row
        names = ("kind", "name", "sex", "phone", "skills", "about")
        self.initial |= {name: getattr(row, name) for name in names}
        self.initial |= {"user": row.user_id, "serves": [grid.pk for grid in row.serves.all()]}
        grounds = Grid.objects.under(row.grid).filter(kind__in=SERVED, valid_to=None).order_by("code")
        self.fields["serves"].queryset = grounds.defer("border", "shape", "box")


class ExpertForm(_NewForm):
    class Meta:
        model = Expert
        fields = ("profession", "name", "office", "grid", "phone", "about")
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}


class ChangeExpertForm(HouseForm):
    profession = forms.ChoiceField(label=_("profession"), choices=Profession.choices)
    name = forms.CharField(label=_("full name"), max_length=NAME_CHARS)
    office = forms.CharField(label=_("office or firm"), max_length=NAME_CHARS, required=False)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)
    about = area(_("about"), length=WORDS_CHARS, required=False)

    def arrange(self) -> None:
        self.initial |= {name: getattr(self.row, name) for name in self.fields}


class RoomForm(_NewForm):
    class Meta:
        model = Room
        fields = ("name", "grid", "place", "seats")


class ChangeRoomForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    place = forms.CharField(label=_("place"), max_length=PLACE_CHARS)
    seats = forms.IntegerField(label=_("seats"), min_value=LEAST_SEATS, max_value=MOST_SEATS)

    def arrange(self) -> None:
        self.initial |= {name: getattr(self.row, name) for name in self.fields}


class EndForm(HouseForm):
    reason = area(_("reason"), length=REASON_CHARS)


def _choices(committee: Committee) -> list[tuple[int, str]]:
    """Who mediates in the committee's street, with kind and sex."""
    rows = Mediator.objects.active().filter(grid__tree_id=committee.grid.tree_id).order_by("pk")
    return [(one.pk, f"{one.name} · {one.get_kind_display()} · {one.get_sex_display()}") for one in rows]


class SeatForm(HouseForm):
    mediator = forms.TypedChoiceField(label=_("mediator"), coerce=int)
    office = forms.ChoiceField(label=_("office"), choices=Office.choices, initial=Office.MEMBER)

    def arrange(self) -> None:
        sits = set(self.row.seats.current().values_list("mediator", flat=True))
        self.fields["mediator"].choices = [one for one in _choices(self.row) if one[0] not in sits]


class EndSeatForm(HouseForm):
    seat = forms.TypedChoiceField(label=_("mediator"), coerce=int)

    def arrange(self) -> None:
        seats = self.row.seats.current().select_related("mediator")
        self.fields["seat"].choices = [(one.pk, f"{one.mediator.name} · {one.get_office_display()}") for one in seats]


class ElectForm(HouseForm):
    term_from = forms.DateField(label=_("term begins on"), widget=day_input(), help_text=_("It lasts three years."))
    director = forms.TypedChoiceField(label=_("director"), coerce=int)
    deputies = forms.TypedMultipleChoiceField(label=_("deputy directors"), coerce=int, required=False, widget=Ticks)
    members = forms.TypedMultipleChoiceField(label=_("other members"), coerce=int, required=False, widget=Ticks)

    def arrange(self) -> None:
        known = _choices(self.row)
        offices: dict[str, list[int]] = {office: [] for office in Office.values}
        for mediator, office in self.row.seats.current().values_list("mediator", "office"):
            offices[office].append(mediator)
        for name in ("director", "deputies", "members"):
            self.fields[name].choices = known
        self.initial |= {
            "director": next(iter(offices[Office.DIRECTOR]), None), "deputies": offices[Office.DEPUTY],
            "members": offices[Office.MEMBER],
        }  # fmt: skip


class StudioForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    about = area(_("about"), length=WORDS_CHARS, required=False)
    mediator = forms.ModelChoiceField(Mediator.objects.none(), label=_("mediator"), required=False)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("mediation room"), required=False)

    def arrange(self) -> None:
        tree = {"grid__tree_id": self.row.grid.tree_id}
        self.fields["mediator"].queryset = (
            Mediator.objects.active().filter(**tree).select_related("grid").order_by("pk")
        )
        self.fields["room"].queryset = Room.objects.in_use().filter(**tree).select_related("grid").order_by("pk")


class CloseStudioForm(HouseForm):
    studio = forms.TypedChoiceField(label=_("mediation studio"), coerce=int)
    reason = area(_("reason"), length=REASON_CHARS)

    def arrange(self) -> None:
        self.fields["studio"].choices = list(self.row.studios.filter(ended_on=None).values_list("pk", "name"))
