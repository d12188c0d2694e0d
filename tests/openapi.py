"""Every answer that a test client gets under /api/v1/ is held against the committed openapi.yaml.

An answer the document doesn't know, a field it doesn't name, a value of another type: each fails the test that asked.
"""

import copy
import datetime as dt
import json
import re
from collections.abc import Callable
from fnmatch import fnmatch
from functools import cache, wraps
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

OPENAPI = Path(__file__).parent.parent / "openapi.yaml"
PREFIX = "/api/v1/"
# The document and its page describe the rest and not themselves.
UNDESCRIBED = (f"{PREFIX}schema/", f"{PREFIX}docs/")
HINT = "If the change is meant: make openapi"

_formats = FormatChecker(formats=("date", "uuid", "email", "ipv4", "ipv6"))


@_formats.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


class CheckedClient(APIClient):
    """An APIClient. Its answers must be what openapi.yaml promises, as those of every test client (tests/conftest.py)."""


def client_of(user: Any) -> CheckedClient:
    """Signed in as another system would be: with a token."""
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


def checked(ask: Callable[..., Any]) -> Callable[..., Any]:
    """ASK, a test client's `request`, with a look at each answer."""

    @wraps(ask)
    def ask_and_check(client: Any, **environ: Any) -> Any:
        answer = ask(client, **environ)
        sparse = "fields=" in environ.get("QUERY_STRING", "")
        check(environ["REQUEST_METHOD"], environ["PATH_INFO"], answer, sparse=sparse)
        return answer

    return ask_and_check


def check(method: str, path: str, answer: Any, *, sparse: bool = False) -> None:
    """Raise AssertionError where ANSWER to METHOD PATH is not as the document says; one of `fields` is SPARSE, and may
    lack what was not asked for."""
    if not path.startswith(PREFIX) or path.startswith(UNDESCRIBED) or method in {"HEAD", "OPTIONS"}:
        return
    if answer.get("Idempotency-Replayed"):
        return  # as it was looked at when it was first given
    where = f"{method} {path} answered {answer.status_code}"
    content = _promised(method.lower(), path, answer.status_code, where)
    if not content:
        assert answer.streaming or not answer.content, f"{where} with a body; openapi.yaml promises none. {HINT}"
        return
    kind = answer.get("Content-Type", "").split(";")[0]
    promised = next((media for media in content if fnmatch(kind, media)), None)
    assert promised, f"{where} as {kind}; openapi.yaml promises {', '.join(content)}. {HINT}"
    if kind.endswith("json") and not answer.streaming:
        sparse = sparse and answer.status_code == 200
        fault = fault_of(content[promised].get("schema", {}), json.loads(answer.content), sparse=sparse)
        assert fault is None, f"{where}, at {fault.json_path}: {fault.message[:500]}. {HINT}"


def fault_of(schema: Any, value: Any, *, sparse: bool = False) -> Any:
    """What SCHEMA, of openapi.yaml, has against VALUE; None where it has nothing."""
    return best_match(_validator(json.dumps(schema), sparse).iter_errors(value))


def _promised(method: str, path: str, status: int, where: str) -> dict[str, Any]:
    """The kinds of content that the answer may have, each with its schema; none where no body is promised."""
    operations = next((ops for pattern, ops in _paths() if pattern.fullmatch(path)), None)
    if operations is None or method not in operations:
        # An address or method that isn't there must say so in the shape of every refusal.
        assert status in {400, 401, 403, 404, 405}, f"{where}, but openapi.yaml knows no such operation. {HINT}"
        return {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    responses = operations[method]["responses"]
    assert str(status) in responses, f"{where}; openapi.yaml promises {', '.join(responses)}. {HINT}"
    promised = responses[str(status)]
    if "$ref" in promised:
        promised = document()["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    content: dict[str, Any] = promised.get("content", {})
    return content


@cache
def document() -> dict[str, Any]:
    """openapi.yaml as committed."""
    return yaml.load(OPENAPI.read_text(encoding="utf-8"), yaml.CSafeLoader)


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Patterns of addresses with their operations, those with fewer variables first."""
    paths = sorted(document()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), ops) for path, ops in paths]


@cache
def _registry(sparse: bool) -> Registry:
    """The document with every object closed: a field that isn't described is a fault."""
    strict = copy.deepcopy(document())
    _close(strict["components"]["schemas"], sparse)
    return Registry().with_resource("urn:openapi", Resource(contents=strict, specification=DRAFT202012))


def _close(node: Any, sparse: bool) -> None:
    if isinstance(node, dict):
        if sparse:
            node.pop("required", None)
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for value in node.values():
            _close(value, sparse)
    elif isinstance(node, list):
        for value in node:
            _close(value, sparse)


@cache
def _validator(schema: str, sparse: bool) -> Draft202012Validator:
    pointed = schema.replace('"#/components/', '"urn:openapi#/components/')
    return Draft202012Validator(json.loads(pointed), registry=_registry(sparse), format_checker=_formats)
