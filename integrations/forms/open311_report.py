"""POST Service Request, read as its many clients send it: in the body, in the address, with or without files."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from cases.models import Category
from door.choices import CONSENT, MOST_PHOTOS, NAME_CHARS, PHONE_CHARS
from integrations.actions.open311_requests import Told
from integrations.choices.open311 import ADDRESS_CHARS, CONTACT_CONSENT, DESCRIPTION_CHARS, URL_CHARS
from integrations.forms.open311 import first_of

KEY = "api_key"
# What separates the digits of a phone number, wherever it is written.
_BETWEEN = re.compile(r"[^0-9+]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def given_in(request: HttpRequest) -> QueryDict:
    """All that REQUEST says: most clients write it into the body, some part of it into the address. The body counts first."""
    found = request.GET.copy()
    found.update(request.POST)
    return found


class ReportForm(forms.Form):
    """`email`, `device_id` and `account_id` are of no use here and are not kept."""

    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    long = forms.FloatField(required=False, min_value=-180, max_value=180)
    address_string = forms.CharField(required=False, max_length=ADDRESS_CHARS)
    address_id = forms.CharField(required=False, max_length=18)
    description = forms.CharField(required=False, max_length=DESCRIPTION_CHARS)
    first_name = forms.CharField(required=False, max_length=NAME_CHARS)
    last_name = forms.CharField(required=False, max_length=NAME_CHARS)
    phone = forms.CharField(required=False, max_length=40)

    def clean_phone(self) -> str:
        return _BETWEEN.sub("", self.cleaned_data["phone"])[:PHONE_CHARS]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if ("lat" in said) and ("long" in said) and (said["lat"] is None) != (said["long"] is None):
            raise forms.ValidationError(_("A point needs both longitude and latitude."))
        return said

    @property
    def attributes(self) -> dict[str, str]:
        """The answers, `attribute[code]` or `attribute[code][]`; codes that no definition asks for are let pass."""
        found = {}
        for name in self.data:
            if match := re.fullmatch(r"attribute\[([^\[\]]{1,64})\](?:\[\d*\])?", name):
                found[match[1]] = self.data[name].strip()
        return found

    def told(self, service: Category, files: list[UploadedFile]) -> Told:
        """What the valid form tells about SERVICE. Contact is kept with consent or not at all."""
        said = self.cleaned_data
        agreed = self.attributes.get(CONTACT_CONSENT, "").lower() == "yes"
        first, last = said["first_name"], said["last_name"]
        # Chinese names begin with the family's and know no space.
        name = f"{last}{first}" if _CHINESE.search(last + first) else f"{first} {last}".strip()
        return Told(
            service=service, text=said["description"].strip() or service.label,
            point=None if said["lat"] is None else (said["long"], said["lat"]),
            address=said["address_string"].strip(), address_id=said["address_id"].strip(),
            name=name[:NAME_CHARS] if agreed else "", phone=said["phone"] if agreed else "",
            consent=CONSENT if agreed else "", photos=tuple(files),
            urls=tuple(dict.fromkeys(url for url in self._urls() if url))[:MOST_PHOTOS],
        )  # fmt: skip

    def _urls(self) -> list[str]:
        """Addresses of pictures; what can be none is left to the errand, which says so."""
        sent = [*self.data.getlist("media_url"), *self.data.getlist("media_url[]")]
        return [url.strip().replace("\x00", "")[:URL_CHARS] for url in sent]


def pictures_in(request: HttpRequest) -> list[UploadedFile]:
    """Files named `media`, `media[]`, `media1`: the standard has none, clients send them all the same."""
    names = sorted(name for name in request.FILES if name.startswith("media"))
    return [file for name in names for file in request.FILES.getlist(name)]


def key_in(request: HttpRequest, given: QueryDict) -> str:
    """The key of whoever asks, "" where there is none: `api_key`, or the header that the house's own API knows."""
    keyword, _space, raw = request.headers.get("Authorization", "").partition(" ")
    return first_of(given, KEY) or (raw.strip() if keyword.lower() == "api-key" else "")
