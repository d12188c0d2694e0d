"""What clients of Open311 ask for and send, read as the standard writes it."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _

from gridgov.core.calendar import CHINA
from gridgov.core.forms import DeskForm, HouseForm, insist, put_on
from integrations.choices.open311 import MOST_PAGES, MOST_ROWS, SPAN, Status
from integrations.models import Jurisdiction
from integrations.reports.open311 import Asked
from integrations.rules.open311 import can_span

_NUMBER, _SERVICE = re.compile(r"[0-9]{1,20}"), re.compile(r"[0-9]{1,4}")
_YEARS = range(1970, 2200)


class Listed(forms.CharField):
    """Comma delimited; whatever can be none of it finds nothing, and is no fault."""

    def clean(self, value: Any) -> list[str]:
        said = super().clean(value)
        return [part.strip() for part in said.split(",") if part.strip()]


class Moment(forms.CharField):
    """W3C date and time with its zone, 2010-01-01T00:00:00Z; or a day, the whole of which counts (`last`: to its end).
    A plus that an address turned into a space is one all the same."""

    def __init__(self, *, last: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self._edge = dt.time.max if last else dt.time.min

    def clean(self, value: Any) -> dt.datetime | None:
        said = super().clean(value)
        if not said:
            return None
        try:
            at, day = parse_datetime(said.replace(" ", "+")), parse_date(said)
        except ValueError:
            at = day = None
        if day is not None:
            at = dt.datetime.combine(day, self._edge, CHINA)
        if at is None or is_naive(at) or at.year not in _YEARS:
            raise forms.ValidationError(_("Write it with its time zone, like 2010-01-01T00:00:00Z."))
        return at


class RequestsForm(forms.Form):
    """GET Service Requests. `page` and `page_size` are the extension that most servers have."""

    service_request_id = Listed(required=False, max_length=21 * MOST_ROWS)
    service_code = Listed(required=False, max_length=2000)
    status = Listed(required=False, max_length=100)
    start_date = Moment()
    end_date = Moment(last=True)
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES)
    page_size = forms.IntegerField(required=False, min_value=1)

    def clean_status(self) -> list[str]:
        found: list[str] = [part.lower() for part in self.cleaned_data["status"]]
        if not set(found) <= set(Status.values):
            raise forms.ValidationError(_("status is open, closed or both."))
        return found

    def asked(self, now: dt.datetime) -> Asked:
        """What is asked for; raises Faults, or Invalid for more than 90 days."""
        said = insist(self)
        numbers = [one for one in said["service_request_id"] if _NUMBER.fullmatch(one)]
        services = [one for one in said["service_code"] if _SERVICE.fullmatch(one)]
        first, last = said["start_date"], said["end_date"]
        last = last or (min(first + SPAN, now) if first and first <= now else now)
        first = first or last - SPAN
        size = min(said["page_size"] or MOST_ROWS, MOST_ROWS)
        if said["service_request_id"]:
            return Asked(first, last, MOST_ROWS, numbers=numbers or ("-",))
        can_span(first, last).insist()
        return Asked(
            first, last, size, services=services or (["-"] if said["service_code"] else ()), states=said["status"],
            skipped=((said["page"] or 1) - 1) * size,
        )  # fmt: skip


class JurisdictionForm(DeskForm):
    """A street for Open311."""

    class Meta:
        model = Jurisdiction
        fields = ("street", "code", "is_open", "contact", "key_service")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "street" in self.fields:
            streets: Any = self.fields["street"]
            streets.queryset = streets.queryset.filter(parent=None, valid_to=None).order_by("code")
        put_on(self)


class JurisdictionVerbForm(HouseForm):
    """What can be changed of it later."""

    is_open = forms.BooleanField(label=_("on"), required=False)
    contact = forms.CharField(label=_("contact for developers"), max_length=200, required=False)
    key_service = forms.CharField(label=_("how to get a key"), max_length=200, required=False)

    def arrange(self) -> None:
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)
            field.help_text = Jurisdiction._meta.get_field(name).help_text  # type: ignore[union-attr]


def first_of(given: QueryDict, name: str) -> str:
    """The first non-empty value of NAME: an empty one counts as none."""
    return next((value.strip() for value in given.getlist(name) if value.strip()), "")
