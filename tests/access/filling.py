"""Well-formed values: rows of tables that no maker makes, forms as somebody would fill them in, bodies as openapi.yaml shows them."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from grids.models import Grid
from tests.cases.test_api import jpeg
from tests.factories import MONDAY
from tests.openapi import document

SOON, FAR = dt.timedelta(days=1), dt.timedelta(days=900)
WORDS = "情况属实"
# Values of columns by their names, where their kind says too little.
KNOWN: dict[str, Any] = {
    "mime": "image/jpeg", "kind": None, "expires_at": MONDAY + FAR, "ends_at": MONDAY + FAR, "valid_from": MONDAY.date(),
    "page": "cases", "query": "state=handling", "ending": "csv", "file": None, "phone": "13800000001",
    "received": 1, "size": 1, "per_minute": 20, "scope": "",
}  # fmt: skip
TYPED = (
    "2026-12-24",
    "13800000001",
    "1",
    "5",
    WORDS,
    "110105001",
    "abc-def",
    "https://example.cn/a",
    "[]",
    "{}",
    "zh-hans",
    "12:00",
)


def fill(label: str, world: Any, **given: Any) -> Any:
    """A row of a table with what must be in it, of WORLD's street, its office and its rows."""
    model = apps.get_model(label)
    values = {
        one.name: _column(one, world) for one in model._meta.concrete_fields if one.name not in given and _needed(one)
    }
    row = model._base_manager.create(**values, **given)
    for name in ("file", "thumb"):
        if isinstance(getattr(row, name, None), str):
            path = settings.MEDIA_ROOT / getattr(row, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(jpeg())
    return row


def _needed(column: Any) -> bool:
    if isinstance(column, models.AutoField | models.BigAutoField):
        return False
    kept = {"file", "is_active", "finished_at", "verified_at"} & {column.name}
    return bool(kept) or not (column.has_default() or column.null or column.has_db_default())


def _column(column: Any, world: Any) -> Any:  # noqa: PLR0911
    if isinstance(column, models.ForeignKey | models.OneToOneField):
        return _kin(column, world)
    if column.name == "file" and isinstance(column, models.CharField):
        return f"access/{uuid.uuid4().hex}.jpg"
    if KNOWN.get(column.name) is not None:
        return KNOWN[column.name]
    if column.choices:
        return next(value for value, _label in column.flatchoices if value != "")
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    if isinstance(column, models.DateTimeField):
        return MONDAY
    if isinstance(column, models.DateField):
        return MONDAY.date()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, models.IntegerField | models.FloatField):
        return 1
    return uuid.uuid4().hex[: column.max_length or 64]


def _kin(column: Any, world: Any) -> Any:
    kind = column.related_model
    if kind is Grid:
        return world.cast.place.street
    return world.cast.street if kind._meta.label_lower == "accounts.user" else world.row(kind._meta.label_lower)


# --- forms -----------------------------------------------------------------------------------------------------------


def forms_in(context: Any) -> Iterator[Any]:
    """The forms that a page was given to draw, those of its lines with the fields that keep them together."""
    flat = context.flatten() if hasattr(context, "flatten") else dict(context or {})
    for value in flat.values():
        if isinstance(value, AdminForm):
            yield value.form
        elif isinstance(value, forms.BaseForm):
            yield value
    for inline in flat.get("inline_admin_formsets", ()):
        yield inline.formset.management_form


def filled(form: Any) -> dict[str, Any]:
    """FORM as somebody would fill it in, by the names that a browser sends."""
    return {
        form.add_prefix(name): value
        for name, one in form.fields.items()
        if not one.disabled and (value := _value(form, name, one)) not in (None, "", [])
    }


def _value(form: Any, name: str, one: Any) -> Any:
    initial = form.get_initial_for_field(one, name)
    given = [initial] if isinstance(initial, str | int) and not isinstance(initial, bool) else []
    for value in (*given, *_candidates(one)):
        try:
            one.clean(value, initial) if isinstance(one, forms.FileField) else one.clean(value)
        except (ValidationError, ValueError, TypeError, OverflowError):
            continue
        return value
    return None


def _candidates(one: Any) -> list[Any]:
    if isinstance(one, forms.FileField):
        return [SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")]
    if isinstance(one, forms.ModelChoiceField):
        row = one.queryset.first()
        key = str(getattr(row, one.to_field_name or "pk")) if row is not None else None
        return [] if key is None else [[key] if isinstance(one, forms.ModelMultipleChoiceField) else key]
    if isinstance(one, forms.ChoiceField):
        flat = [value for group in one.choices for value in _flat(group)]
        keys = [str(value) for value in flat if value not in ("", None)][:1]
        return [keys] if isinstance(one, forms.MultipleChoiceField) else keys
    if isinstance(one, forms.BooleanField):
        return ["on"]
    return list(TYPED)


def _flat(choice: Any) -> list[Any]:
    value, label = choice
    return [key for key, _name in label] if isinstance(label, list | tuple) else [value]


# --- bodies ----------------------------------------------------------------------------------------------------------


def body_of(template: str, method: str, names: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and the body of an operation as openapi.yaml shows it, with NAMES of the world where it names something."""
    path = next((one for one in document()["paths"] if _same(one, template)), "")
    told = document()["paths"].get(path, {}).get(method, {}).get("requestBody", {}).get("content", {})
    kind = "application/json" if "application/json" in told or not told else next(iter(told))
    example = told.get(kind, {}).get("example", {})
    return kind, {name: _named(name, value, names) for name, value in example.items()} if isinstance(
        example, dict
    ) else {}


def _same(path: str, template: str) -> bool:
    one, two = path.split("/"), template.split("/")
    return len(one) == len(two) and all(
        a == b or (a[:1] == "{" and b[:1] == "{") for a, b in zip(one, two, strict=True)
    )


def _named(name: str, value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_named(name, one, names) for one in value]
    if isinstance(value, dict):
        return {key: _named(key, one, names) for key, one in value.items()}
    return names.get(name, value)
