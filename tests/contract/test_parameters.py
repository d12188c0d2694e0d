"""What may stand behind the ? of an address is what openapi.yaml says of it, no less and no more."""

import re

import pytest

from tests.factories import make_cast
from tests.house.exemptions import judge
from tests.openapi import client_of, document

pytestmark = pytest.mark.django_db


def test_every_address_takes_the_parameters_it_names_and_no_other() -> None:
    client, faults = client_of(make_cast().street), {}
    for path, operations in document()["paths"].items():
        if "get" not in operations:
            continue
        named = [one["name"] for one in operations["get"].get("parameters", ()) if one["in"] == "query"]
        url = re.sub(r"{\w+}", "1", path)
        known, strange = client.get(url, dict.fromkeys(named, "1")), client.get(url, {"nobody": "1"})
        refused = known.json()["errors"] if known.status_code == 400 else []
        if any(error["code"] == "unknown_parameter" for error in refused):
            faults[path] = f"does not know {refused[0]['attr']}"
        elif strange.status_code != 400 or strange.json()["errors"][0]["code"] != "unknown_parameter":
            faults[path] = f"lets ?nobody=1 pass: {strange.status_code}"
    judge(faults, {}, "Parameters of the API:")
