"""The admin's forms. They collect and check shapes; whether something may be done, and doing it, is the actions' part."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from accounts.forms import PersonField
from gridgov.core.forms import DeskForm, HouseForm
from grids.choices import CHILDREN, POSTS, GridKind, PostKind
from grids.forms.border import BorderField, backdrop
from grids.forms.roster import codes
from grids.models import Binding, Grid, Post, Unit
from grids.queries import heavy


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def changed(form: Any, *names: str) -> dict[str, Any]:
    """What FORM gives anew of NAMES."""
    return {name: form.cleaned_data[name] for name in names if name in form.changed_data}


class GridForm(DeskForm):
    border = BorderField(label=gettext_lazy("border"), required=False)
    code = forms.CharField(
        label=gettext_lazy("grid code"),
        required=False,
        max_length=18,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Leave it empty and the next free code is taken; a street's is entered."),
    )

    class Meta:
        model = Grid
        fields = (
            "kind", "micro_type", "parent", "code", "name", "households", "valid_from", "valid_to", "superseded_by",
            "border",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "border" in self.fields:
            # This form's own copy of the field: what lies round one grid must not show on the next one's page.
            widget = self.fields["border"].widget
            widget.backdrop, widget.grid = backdrop(self.instance), self.instance.pk


class UnitForm(DeskForm):
    aliases = forms.CharField(
        label=gettext_lazy("other names"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Separated by commas."),
    )

    class Meta:
        model = Unit
        fields = ("name", "kind", "aliases", "area_prefix", "phone", "lng", "lat", "is_active")
        help_texts: ClassVar = {
            "area_prefix": gettext_lazy(
                "Whose cases it takes: nine digits of a street, twelve of a community, six of a district. Empty is everywhere, and "
                "only the system administrator enters that."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["aliases"] = ", ".join(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        text = self.cleaned_data["aliases"]
        for comma in ",、;;":
            text = text.replace(comma, ",")
        return [name.strip() for name in text.split(",") if name.strip()]


class PostForm(DeskForm):
    user = PersonField(label=gettext_lazy("user name"))

    class Meta:
        model = Post
        fields = ("user", "kind", "grid", "unit", "area_prefix", "valid_from", "valid_to", "is_public_contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["user"]  # a declared field comes along even where the page doesn't ask for it


class GivePostForm(HouseForm):
    """A post on the grid that is the row; a link may say which (?kind=…)."""

    user = PersonField(label=gettext_lazy("user name"))
    kind = forms.ChoiceField(label=gettext_lazy("post"))
    valid_from = forms.DateField(label=gettext_lazy("first day"), widget=day_input())
    valid_to = forms.DateField(
        label=gettext_lazy("last day"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("Empty: without end."),
    )

    def arrange(self) -> None:
        self.fields["kind"].choices = [
            (kind.value, kind.label) for kind in PostKind if self.row.kind in POSTS[kind][0]
        ]  # fmt: skip
        self.fields["valid_from"].initial = timezone.localdate()


class MoveForm(HouseForm):
    """Under which grid of its street the row is to stand."""

    parent = forms.ModelChoiceField(Grid.objects.none(), label=gettext_lazy("goes under"))

    def arrange(self) -> None:
        kinds = [kind for kind in GridKind if self.row.kind in CHILDREN[kind]]
        there = Grid.objects.visible_to(self.by).current(timezone.localdate()).filter(tree_id=self.row.tree_id)
        there = there.filter(kind__in=kinds).exclude(pk=self.row.parent_id)
        self.fields["parent"].queryset = there.defer(*heavy("")).order_by("lft")


class HandOverForm(HouseForm):
    user = PersonField(label=gettext_lazy("user name of who takes over"))
    valid_from = forms.DateField(
        label=gettext_lazy("first day"),
        widget=day_input(),
        help_text=gettext_lazy("The day before is the last of who holds it now."),
    )

    def arrange(self) -> None:
        self.fields["valid_from"].initial = timezone.localdate()


class DiscloseForm(HouseForm):
    """Whether the holder of the row, a post, is named on the public page of its grid."""

    shown = forms.BooleanField(label=gettext_lazy("named on the public page"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("phone for the public"), required=False, max_length=20, strip=True,
        help_text=gettext_lazy("A number for work that everybody may call. The account's own number is never shown."),
    )  # fmt: skip

    def arrange(self) -> None:
        self.fields["shown"].initial = self.row.is_public_contact
        self.fields["phone"].initial = self.row.public_phone


class BindingForm(DeskForm):
    matters = forms.CharField(
        label=gettext_lazy("matters"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Codes of the matter list or their beginnings, separated by commas, like 05 or 0501. "
            "Empty: everything the unit does."
        ),
    )

    class Meta:
        model = Binding
        fields = ("post", "grid", "matters", "valid_from", "valid_to")

    def clean_matters(self) -> tuple[str, ...]:
        return codes(self.cleaned_data["matters"])


class EndForm(HouseForm):
    valid_to = forms.DateField(label=gettext_lazy("last day"), widget=day_input())

    def arrange(self) -> None:
        self.fields["valid_to"].initial = timezone.localdate()


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("list (CSV or XLSX)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("only check"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
