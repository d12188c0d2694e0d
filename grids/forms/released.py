"""What the desk's pages of groups, announcements and cards ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import DeskForm, HouseForm, put_on
from grids.forms.cards import CardSize
from grids.forms.phone import WayForm
from grids.models import GridNotice, GroupLink


class AnnouncementForm(DeskForm):
    class Meta:
        model = GridNotice
        fields = ("grid", "title", "text", "is_public", "valid_from", "valid_to")


class GroupLinkForm(DeskForm):
    # The row's own column is no field of a form; what is given becomes another picture anyway.
    code = WayForm.base_fields["picture"]

    class Meta:
        model = GroupLink
        fields = ("grid", "level", "label", "kind", "url", "valid_until", "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class RenewForm(WayForm, HouseForm):
    """A fresh way into the group that is the row."""

    def arrange(self) -> None:
        self.initial = {"url": self.row.url, "is_public": self.row.is_public, "valid_until": self.row.valid_until}


class CardsForm(HouseForm):
    """For which posts cards are to be printed. `row`: the communities to choose from."""

    at = forms.ChoiceField(label=_("community"))
    size = forms.ChoiceField(label=_("size"), choices=CardSize.choices)

    def arrange(self) -> None:
        places: Any = self.row
        self.fields["at"].choices = places
