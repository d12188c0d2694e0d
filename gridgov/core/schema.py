"""What the OpenAPI document says about every address alike."""

from typing import Any

_TEXT = {"type": "string"}
ERRORS: dict[str, Any] = {
    "type": "object",
    "description": "The one shape of every refusal (gridgov.core.errors).",
    "properties": {
        "type": {"enum": ["validation_error", "client_error", "server_error"]},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "code": _TEXT,
                    "detail": {**_TEXT, "description": "In the language asked for (Accept-Language)."},
                    "attr": {"type": ["string", "null"], "description": "The field at fault, if it is one."},
                },
                "required": ["code", "detail", "attr"],
            },
        },
    },
    "required": ["type", "errors"],
}


def with_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: every operation may answer with Errors."""
    result["components"]["schemas"]["Errors"] = ERRORS
    answer = {
        "description": "400, 401, 403, 404, 405, 409, 415, 422, 429, 503",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result


KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{8,64}$"},
    "description": "Sent again under the same key within thirty days, the same request is done once and answered alike; "
    "another request under that key is answered 422.",
}


def with_keys(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Another hook: every change takes a key under which it is done once (gridgov.core.idempotency)."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method != "get":
                operation.setdefault("parameters", []).append(KEY)
    return result


def in_3_1(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Another hook: DRF's pages still say `nullable`, a word that OpenAPI 3.1 does not know."""
    for schema in result["components"]["schemas"].values():
        for value in schema.get("properties", {}).values():
            if value.pop("nullable", False):
                value["type"] = [value["type"], "null"]
    return result
