"""What the desk's pages of channels ask for: each kind of channel asks for its own things (choices.channels.ASKS)."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from grids.models import Unit
from integrations.choices.channels import ASKS, GROUP_KINDS, PER_MINUTE, PERSONAL, Ask, ChannelKind
from integrations.forms.hooks import GridCodeField
from integrations.models import Channel
from integrations.reports.outside import Words

_COMMON = ("for_people", "language", "per_minute")


def _field(ask: Ask, value: Any = None, *, kept: bool = False) -> forms.Field:
    """The field of ASK with its VALUE; KEPT: a secret that stays where nothing is typed."""
    if ask.choices:
        return forms.ChoiceField(label=ask.label, choices=ask.choices, initial=value or ask.initial)
    hint = _("Empty: it stays as it is.") if kept else ask.help
    widget: Any = forms.Textarea(attrs={"rows": 4}) if ask.lines or ask.long else None
    if ask.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    initial = "\n".join(value) if isinstance(value, list) else ask.initial if value is None else value
    return forms.CharField(
        label=ask.label, help_text=hint, widget=widget, initial=None if ask.secret else initial, max_length=4000,
        required=ask.required and not kept,
    )  # fmt: skip


def _told_apart(kind: str, cleaned: dict[str, Any]) -> dict[str, Any]:
    """CLEANED as actions.channels take it: what KIND asks for as `given` and `secrets`, all else as it is."""
    asks = ASKS[ChannelKind(kind)]
    rest = {name: value for name, value in cleaned.items() if name not in {ask.name for ask in asks}}
    given = {ask.name: _lines(cleaned.get(ask.name, "")) if ask.lines else cleaned.get(ask.name, "")
             for ask in asks if not ask.secret}  # fmt: skip
    return {**rest, "given": given, "secrets": {ask.name: cleaned.get(ask.name, "") for ask in asks if ask.secret}}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ChannelForm(DeskForm):
    """A new channel; `channel_form` adds what its kind asks for."""

    kind = ""
    grid = GridCodeField(
        label=_("group of"), required=False, max_length=18,
        help_text=_("The code of its grid: nothing of cases elsewhere goes to this group."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Channel
        fields = ("name", "grid", "for_people", "language", "per_minute")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.kind and "per_minute" in self.fields:
            self.fields["per_minute"].initial = PER_MINUTE[ChannelKind(self.kind)]
        put_on(self)

    def told(self) -> dict[str, Any]:
        return {"kind": self.kind, "for_people": False, "grid": None, **_told_apart(self.kind, self.cleaned_data)}


def channel_form(kind: str) -> type[ChannelForm]:
    """The form of a new channel of KIND."""
    asked = {ask.name: _field(ask) for ask in ASKS[ChannelKind(kind)]}
    left_out = set() if kind in PERSONAL else {"for_people"}
    if kind == ChannelKind.SMS:
        left_out.add("grid")
    form = type("ChannelForm", (ChannelForm,), {"kind": kind, **asked})
    fields = form.base_fields
    form.base_fields = {name: fields[name] for name in ("name", *asked, *fields) if name not in left_out}
    return form


class ChannelVerbForm(HouseForm):
    """What can be changed of a channel later."""

    for_people = forms.BooleanField(label=_("people may choose it for their own inbox"), required=False)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    per_minute = forms.IntegerField(label=_("messages a minute at most"), min_value=1)

    def arrange(self) -> None:
        for name in _COMMON:
            self.fields[name].initial = getattr(self.row, name)
        asks = ASKS[ChannelKind(self.row.kind)]
        asked = {ask.name: _field(ask, self.row.given.get(ask.name, ""), kept=ask.secret) for ask in asks}
        if self.row.kind not in PERSONAL:
            del self.fields["for_people"]
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        return {"for_people": False, **_told_apart(self.row.kind, super().clean() or {})}


class TrialForm(HouseForm):
    """Shows what will be sent; asks to whom where there is no group."""

    address = forms.CharField(
        label=_("sent to"), max_length=100, required=False, help_text=_("Your own number or address. It is not kept.")
    )

    def arrange(self) -> None:
        if self.row.kind not in PERSONAL:
            del self.fields["address"]
        self.text = Words(self.row.language).trial(self.row.kind)


class ListenForm(HouseForm):
    """What a group is told."""

    kinds = forms.MultipleChoiceField(
        label=_("what is told"), choices=[(kind.value, capfirst(kind.label)) for kind in GROUP_KINDS], widget=Ticks,
        initial=[NoticeKind.BREACH, NoticeKind.CARD, NoticeKind.URGE, NoticeKind.SUPERVISION],
    )  # fmt: skip
    grid = GridCodeField(label=_("cases in"), max_length=18, help_text=_("The code of the grid."))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("of the unit"), required=False,
        help_text=_("Only what people of this unit are told."),
    )  # fmt: skip

    def arrange(self) -> None:
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.visible_to(self.by).order_by("name")
        self.fields["grid"].initial = self.row.grid


class HushForm(HouseForm):
    """Which of the subscriptions ends."""

    subscription = forms.ModelChoiceField(None, label=_("subscription"))

    def arrange(self) -> None:
        field: Any = self.fields["subscription"]
        field.queryset = self.row.subscriptions.standing().visible_to(self.by).select_related("grid", "unit", "channel")
