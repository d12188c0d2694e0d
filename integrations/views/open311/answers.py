"""One content, two spellings: XML as the standard has it, JSON by its Spark convention (a container of like things is a list)."""

import datetime as dt
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

from gridgov.core.errors import Faults, Refusal
from integrations.choices.open311 import FORMATS

# What one thing in a container is called.
_ONE = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value", "errors": "error",
    "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
# No text of XML 1.0 may hold them.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def told(spelling: str, root: str, content: Any, status: int = 200) -> HttpResponse:
    """CONTENT, a dict or a list of such, as the element ROOT."""
    body = _xml(root, content) if spelling == "xml" else json.dumps(_plain(content), ensure_ascii=False).encode()
    return HttpResponse(body, status=status, content_type=f"{FORMATS[spelling]}; charset=utf-8")


def refused(spelling: str, refusal: Refusal) -> HttpResponse:
    """REFUSAL in the standard's shape: 404 for what isn't there, 403 about keys, 429 for too much, 400 for all else."""
    status = refusal.status if refusal.status in {403, 404, 413, 429} else 400
    faults = refusal.faults if isinstance(refusal, Faults) else {refusal.field or "": [refusal]}
    named = isinstance(refusal, Faults)
    lines = [
        {"code": status, "description": f"{field}: {said}" if named and field != "__all__" else str(said)}
        for field, several in faults.items()
        for said in several
    ]
    return told(spelling, "errors", lines, status)


def _said(value: Any) -> str:
    """A single value as text. Moments are UTC with a Z, which every client reads."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return "" if value is None else str(value)


def _xml(root: str, content: Any) -> bytes:
    element = ET.Element(root)
    _fill(element, content)
    body: bytes = ET.tostring(element, encoding="unicode", short_empty_elements=True).encode()
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: ET.Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(content, list):
        for one in content:
            _fill(ET.SubElement(element, _ONE[element.tag]), one)
    else:
        element.text = _NO_XML.sub("", _said(content)) or None


def _plain(content: Any) -> Any:
    """For JSON: what is empty in XML is null, numbers and truths are themselves."""
    if isinstance(content, dict):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_plain(one) for one in content]
    return content if isinstance(content, bool | int | float) else _said(content) or None
