"""What figures are asked for: a period and what it is narrowed to. The API and the page ask in the same words."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cases.choices import Channel, Tier
from cases.choices.figures import Dimension, Grain, Period
from cases.models import Category
from cases.reports import Asked, last_day, named, next_month, usual_grain
from gridgov.core.forms import put_on
from grids.choices import CODE_DIGITS, GridKind
from grids.models import Grid, Unit
from grids.queries import UnitQuerySet, scope_of

ALL = [("", _("all"))]
LONGEST = dt.timedelta(days=366 * 5)
# Figures of other years are none, and the calendar of dates ends somewhere.
YEARS = range(1900, 2100)
MOST_KEY = 2**31 - 1
NARROWING = ("grid", "unit", "category", "channel", "tier", "by")
# More grids than this are too many to choose from; the comprehensive ones are left to the API then.
MANY_GRIDS = 600


class AskForm(forms.Form):
    """A period with a name, a month (YYYY-MM; this one by default), or the days `from` and `to`; both count."""

    period = forms.ChoiceField(label=_("period"), required=False, choices=[("", _("as below")), *Period.choices])
    month = forms.RegexField(
        r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$",
        label=_("month"),
        required=False,
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    grid = forms.CharField(label=_("grid"), required=False, max_length=18)
    unit = forms.IntegerField(label=_("unit"), required=False, min_value=0, max_value=MOST_KEY)
    category = forms.RegexField(r"^[0-9]{2}([0-9]{2})?$", label=_("category"), required=False)
    channel = forms.ChoiceField(label=_("channel"), required=False, choices=[*ALL, *Channel.choices])
    tier = forms.ChoiceField(label=_("tier"), required=False, choices=[*ALL, *Tier.choices])
    by = forms.ChoiceField(
        label=_("broken down by"), required=False, choices=[("", _("not broken down")), *Dimension.choices]
    )

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        # Words of the language that can't be names of attributes.
        for name, label in (("from", _("first day")), ("to", _("last day"))):
            self.fields[name] = forms.DateField(
                label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if (first is None) != (last is None):
            self.add_error("to" if first else "from", _("Name both the first and the last day."))
        elif first and last and (first.year not in YEARS or last.year not in YEARS):
            self.add_error("to", _("The days lie between 1900 and 2099."))
        elif first and last and not dt.timedelta() <= last - first <= LONGEST:
            self.add_error("to", _("The last day comes after the first, and within five years."))
        elif sum(bool(given.get(name)) for name in ("from", "month", "period")) > 1:
            self.add_error("month", _("Name a period, a month or days, and not two of them."))
        return given

    def asked(self) -> Asked:
        """What a valid form asks for."""
        given = self.cleaned_data
        first, last = given["from"], given["to"]
        if given["period"]:
            first, last = named(given["period"], self.today)
        elif not first:
            first = dt.date.fromisoformat(f"{given['month']}-01") if given["month"] else self.today.replace(day=1)
            last = last_day(first)
        rest = {name: given.get(name, "") for name in NARROWING}
        return Asked(first=first, last=last, **rest)


class FilterForm(AskForm):
    """The same with lists to choose from, for the page."""

    def __init__(self, data: Any, *, today: dt.date, by: Any) -> None:
        given = data.dict()
        if not any(given.get(name) for name in ("period", "month", "from", "to")):
            given["month"] = f"{today:%Y-%m}"  # so that the next filter stays in the month that is shown
        super().__init__(given, today=today)
        self._choose(by)
        put_on(self)

    def _choose(self, by: Any) -> None:
        scope = scope_of(by)
        kinds = [GridKind.STREET, GridKind.TOTAL, GridKind.COMPREHENSIVE, GridKind.DEDICATED]
        grids = (
            Grid.objects.filter(scope.under(), kind__in=kinds, valid_to=None) if scope.nodes else Grid.objects.none()
        )
        rows = list(grids.order_by("tree_id", "lft").values_list("code", "name", "level")[: MANY_GRIDS + 1])
        if len(rows) > MANY_GRIDS:
            wide = grids.filter(kind__in=kinds[:2]).order_by("tree_id", "lft")
            rows = list(wide.values_list("code", "name", "level"))
        ground = [(code, "\u3000" * level + name) for code, name, level in rows]
        units = (
            Unit.objects.filter(pk__in=scope.units)
            if scope.units
            else _serving({node.code[: CODE_DIGITS[GridKind.STREET]] for node in scope.nodes})
        )
        choices = {
            "grid": ground,
            "unit": [(0, _("no unit: settled in the grid")), *units.order_by("name").values_list("pk", "name")],
            "category": [(row.code, ("\u3000" if row.level > 1 else "") + row.label)
                         for row in Category.objects.filter(enabled=True).order_by("code")],
        }  # fmt: skip
        for name, options in choices.items():
            field = self.fields[name]
            field.widget = forms.Select(choices=[*ALL, *options])


def _serving(streets: set[str]) -> UnitQuerySet:
    """The units that any of STREETS (codes) gives orders to: a district has thousands, and a street has some dozens of them."""
    found = Unit.objects.none()
    for street in sorted(streets):
        found |= Unit.objects.serving(street)
    return found


class DashboardForm(FilterForm):
    """What the dashboard is asked for; the trend's grain is the readable one unless it is chosen."""

    grain = forms.ChoiceField(label=_("trend"), required=False, choices=[("", _("as fits")), *Grain.choices])

    def __init__(self, data: Any, *, today: dt.date, by: Any) -> None:
        super().__init__(data, today=today, by=by)
        del self.fields["by"]

    def grain_for(self, asked: Asked) -> str:
        return self.cleaned_data["grain"] or usual_grain(asked.first, asked.last)


class MonthForm(FilterForm):
    """Whose month a report is about."""

    def __init__(self, data: Any, *, today: dt.date, by: Any) -> None:
        super().__init__(data, today=today, by=by)
        for name in set(self.fields) - {"month", "grid"}:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        return {**dict.fromkeys(("from", "to", "period", "unit")), **given}


def month_address(asked: Asked, page: str, months: int) -> str:
    """The address of PAGE for the month before (-1) or after (1) the one asked about, narrowed alike."""
    first = next_month(asked.last) if months > 0 else (asked.first.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    return f"{page}?{urlencode(narrowed(asked) | {'month': f'{first:%Y-%m}'})}"


def narrowed(asked: Asked) -> dict[str, str]:
    """The filters of ASKED without its period, as they stand in an address."""
    values = {name: getattr(asked, name) for name in NARROWING}
    return {name: str(value) for name, value in values.items() if value not in {"", None}}
