"""What the pages of webhooks ask for."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from grids.models import Grid, Unit
from grids.queries import heavy
from integrations.choices.hooks import EVENT_CHOICES
from integrations.models.hooks import Webhook


class GridCodeField(forms.CharField):
    """A grid by its code."""

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Grid) else value

    def clean(self, value: Any) -> Grid | None:
        code = super().clean(value)
        if not code:
            return None
        found = Grid.objects.defer(*heavy("")).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_t("There is no grid with this code."))
        return found


def _events() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=_("events"), choices=EVENT_CHOICES, widget=Ticks)


def _url() -> forms.CharField:
    hint = _("https://…; private networks only where the house's settings name them.")
    return forms.CharField(label=_("target address"), max_length=500, help_text=hint)


def _grid() -> GridCodeField:
    hint = _("Its code; empty: all that the account sees.")
    return GridCodeField(label=_("only in grid"), required=False, max_length=18, help_text=hint)


def _unit() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Unit.objects.order_by("name"), label=_("only of unit"), required=False)


class WebhookForm(DeskForm):
    """A new webhook."""

    url = _url()
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("on behalf of"),
        help_text=_("It tells what this connected system or street account may see, and no more."),
    )
    events = _events()
    grid = _grid()
    unit = _unit()

    class Meta:
        model = Webhook
        fields = ("name", "url", "owner", "events", "grid", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:  # not where an existing one is only shown
            able = Q(is_client=True) | Q(role=Role.STREET, is_active=True)
            self.fields["owner"].queryset = User.objects.filter(able).order_by("-is_client", "username")
        put_on(self)


class WebhookVerbForm(HouseForm):
    """What can be changed of it later."""

    name = forms.CharField(label=_("name"), max_length=60)
    url = _url()
    events = _events()
    grid = _grid()
    unit = _unit()

    def arrange(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.row, name)


class KeyForm(HouseForm):
    """So that nobody makes one by a slip of the hand."""

    sure = forms.BooleanField(label=_("I can hand the new secret to the keepers of the receiver now."))


class EndForm(HouseForm):
    sure = forms.BooleanField(label=_("What still waits is not delivered any more."))
