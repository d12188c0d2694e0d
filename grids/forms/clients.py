"""What the desk asks of another system and of its keys."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices.clients import KEY_DAYS, MOST_PER_MINUTE, SCOPES, USUAL_PER_MINUTE, Purpose
from accounts.models import ApiClient, ApiKey
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from grids.forms.desk import day_input
from grids.models import Grid, Unit
from grids.queries import heavy

_SCOPES = [(scope, format_lazy("{} · {}", label, scope)) for scope, label in SCOPES.items()]


class GridField(forms.CharField):
    """A grid by its code: there are too many to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("It sees this grid and everything below it, and acts as whoever is in charge there.")
        super().__init__(label=_("ground: grid code"), required=False, max_length=18, help_text=help_text, **kwargs)

    def clean(self, value: Any) -> Grid | None:
        code = super().clean(value)
        if not code:
            return None
        found: Grid | None = Grid.objects.filter(code=code).defer(*heavy("")).first()
        if found is None:
            raise forms.ValidationError(_t("There is no grid with the code %(code)s.") % {"code": code})
        return found


class UnitField(forms.ModelChoiceField):
    """The other kind of ground."""

    def __init__(self) -> None:
        help_text = _("It sees the orders of this unit, and acts as its staff. A grid or a unit, not both.")
        super().__init__(
            Unit.objects.filter(is_active=True), label=_("ground: unit"), required=False, help_text=help_text
        )


class NetworksField(forms.CharField):
    """Networks, one a line."""

    def __init__(self) -> None:
        super().__init__(
            label=_("comes from"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Addresses or networks like 10.20.0.0/16, one a line. Empty: from everywhere."),
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(value).split()


class Allowed(forms.Form):
    """What a system may, as it is asked both when it is entered and when it is changed."""

    scopes = forms.MultipleChoiceField(label=_("may"), choices=_SCOPES, widget=Ticks)
    purposes = forms.MultipleChoiceField(
        label=_("personal data for"), choices=Purpose.choices, widget=Ticks, required=False,
        help_text=_("Needed with the scope for personal data. Each request names one of them, and every look is recorded."),
    )  # fmt: skip
    networks = NetworksField()
    per_minute = forms.IntegerField(
        label=_("requests a minute"), min_value=1, max_value=MOST_PER_MINUTE, initial=USUAL_PER_MINUTE
    )
    expires_on = forms.DateField(
        label=_("last day"),
        required=False,
        widget=day_input(),
        help_text=_("Empty: without end. Keys end by themselves."),
    )


class ClientForm(Allowed, DeskForm):
    """Another system."""

    grid = GridField()
    unit = UnitField()

    class Meta:
        model = ApiClient
        fields = ("name", "purpose", "scopes", "purposes", "networks", "per_minute", "expires_on")

    field_order = ("name", "purpose", "grid", "unit", "scopes", "purposes", "networks", "per_minute", "expires_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class ClientChangeForm(Allowed, HouseForm):
    """What can be changed of it; its ground has a verb of its own."""

    name = forms.CharField(label=_("name"), max_length=40)
    purpose = forms.CharField(label=_("what it is for"), max_length=200)
    field_order = ("name", "purpose", "scopes", "purposes", "networks", "per_minute", "expires_on")

    def arrange(self) -> None:
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)


class PlaceForm(HouseForm):
    """Another ground."""

    grid = GridField()
    unit = UnitField()

    def arrange(self) -> None:
        ground = getattr(self.row, "ground", None)
        if ground:
            self.fields["grid"].initial = ground.grid and ground.grid.code
            self.fields["unit"].initial = ground.unit_id


class KeyForm(HouseForm):
    """A new key: what people call it, and its last day."""

    name = forms.CharField(
        label=_("name of the key"), max_length=50, help_text=_("So that two can be told apart, like “2026 A”.")
    )
    expires_on = forms.DateField(label=_("last day"), widget=day_input())

    def arrange(self) -> None:
        self.fields["expires_on"].initial = timezone.localdate() + dt.timedelta(days=KEY_DAYS)


class RevokeForm(HouseForm):
    """Which of the keys that hold."""

    key = forms.ModelChoiceField(ApiKey.objects.none(), label=_("API key"))

    def arrange(self) -> None:
        self.fields["key"].queryset = self.row.keys.filter(revoked=False)
