"""Gateways of text messages, described as data: what their requests look like, and by what an answer says that it went well.

There are hundreds of them, each with names of its own. The office writes the request down with places to be filled; the
places are filled in what was parsed already, so that nothing in a text can become a field, a header or a number.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _


class Coding(models.TextChoices):
    """How a gateway wants its request."""

    JSON = "json", _("POST with a JSON body")
    FORM = "form", _("POST with form fields")
    QUERY = "query", _("GET with the fields in the address")


PLACES = ("phone", "text", "key", "id")
NEEDED = ("phone", "text")
_PLACE = re.compile(r"\{([a-z]+)\}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_EQUAL, _HOLDS = " = ", "~ "
EXAMPLE = '{"mobile": "{phone}", "content": "{text}"}'


def parsed(coding: str, body: str) -> dict[str, Any] | None:
    """The request of BODY as it was written: a JSON object, or `name=value` lines. None where it is neither."""
    if coding != Coding.JSON:
        return pairs(body, "=")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def pairs(text: str, sign: str) -> dict[str, str] | None:
    """Lines of `name SIGN value`; None where a line is none."""
    lines = [line.partition(sign) for line in text.splitlines() if line.strip()]
    if any(not name.strip() or not found for name, found, _value in lines):
        return None
    return {name.strip(): value.strip() for name, _found, value in lines}


def headers_of(text: str) -> dict[str, str] | None:
    """`Name: value` lines; None where one could be no header."""
    found = pairs(text, ":")
    return found if found is not None and all(_HEADER.fullmatch(name) for name in found) else None


def places_of(template: Any) -> set[str]:
    """The places that TEMPLATE, however deep, wants filled."""
    if isinstance(template, str):
        return set(_PLACE.findall(template))
    inner = template.values() if isinstance(template, dict) else template if isinstance(template, list) else ()
    return {place for one in inner for place in places_of(one)}


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """TEMPLATE with each place's value, in one pass: a value that looks like a place stays what it is."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, dict):
        return {name: filled(value, values) for name, value in template.items()}
    return [filled(one, values) for one in template] if isinstance(template, list) else template


def request_of(given: Mapping[str, Any], values: Mapping[str, str]) -> tuple[str, str, dict[str, str], bytes]:
    """Method, address, headers and body of one message."""
    coding, url = given["coding"], given["url"]
    fields = filled(parsed(coding, given["body"]) or {}, values)
    headers = filled(headers_of(given.get("headers", "")) or {}, values)
    if coding == Coding.QUERY:
        return "GET", f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", headers, b""
    if coding == Coding.FORM:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        return "POST", url, headers, urlencode(fields).encode()
    headers["Content-Type"] = "application/json; charset=utf-8"
    return "POST", url, headers, json.dumps(fields, ensure_ascii=False).encode()


def can_be_success(expression: str) -> bool:
    """Empty: the status is enough. `result.code = 0`: that field of a JSON answer. `~ OK`: the answer holds these words."""
    return not expression or bool(expression.partition(_EQUAL)[0].strip() and expression.partition(_EQUAL)[1]) or (
        expression.startswith(_HOLDS) and bool(expression[len(_HOLDS) :].strip())
    )  # fmt: skip


def is_success(expression: str, body: bytes) -> bool:
    """Whether BODY, of an answer with a good status, says by EXPRESSION that it went well."""
    if not expression:
        return True
    if expression.startswith(_HOLDS):
        return expression[len(_HOLDS) :].strip() in body.decode("utf-8", "replace")
    path, _sign, wanted = expression.partition(_EQUAL)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    for step in path.strip().split("."):
        found = _inside(found, step)
    return _plain(found) == wanted.strip()


def _inside(found: Any, step: str) -> Any:
    if isinstance(found, dict):
        return found.get(step)
    if isinstance(found, list) and step.isascii() and step.isdigit():
        return found[int(step)] if int(step) < len(found) else None
    return None


def _plain(value: Any) -> str | None:
    """As it stands in JSON: true and not True; nothing, a list or an object are equal to no word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
