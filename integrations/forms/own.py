"""What the page of one's own addresses asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm
from integrations.choices.channels import ADDRESS_CHARS, CODE_DIGITS, Wanted
from integrations.models import Channel, OwnChannel

NONE = "none"
_CHOICES = [*Wanted.choices, (NONE, _("nothing for now"))]


class OwnForm(HouseForm):
    """Another address."""

    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("by which way"), empty_label=None)
    address = forms.CharField(label=_("mobile number or e-mail address"), max_length=ADDRESS_CHARS)
    wanted = forms.ChoiceField(
        label=_("what is told"), choices=Wanted.choices, initial=Wanted.PRESSING, widget=forms.RadioSelect
    )

    def arrange(self) -> None:
        field: Any = self.fields["channel"]
        field.queryset = Channel.objects.for_people().order_by("kind", "name")


class CodeForm(HouseForm):
    code = forms.CharField(
        label=_("code from the message"), max_length=CODE_DIGITS + 4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.replace(" ", "")


class WantedForm(HouseForm):
    """What is told to an address that is proved."""

    wanted = forms.ChoiceField(label=_("what is told"), choices=_CHOICES, widget=forms.RadioSelect)

    def arrange(self) -> None:
        row: OwnChannel = self.row
        self.fields["wanted"].initial = row.wanted if row.is_active else NONE

    def told(self) -> dict[str, Any]:
        """As actions.channels.change_own takes it: who wants nothing keeps what was wanted before."""
        wanted = self.cleaned_data["wanted"]
        return {"active": wanted != NONE, "wanted": self.row.wanted if wanted == NONE else wanted}
