"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from accounts.choices import Role
from cases.choices import Channel, Outcome, PhotoKind, RejectReason, Score, Tier, Urgency
from cases.models import Case, Category, Policy
from gridgov.core.calendar import LimitUnit
from gridgov.core.forms import HouseForm, PicturesField, put_on
from grids.choices import UnitKind
from grids.models import Unit
from grids.queries import scope_of

ROWS = {"rows": 4}


class GridInput(forms.TextInput):
    """A grid's code; static/cases/grids.js suggests codes while a code or a name is typed."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        more = {"autocomplete": "off", "data-grids": reverse("admin:cases_case_grids")}
        return super().get_context(name, value, {**(attrs or {}), **more})


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


class ReportForm(HouseForm):
    """A report as it comes in at the desk or on the round."""

    category = forms.ChoiceField(label=_("category"))
    text = area(_("what happened"), length=2000)
    title = forms.CharField(
        label=_("title"), required=False, max_length=80, help_text=_("Empty: made of category and place.")
    )
    place = forms.CharField(
        label=_("place"), required=False, max_length=200, help_text=_("Street, house, what stands there.")
    )
    grid = forms.CharField(label=_("grid"), required=False, max_length=18, widget=GridInput)
    lng = forms.FloatField(label=_("longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("latitude"), required=False, min_value=-90, max_value=90)
    channel = forms.ChoiceField(label=_("channel"), choices=Channel.choices)
    tier = forms.ChoiceField(
        label=_("tier"), required=False, choices=[("", _("as the matter list says")), *Tier.choices]
    )
    urgency = forms.ChoiceField(
        label=_("urgency"), required=False, choices=[("", _("as the matter list says")), *Urgency.choices]
    )
    reporter_name = forms.CharField(label=_("reporter"), required=False, max_length=48)
    reporter_phone = forms.RegexField(r"^[0-9+*\- ]{0,20}$", label=_("phone"), required=False)
    anonymous = forms.BooleanField(label=_("anonymous"), required=False)
    photos = PicturesField(label=_("photos"), required=False)

    # Each block of the page with its fields.
    BLOCKS = (
        (_("Matter"), ("category", "text", "title", "photos")),
        (_("Place"), ("place", "grid", "lng", "lat")),
        (_("Where it comes from"), ("channel", "reporter_name", "reporter_phone", "anonymous")),
        (_("If you know better than the matter list"), ("tier", "urgency")),
    )

    def arrange(self) -> None:
        self.fields["category"].choices = [("", "———"), *categories()]
        self.fields["channel"].initial = Channel.GRID_WORKER if self.by.role == Role.WORKER else Channel.PHONE
        nodes = scope_of(self.by).nodes
        if len(nodes) == 1:
            text = _("Empty: where the point lies, or your own grid (%(name)s).") % {"name": nodes[0].name}
        else:
            text = _("Type a code or a name; or mark the place on the map.")
        self.fields["grid"].help_text = text

    def blocks(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.BLOCKS]


class AcceptForm(HouseForm):
    category = forms.ChoiceField(label=_("category"))
    tier = forms.ChoiceField(label=_("tier"), choices=Tier.choices)
    urgency = forms.ChoiceField(label=_("urgency"), choices=Urgency.choices)
    grid = forms.CharField(label=_("grid"), max_length=18, widget=GridInput)

    def arrange(self) -> None:
        case: Case = self.row
        self.fields["category"].choices = categories()
        for name, value in {
            "category": case.category.code,
            "tier": case.tier,
            "urgency": case.urgency,
            "grid": case.grid.code,
        }.items():
            self.fields[name].initial = value
        self.fields["grid"].help_text = _("Now: %(name)s") % {"name": case.grid.name}


class RejectForm(HouseForm):
    reason = forms.ChoiceField(label=_("reason"), choices=RejectReason.choices)
    note = area(_("words to the reporter"), required=False)


class _ToForm(HouseForm):
    """Chooses an addressee: one of the case's own grids, or a unit."""

    to = forms.ChoiceField(label=_("to"))

    def arrange(self) -> None:
        case: Case = self.row
        units = list(Unit.objects.visible_to(self.by).filter(is_active=True).order_by("kind", "name"))
        steps = {step.pk: step for step in (case.grid, case.comprehensive, case.total) if step is not None}
        own = [(f"grid:{step.code}", f"{step.name} ({step.get_kind_display()})") for step in steps.values()]
        groups: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            groups.setdefault(str(UnitKind(unit.kind).label), []).append((f"unit:{unit.pk}", unit.name))
        self.fields["to"].choices = [("", "———"), (_t("Grids of this case"), own), *groups.items()]
        usual = case.category.lead_unit
        self.fields["to"].initial = next(
            (f"unit:{unit.pk}" for unit in units if usual and (unit.name == usual or usual in unit.aliases)), ""
        )
        if usual:
            self.fields["to"].help_text = _("The matter list names: %(name)s") % {"name": usual}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, _colon, key = given.pop("to", "").partition(":")
        return {**given, "unit": int(key) if kind == "unit" else None, "grid": key if kind == "grid" else ""}


