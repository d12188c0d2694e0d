"""What the desk asks for about hours, points, stations and goods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.parts import area
from gridgov.core.forms import DeskForm, HouseForm, put_on
from volunteers.choices.ledger import (
    CODE_CHARS,
    DAY_MOST,
    MOST_DAYS,
    MOST_POINTS,
    MOST_PRICE,
    MOST_STOCK,
    NAME_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
)
from volunteers.models import PointsRule, Station

_KEEPER = _("keeper (user name)")
_READ = _("The volunteer reads it.")


class ReasonForm(HouseForm):
    reason = area(_("reason"), length=REASON_CHARS, help_text=_READ)


class LookOverForm(HouseForm):
    reason = area(_("why it is right"), length=REASON_CHARS)


class MinutesForm(HouseForm):
    """What it says now is filled in."""

    minutes = forms.IntegerField(label=_("minutes"), min_value=0, max_value=DAY_MOST)

    def arrange(self) -> None:
        self.fields["minutes"].initial = self.row.minutes_now


class CorrectHoursForm(MinutesForm):
    reason = area(_("reason"), length=REASON_CHARS, help_text=_READ)


class UpholdForm(MinutesForm):
    answer = area(_("answer"), length=REASON_CHARS, help_text=_READ)


class RefuseAppealForm(HouseForm):
    answer = area(_("answer"), length=REASON_CHARS, help_text=_READ)


class RuleForm(DeskForm):
    points = forms.IntegerField(label=_("points"), min_value=0, max_value=MOST_POINTS)
    day_most = forms.IntegerField(
        label=_("points a day at most"), min_value=0, required=False, help_text=_("Empty: as many as there are.")
    )
    expire_days = forms.IntegerField(
        label=_("expire after days"), min_value=1, max_value=MOST_DAYS, required=False, help_text=_("Empty: never.")
    )

    class Meta:
        model = PointsRule
        fields = ("street", "what", "kind", "points", "day_most", "expire_days", "effective_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class StationForm(DeskForm):
    keeper = forms.CharField(label=_KEEPER, max_length=48, required=False)

    class Meta:
        model = Station
        fields = ("grid", "name", "place", "hours", "keeper")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class ChangeStationForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    place = forms.CharField(label=_("place"), max_length=PLACE_CHARS)
    hours = forms.CharField(label=_("opening hours"), max_length=PLACE_CHARS, required=False)
    keeper = forms.CharField(label=_KEEPER, max_length=48, required=False)
    is_open = forms.BooleanField(label=_("open for exchange"), required=False)

    def arrange(self) -> None:
        row: Station = self.row
        for name in ("name", "place", "hours", "is_open"):
            self.fields[name].initial = getattr(row, name)
        self.fields["keeper"].initial = row.keeper.username if row.keeper else ""


class GoodForm(HouseForm):
    name = forms.CharField(label=_("name"), max_length=NAME_CHARS)
    points = forms.IntegerField(label=_("points"), min_value=1, max_value=MOST_PRICE)


class AddGoodForm(GoodForm):
    stock = forms.IntegerField(label=_("in stock"), min_value=0, max_value=MOST_STOCK)


class ChangeGoodForm(GoodForm):
    is_open = forms.BooleanField(label=_("offered"), required=False)

    def arrange(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.row, name)


class RestockForm(HouseForm):
    count = forms.IntegerField(
        label=_("how many more"), min_value=-MOST_STOCK, max_value=MOST_STOCK, help_text=_("Fewer: with a minus.")
    )
    reason = area(_("reason"), length=REASON_CHARS)


class HandOverForm(HouseForm):
    code = forms.CharField(
        label=_("code on the volunteer's phone"),
        max_length=CODE_CHARS + 10,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
