"""Whoever connects a system finds an example, in Chinese, of every request and every answer; and each is a true one."""

import json
from collections.abc import Iterator
from typing import Any

from gridgov.core.api_examples import JSON, table
from tests.house.exemptions import judge
from tests.openapi import document, fault_of


def contents() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where it stands, of what kind it is, and what openapi.yaml says: each body of each operation."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            bodies = {"asks": operation.get("requestBody", {})}
            bodies |= {status: told for status, told in operation["responses"].items() if status.startswith("2")}
            for name, body in bodies.items():
                for kind, told in body.get("content", {}).items():
                    yield f"{where} {name} {kind}", kind, told


def test_every_request_and_answer_has_an_example_that_its_schema_takes() -> None:
    faults = {}
    for where, kind, told in contents():
        if kind in JSON:
            fault = fault_of(told["schema"], told["example"]) if "example" in told else None
            if "example" not in told or fault is not None:
                faults[where] = f"{fault.json_path}: {fault.message[:200]}" if fault else "has no example"
        elif kind in table()["texts"] and "example" not in told:
            faults[where] = "has no example"
    judge(faults, {}, "Examples in openapi.yaml (gridgov/core/api_examples.yaml):")


def test_the_table_names_what_there_is() -> None:
    known = document()["components"]["schemas"]
    faults = {
        shape: "has no such fields"
        for shape, whole in table()["shapes"].items()
        if shape not in known or not whole.keys() <= known[shape]["properties"].keys()
    }
    judge(faults, {}, "api_examples.yaml:")


def test_examples_speak_chinese() -> None:
    said = json.dumps([told.get("example") for _where, _kind, told in contents()], ensure_ascii=False)
    assert "楼道堆物" in said
    assert '"string"' not in said
