"""Whether a gateway, as somebody wrote it down, can be spoken to."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from integrations.choices.gateway import NEEDED, PLACES, Coding, can_be_success, headers_of, parsed, places_of


def can_be_gateway(given: Mapping[str, Any], secrets: Mapping[str, str]) -> Verdict:
    """Whether GIVEN (choices.channels.ASKS of text messages) makes a request; the first fault, at its field."""
    body, headers = parsed(given["coding"], given["body"]), headers_of(given.get("headers", ""))
    if body is None:
        json = given["coding"] == Coding.JSON
        said = _("This is no JSON object.") if json else _("Write one field a line: name=value.")
        return Verdict.reject(said, field="body")
    if headers is None:
        return Verdict.reject(_("Write one header a line: Name: value."), field="headers")
    if not can_be_success(given.get("success", "")):
        return Verdict.reject(_("Write it as “field = value” or “~ words”."), field="success")
    return _can_be_filled(places_of(body), places_of(headers), bool(secrets.get("key")))


def _can_be_filled(body: set[str], headers: set[str], has_key: bool) -> Verdict:
    """Text and number go into the body only: a header can't hold every sign."""
    for field, used, known in (("body", body, set(PLACES)), ("headers", headers, set(PLACES) - set(NEEDED))):
        if used - known:
            said = _("There is no place called %(names)s here.")
            return Verdict.reject(said % {"names": ", ".join(sorted(used - known))}, field=field)
    if missing := set(NEEDED) - body:
        said = _("%(names)s is missing.")
        return Verdict.reject(said % {"names": ", ".join(f"{{{name}}}" for name in sorted(missing))}, field="body")
    if "key" in body | headers and not has_key:
        return Verdict.reject(_("This is needed."), field="key")
    return YES
