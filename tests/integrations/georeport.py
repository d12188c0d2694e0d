"""A client of Open311 as they are: reads both formats, knows the standard's elements and their order, and checks every answer.

Element names, order and required texts: wiki.open311.org/GeoReport_v2 and Service_Discovery. What existing clients read of
them: codeforamerica/three (three/core.py), mysociety/fixmystreet (perllib/Open311.pm), open311/open311-validator-py (test311.py).
"""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client

from cases.models import Category
from grids import actions as grid_actions
from integrations.actions.open311 import add_jurisdiction
from integrations.models import Jurisdiction
from tests.factories import MONDAY, Cast, Street, make_user

ROOT = "/open311/v2/"
ID = "street.example.gov.cn"
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
ATTRIBUTE = ("variable", "code", "datatype", "required", "datatype_description", "order", "description")
REQUEST = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat",
    "long", "media_url",
)  # fmt: skip
DISCOVERY = ("changeset", "contact", "key_service", "endpoints")
ENDPOINT = ("specification", "url", "changeset", "type", "formats")
MADE = ("service_request_id", "service_notice", "account_id")
TOKEN = ("service_request_id", "token")
ERROR = ("code", "description")
# What a container holds, and the elements of one thing in it.
HELD = {
    "services": ("service", SERVICE), "attributes": ("attribute", ATTRIBUTE), "values": ("value", ("key", "name")),
    "endpoints": ("endpoint", ENDPOINT), "errors": ("error", ERROR), "formats": ("format", ()),
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # test311.py knows no offset


def open_jurisdiction(street: Any, code: str = ID, **values: Any) -> Jurisdiction:
    """STREET answers to Open311 as CODE, and its pages are public."""
    hand = make_user("system_admin")
    grid_actions.set_public_page(street=street, is_open=True, phone="010-12345678", words="", by=hand, at=MONDAY)
    return add_jurisdiction(street=street, code=code, **{"is_open": True, **values}, by=hand, at=MONDAY)


def open_all(cast: Cast, place: Street | None = None) -> Jurisdiction:
    """The street of CAST with its matter made public."""
    Category.objects.filter(pk=cast.category.pk).update(public=True, keywords=["纸箱", "杂物"])
    return open_jurisdiction((place or cast.place).street)


def get(path: str, *, wanted: int = 200, **asked: Any) -> Any:
    """PATH, like "services", in both formats; answers what both say, as the standard's JSON has it."""
    said = {}
    for form, kind in (("xml", "text/xml"), ("json", "application/json")):
        answer = Client().get(f"{path if path.startswith('/') else ROOT + path}.{form}", asked)
        assert answer.status_code == wanted, answer.content.decode()
        assert answer["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer["Access-Control-Allow-Origin"] == "*"
        said[form] = read_xml(answer.content) if form == "xml" else json.loads(answer.content)
    assert said["xml"] == as_text(said["json"])
    return said["json"]


def read_xml(body: bytes) -> Any:
    """BODY by the Spark convention, all values as text; every element known and in its place."""
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
    return spark(ET.fromstring(body))


def spark(element: ET.Element) -> Any:
    assert not element.attrib
    if element.tag in {*HELD, "service_requests"}:
        one, names = HELD.get(element.tag, ("request", ()))
        assert {child.tag for child in element} <= {one}
        for child in element:
            tags = tuple(part.tag for part in child)
            assert element.tag == "service_requests" or tags[: len(names)] == names, tags
            assert element.tag != "service_requests" or tags in {REQUEST, MADE, TOKEN}, tags
        return [spark(child) for child in element]
    if len(element):
        return {child.tag: spark(child) for child in element}
    return element.text


def as_text(value: Any) -> Any:
    """JSON as XML says it."""
    if isinstance(value, dict):
        return {name: as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def errors(answer: Any) -> list[tuple[int, str]]:
    """(code, description) of each error of an XML ANSWER, whose codes are its status."""
    found = spark(ET.fromstring(answer.content))
    assert found
    assert {int(one["code"]) for one in found} == {answer.status_code}
    assert all(one["description"] for one in found)
    return [(int(one["code"]), one["description"]) for one in found]
