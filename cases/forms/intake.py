"""What reporting, accepting and looking ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices import Channel, RejectReason, Tier, Urgency
from cases.forms.parts import GridInput, area, categories
from cases.models import Case
from gridgov.core.forms import HouseForm, PicturesField
from grids.queries import scope_of


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
    confidential = forms.BooleanField(
        label=_("confidential"), required=False,
        help_text=_("The reporter stays unknown to grid workers, units and other systems; only who is entrusted with it sees the contact."),
    )  # fmt: skip
    photos = PicturesField(label=_("photos"), required=False)

    # Each block of the page with its fields.
    BLOCKS = (
        (_("Matter"), ("category", "text", "title", "photos")),
        (_("Place"), ("place", "grid", "lng", "lat")),
        (_("Where it comes from"), ("channel", "reporter_name", "reporter_phone", "anonymous", "confidential")),
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
    tier = forms.ChoiceField(
        label=_("tier"), required=False, choices=[("", _("as the matter list says")), *Tier.choices]
    )
    urgency = forms.ChoiceField(label=_("urgency"), choices=Urgency.choices)
    grid = forms.CharField(label=_("grid"), max_length=18, widget=GridInput)

    def arrange(self) -> None:
        case: Case = self.row
        self.fields["category"].choices = categories()
        for name, value in {
            "category": case.category.code,
            # Left to the list unless somebody chose another: a category that is changed brings its own tier along.
            "tier": case.tier if case.tier != case.category.tier else "",
            "urgency": case.urgency,
            "grid": case.grid.code,
        }.items():
            self.fields[name].initial = value
        self.fields["grid"].help_text = _("Now: %(name)s") % {"name": case.grid.name}


class RejectForm(HouseForm):
    reason = forms.ChoiceField(label=_("reason"), choices=RejectReason.choices)
    note = area(_("words to the reporter"), required=False)


class RevealForm(HouseForm):
    reason = forms.CharField(
        label=_("why you need to see it"), max_length=200, help_text=_("Who looked, when and why is recorded.")
    )
