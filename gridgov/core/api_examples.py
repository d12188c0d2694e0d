"""An example for each request and answer in openapi.yaml, put together from its own schema and from words in Chinese.

Words stand in api_examples.yaml: `shapes` holds whole requests and answers, `fields` a value by a field's name. What stands
nowhere is made from its type, so that every operation has an example and none can contradict its schema
(tests/contract/test_examples.py).
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_suffix(".yaml")
JSON = ("application/json", "application/geo+json", "multipart/form-data")
_FORMATS = {
    "date": "2026-09-07",
    "date-time": "2026-09-07T09:30:00+08:00",
    "uri": "https://jiedao.example.cn/api/v1/",
    "uuid": "7f9c24e8-3b12-4a0f-9d8e-6d1c5a2b3e4f",
    "decimal": "1.00",
}
# Deeper than this nothing is shown: shapes may hold themselves.
_DEPTH = 6


@cache
def table() -> dict[str, Any]:
    """The words, as the file holds them."""
    found: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def with_examples(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: each request and each good answer has an example."""
    shapes = result["components"]["schemas"]
    for operations in result["paths"].values():
        for operation in operations.values():
            _dress(operation.get("requestBody", {}).get("content", {}), shapes, asked=True)
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    _dress(answer.get("content", {}), shapes)
    return result


def _dress(content: dict[str, Any], shapes: dict[str, Any], *, asked: bool = False) -> None:
    for kind, told in content.items():
        if kind in JSON and not {"example", "examples"} & told.keys():
            told["example"] = example_of(told.get("schema", {}), shapes, asked=asked)
        elif kind in table()["texts"]:
            told["example"] = table()["texts"][kind]


def example_of(
    schema: dict[str, Any], shapes: dict[str, Any], *, name: str = "", asked: bool = False, depth: int = 0
) -> Any:
    """A value that SCHEMA takes, called NAME; SHAPES are the document's. What is ASKED for has only what must be there."""
    more: dict[str, Any] = {"shapes": shapes, "asked": asked, "depth": depth + 1}
    held = schema["$ref"].rpartition("/")[2] if "$ref" in schema else ""
    if held and "properties" in shapes[held]:
        return _object(shapes[held], table()["shapes"].get(held, {}), **more)
    within = (
        shapes[held]
        if held
        else next((schema[word][0] for word in ("allOf", "oneOf", "anyOf") if word in schema), None)
    )
    said = schema.get("const", schema.get("default"))
    if isinstance(said, (str, int, float)) and said != "":
        return said
    if within is not None:
        return example_of(within, name=name, **more)
    return schema["enum"][0] if "enum" in schema else _of_kind(schema, name, **more)


def _of_kind(schema: dict[str, Any], name: str, **more: Any) -> Any:
    known, kind = table()["fields"].get(name, ...), schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if known is None and "null" in kinds:
        return None
    if "object" in kinds:
        return _object(schema, {}, **more) if "properties" in schema else {} if known is ... else known
    if "array" in kinds:
        one = example_of(schema.get("items", {}), name=name, **more)
        return [one] * schema.get("minItems", 1) if more["depth"] < _DEPTH else []
    return _plain(schema, kinds, name)


def _object(schema: dict[str, Any], whole: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The properties of SCHEMA: those that WHOLE says, and of the others those that must be there."""
    needed = schema.get("required", ()) if more["asked"] or more["depth"] > _DEPTH else schema["properties"]
    return {
        name: whole[name] if name in whole else example_of(value, name=name, **more)
        for name, value in schema["properties"].items()
        if name in whole or name in needed
    }


def _plain(schema: dict[str, Any], kinds: list[Any], name: str) -> Any:
    known = table()["fields"].get(name)
    if "string" in kinds:
        otherwise = table()["content" if schema.get("format") == "binary" else "otherwise"]
        text = _FORMATS.get(schema.get("format", "")) or (known if isinstance(known, str) else otherwise)
        return text[: schema.get("maxLength", len(text))]
    if "integer" in kinds or "number" in kinds:
        number = known if isinstance(known, (int, float)) and not isinstance(known, bool) else 1
        number = min(max(number, schema.get("minimum", number)), schema.get("maximum", number))
        return number if "number" in kinds else int(number)
    return True if "boolean" in kinds else known
