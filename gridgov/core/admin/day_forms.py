"""Forms of the calendar: one day, a year to load, a list to take in."""

from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from gridgov.core import rules
from gridgov.core.calendar import loaded_until, windows_from, windows_text
from gridgov.core.forms import HouseForm, put_on
from gridgov.core.models import CalendarDay, DayKind

HOURS = {
    "label": _("hours of work"),
    "required": False,
    "help_text": _("Like 08:00-12:00, 14:00-18:00; empty: the ordinary hours."),
}


class WindowsField(forms.CharField):
    """Working hours as people write them: 08:00-12:00, 14:00-18:00."""

    def prepare_value(self, value: Any) -> Any:
        return windows_text(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[list[str]]:
        windows = windows_from(super().to_python(value))
        if refusal := rules.can_be_windows(windows).refusal:
            raise forms.ValidationError(str(refusal))
        return windows


class DayForm(forms.ModelForm):
    windows = WindowsField(**HOURS)

    class Meta:
        model = CalendarDay
        fields = ("date", "scope", "kind", "name", "windows")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class OneDayForm(HouseForm):
    """How one day counts; `row` is the day as it counts now."""

    kind = forms.ChoiceField(label=_("kind"), choices=DayKind.choices, widget=forms.Select)
    name = forms.CharField(label=_("name"), required=False, max_length=32, help_text=_("A holiday, or why it is so."))
    windows = WindowsField(**HOURS)

    def arrange(self) -> None:
        self.initial = {"kind": self.row.kind, "name": self.row.name, "windows": self.row.windows}


class YearForm(HouseForm):
    year = forms.IntegerField(label=_("year"), min_value=2004, max_value=rules.LAST_YEAR)

    def arrange(self) -> None:
        last = loaded_until(timezone.localdate())
        self.fields["year"].initial = last.year + 1 if last else timezone.localdate().year


class DaysFileForm(HouseForm):
    """A list of days to look at first."""

    file = forms.FileField(label=_("File (CSV or XLSX)"), widget=UnfoldAdminFileFieldWidget)


class Checked(forms.Form):
    """Carries the list that was looked at to the moment it is confirmed, so that exactly this one is taken in.

    Signed: what is confirmed is what this house has shown to this person, within a day.
    """

    SALT = "gridgov.core.days"
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    @classmethod
    def seal(cls, carried: dict[str, Any], by: Any) -> str:
        return signing.dumps({**carried, "by": by.pk}, salt=cls.SALT, compress=True)

    def clean_token(self) -> dict[str, Any]:
        try:
            carried: dict[str, Any] = signing.loads(self.cleaned_data["token"], salt=self.SALT, max_age=24 * 3600)
        except signing.BadSignature:
            carried = {}
        if carried.get("by") != self.by.pk:
            raise forms.ValidationError(_("What was looked at can't be told any more; please upload the file again."))
        return carried