class DispatchForm(_ToForm):
    note = area(_("instruction"), required=False)


class ReassignForm(_ToForm):
    reason = area(_("why it goes elsewhere"))


class ProgressForm(HouseForm):
    note = area(_("how it goes"), length=2000)


class CompleteForm(HouseForm):
    result = area(_("what was done"), length=2000)
    outcome = forms.ChoiceField(label=_("outcome"), choices=Outcome.choices)
    photos = PicturesField(label=_("photos taken afterwards"), required=False)

    def arrange(self) -> None:
        case: Case = self.row
        has_one = any(photo.kind == PhotoKind.AFTER for photo in case.photos.all())
        if case.category.needs_photo and not has_one:
            self.fields["photos"].required = True
            self.fields["photos"].help_text = _("This category needs a photo taken afterwards.")


class ReasonForm(HouseForm):
    reason = area(_("reason"))


class NoteForm(HouseForm):
    note = area(_("note"), required=False)


class RaiseForm(HouseForm):
    tier = forms.ChoiceField(label=_("to tier"))
    reason = area(_("why it must go up"))

    def arrange(self) -> None:
        self.fields["tier"].choices = [choice for choice in Tier.choices if choice[0] > self.row.tier]


class RateForm(HouseForm):
    score = forms.TypedChoiceField(label=_("satisfaction"), coerce=int, choices=Score.choices[::-1])
    solved = forms.TypedChoiceField(
        label=_("is it solved?"), coerce=lambda value: value == "yes", choices=[("yes", _("yes")), ("no", _("no"))]
    )
    text = area(_("words"), required=False)

    def arrange(self) -> None:
        before = getattr(self.row, "rating", None)
        if before:
            self.initial = {"score": before.score, "solved": "yes" if before.solved else "no", "text": before.text}


class PhotoForm(HouseForm):
    kind = forms.ChoiceField(label=_("taken"), choices=PhotoKind.choices)
    photos = PicturesField(label=_("photos"))

    def arrange(self) -> None:
        self.fields["kind"].initial = PhotoKind.AFTER if self.row.signed_at else PhotoKind.BEFORE


class RevealForm(HouseForm):
    reason = forms.CharField(
        label=_("why you need to see it"), max_length=200, help_text=_("Who looked, when and why is recorded.")
    )


class PolicyForm(forms.ModelForm):
    """A new limit; it takes over for cases accepted from then on."""

    effective_from = forms.SplitDateTimeField(
        label=_("holds from"), required=False, widget=UnfoldAdminSplitDateTimeWidget, help_text=_("Empty: from now on.")
    )
    unit = forms.ChoiceField(label=_("counted in"), choices=LimitUnit.choices, initial=LimitUnit.NATURAL_DAY)

    class Meta:
        model = Policy
        fields = ("tier", "category", "value", "unit", "street", "effective_from", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)
