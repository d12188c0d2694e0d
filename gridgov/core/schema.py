"""What the OpenAPI document says about every address alike: parameters, refusals, words and examples."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from gridgov.core.api import ScopedViewSet
from gridgov.core.api_words import words
from gridgov.core.asking import FIELDS, names_of

CHANGES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


class Schema(AutoSchema):
    """drf-spectacular's, with what the bases of gridgov.core.api bring. Docstrings are for whoever reads the source;
    who connects a system reads the words of api_words.yaml."""

    view: Any

    def get_summary(self) -> str | None:
        told: str | None = super().get_summary()
        action = getattr(self.view, "action", "")
        if told is None and self._scoped and action in {"list", "retrieve"}:
            name = self.view.queryset.model._meta.verbose_name
            return _("List: %(name)s") % {"name": name} if action == "list" else _("One: %(name)s") % {"name": name}
        return told

    def get_description(self) -> str:  # type: ignore[override]
        told: str = words()["descriptions"].get(self.get_operation_id(), "")
        return told

    def is_deprecated(self) -> bool:
        name = getattr(self.view, "action", None) or self.method.lower()
        return bool(super().is_deprecated()) or name in getattr(self.view, "deprecated", ())

    def get_override_parameters(self) -> list[Any]:
        if not self._scoped or not self.view.tagged:
            return []
        action, own_row = self.view.action, self.view.detail
        if self.method in CHANGES:
            return [_if_match()] if own_row else []
        return [_if_none_match(), *([_fields(self.view)] if action in {"list", "retrieve"} else [])]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"] |= {str(status): _refused(status) for status in getattr(self.view, "refusals", ())}
        return operation

    @property
    def _scoped(self) -> bool:
        return isinstance(self.view, ScopedViewSet)


def _fields(view: Any) -> OpenApiParameter:
    names = {"type": "array", "items": {"type": "string", "enum": list(names_of(view.get_serializer_class()))}}
    told = _("Only these fields, separated by commas.")
    return OpenApiParameter(FIELDS, names, description=told, explode=False, style="form")


def _if_none_match() -> OpenApiParameter:
    told = _("The ETag of an answer that the caller has: 304 where nothing is new.")
    return OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=told)


def _if_match() -> OpenApiParameter:
    told = _("The ETag of the detail that the caller has read: 412 where it has changed since. May be left out.")
    return OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=told)


_TEXT = {"type": "string"}
ERRORS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"enum": ["validation_error", "client_error", "server_error"]},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"code": _TEXT, "detail": _TEXT, "attr": {"type": ["string", "null"]}},
                "required": ["code", "detail", "attr"],
            },
        },
    },
    "required": ["type", "errors"],
}


def with_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: each operation names the refusals it may answer, all in one shape."""
    result["components"]["schemas"]["Errors"] = {**ERRORS, "description": words()["errors"]["shape"]}
    refusals = words()["errors"]["answers"]
    result["components"]["responses"] = {
        str(about["name"]): {
            "description": about["told"],
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Errors"},
                    "example": {"type": about["type"], "errors": [about["example"]]},
                }
            },
        }
        for about in refusals.values()
    }
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _refusals(path, method, operation):
                operation["responses"].setdefault(str(status), _refused(status))
            if any(parameter["name"] == "If-None-Match" for parameter in operation.get("parameters", ())):
                operation["responses"]["304"] = {"description": words()["errors"]["unchanged"]}
    return result


def _refused(status: int) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{words()['errors']['answers'][status]['name']}"}


def _asks_who(operation: dict[str, Any]) -> bool:
    return {} not in operation.get("security", [{}])


def _refusals(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    found = {400, 403, 406, 429, 503}
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    if _asks_who(operation):
        found.add(401)
    if "{" in path or method == "get":
        found.add(404)
    if method != "get":
        found |= {401, 404, 409, 413, 415, 422}
    if "If-Match" in parameters:
        found.add(412)
    return sorted(found)


KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{8,64}$"},
}


def with_keys(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Another hook: every change by somebody who is known takes a key under which it is done once (gridgov.core.idempotency)."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method != "get" and _asks_who(operation):
                operation.setdefault("parameters", []).append({**KEY, "description": words()["key"]})
    return result


def in_3_1(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Another hook: DRF's pages still say `nullable`, a word that OpenAPI 3.1 does not know."""
    for schema in result["components"]["schemas"].values():
        for value in schema.get("properties", {}).values():
            if value.pop("nullable", False):
                value["type"] = [value["type"], "null"]
    return result
