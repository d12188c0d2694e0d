"""What the pages of the exchange ask for."""

import csv
import io
import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from gridgov.core.forms import DeskForm, HouseForm, put_on
from gridgov.core.sheet import text_of
from grids.choices import GridKind
from grids.models import Grid
from integrations.actions.hotline import shipped_profiles
from integrations.choices.hotline import CODE_CHARS
from integrations.models.hotline import Partner, PartnerOrder

SHEET_BYTES = 2**20


class SourcesField(forms.CharField):
    """Addresses or networks, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self) -> None:
        hint = _("Addresses or networks that its messages come from, one a line; empty: from anywhere.")
        super().__init__(label=_("comes from"), required=False, max_length=2000, help_text=hint)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]


class PartnerForm(DeskForm):
    """A new partner, with a profile that comes with the house."""

    kind = forms.ChoiceField(label=_("profile"))
    ground = forms.ModelChoiceField(Grid.objects.none(), label=_("street"))
    account = forms.ModelChoiceField(
        User.objects.none(),
        label=_("account"),
        help_text=_("The client in whose name its orders come in; it acts as a street office."),
    )
    address = forms.URLField(
        label=_("where our messages go"), required=False, max_length=200, assume_scheme="https",
        help_text=_("The address before the profile's paths; empty: nothing is sent."),
    )  # fmt: skip
    sources = SourcesField()

    class Meta:
        model = Partner
        fields = ("code", "name")

    field_order = ("code", "name", "kind", "ground", "account", "address", "sources")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # not where an existing one is only shown
            self.fields["kind"].choices = [(key, profile["title"]) for key, profile in shipped_profiles().items()]
            self.fields["ground"].queryset = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code")
            self.fields["account"].queryset = User.objects.filter(is_client=True, role=Role.STREET).order_by("username")
        put_on(self)


class PartnerVerbForm(HouseForm):
    """Where its messages come from and go to."""

    address = forms.URLField(label=_("where our messages go"), required=False, max_length=200, assume_scheme="https")
    sources = SourcesField()

    def arrange(self) -> None:
        self.fields["address"].initial, self.fields["sources"].initial = self.row.address, self.row.sources


class ProfileForm(HouseForm):
    """The description of its messages, as JSON."""

    profile = forms.JSONField(label=_("profile"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}))

    def arrange(self) -> None:
        self.fields["profile"].widget.attrs["class"] = "gg-code"
        self.fields["profile"].initial = self.row.profile
        self.fields["profile"].prepare_value = lambda value: (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
        )


class SecretForm(HouseForm):
    """The partner's secret, or none for a new one of ours."""

    secret = forms.CharField(
        label=_("secret"), required=False, max_length=256, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("What the partner chose; leave it empty, and one is made and shown once. The one before is good for two more days."),
    )  # fmt: skip


class CodeForm(HouseForm):
    """What a code is here."""

    ours = forms.CharField(
        label=_("our code"), required=False, max_length=CODE_CHARS,
        help_text=_("The code of a category or grid, the name of a unit, or the word of ours; empty: nobody knows."),
    )  # fmt: skip

    def arrange(self) -> None:
        self.fields["ours"].initial = self.row.ours


class CodesForm(HouseForm):
    """A table of codes as the export makes it."""

    file = forms.FileField(
        label=_("table (CSV)"), help_text=_("Columns: list, their code, our code; as the export has them.")
    )

    def clean_file(self) -> list[tuple[str, str, str]]:
        given = self.cleaned_data["file"]
        if given.size > SHEET_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        try:
            rows = list(csv.reader(io.StringIO(given.read().decode("utf-8-sig").replace("\x00", ""))))
        except (UnicodeDecodeError, csv.Error):
            raise forms.ValidationError(_("The file is no table of text in UTF-8.")) from None
        wrong = next((number for number, row in enumerate(rows[1:], 2) if row and len(row) < 3), None)
        if wrong is not None:
            raise forms.ValidationError(_t("Line %(number)s has fewer than three columns.") % {"number": wrong})
        return [(text_of(row[0]), text_of(row[1]), text_of(row[2])) for row in rows[1:] if row]


class ReasonForm(HouseForm):
    """Why."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PassUpForm(DeskForm):
    """网格呼叫: a case goes up to a partner."""

    case = forms.CharField(label=_("case number"), max_length=20)
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("exchange partner"))
    reason = forms.CharField(label=_("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = PartnerOrder
        fields = ("partner",)

    field_order = ("case", "partner", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)

    def for_user(self, user: User) -> None:
        self.user = user
        self.fields["partner"].queryset = Partner.objects.visible_to(user).filter(is_active=True)

    def clean_case(self) -> Case:
        number = self.cleaned_data["case"].replace("\x00", "").strip()
        found = Case.objects.visible_to(self.user).filter(no=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no such case in your scope."))
        return found
