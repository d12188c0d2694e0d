"""A report from the telephone: as few fields as there can be."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES
from cases.choices import Channel
from cases.forms.parts import CategoryChoice, category_rules
from gridgov.core.geodesy import to_wgs84
from grids.queries import locate, scope_of


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
        self.posts = scope_of(by).nodes
        self.grids = [(node.code, node.name) for node in self.posts] if len(self.posts) > 1 else []
        self.fields["grid"].choices = [("", _("where the point lies")), *self.grids]

    def report(self, given: dict[str, Any], on: dt.date) -> dict[str, Any]:
        """GIVEN as `actions.Report` takes it. Telephones err by a house or two: whoever has one post and is told to stand
        outside every grid reports from the own."""
        said = {name: given[name] for name in ("text", "category", "place", "lng", "lat", "grid", "occurred_at")}
        crs, lng, lat = given["crs"] or "WGS84", given["lng"], given["lat"]
        if len(self.posts) == 1 and lng is not None and lat is not None and not locate(*to_wgs84(lng, lat, crs), on):
            said["grid"] = self.posts[0].code
        channel = Channel.GRID_WORKER if self.by.role in FIELD_ROLES else Channel.PHONE
        return {**said, "crs": crs, "channel": channel}

    def groups(self) -> list[tuple[str, list[CategoryChoice]]]:
        """The matter list by its groups, for a select."""
        found: dict[str, list[CategoryChoice]] = {}
        for rule in self.rules:
            found.setdefault(rule.group, []).append(rule)
        return list(found.items())
