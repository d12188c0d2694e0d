"""A report from the telephone: as few fields as there can be."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES
from cases.choices import Channel
from cases.forms.parts import CategoryChoice, category_rules
from grids.queries import scope_of


class PhoneReportForm(forms.Form):
    """Photos and voice come beside it (gridgov.core.uploads.files_of)."""

    text = forms.CharField(label=_("what happened"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    category = forms.ChoiceField(label=_("category"))
    place = forms.CharField(label=_("place"), required=False, max_length=200)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    crs = forms.ChoiceField(required=False, choices=[("WGS84", "WGS84"), ("GCJ02", "GCJ02")], widget=forms.HiddenInput)
    grid = forms.ChoiceField(label=_("grid"), required=False)
    occurred_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    solved = forms.BooleanField(label=_("Already dealt with"), required=False)
    result = forms.CharField(
        label=_("what was done"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.rules = by, category_rules()
        self.fields["category"].choices = [("", "———"), *((rule.code, rule.label) for rule in self.rules)]
        nodes = scope_of(by).nodes
        self.grids = [(node.code, node.name) for node in nodes] if len(nodes) > 1 else []
        self.fields["grid"].choices = [("", _("where the point lies")), *self.grids]

    def report(self, given: dict[str, Any]) -> dict[str, Any]:
        """GIVEN as `actions.Report` takes it."""
        said = {name: given[name] for name in ("text", "category", "place", "lng", "lat", "grid", "occurred_at")}
        channel = Channel.GRID_WORKER if self.by.role in FIELD_ROLES else Channel.PHONE
        return {**said, "crs": given["crs"] or "WGS84", "channel": channel}

    def groups(self) -> list[tuple[str, list[CategoryChoice]]]:
        """The matter list by its groups, for a select."""
        found: dict[str, list[CategoryChoice]] = {}
        for rule in self.rules:
            found.setdefault(rule.group, []).append(rule)
        return list(found.items())
