"""Contact persons of resources as data that is kept."""

from typing import Any

from django.db.models import QuerySet

from gridgov.core import keeping
from grids.queries import heavy
from resources.choices import ResourceKind
from resources.models import Resource


def resources_of(person: keeping.Person) -> QuerySet[Resource]:
    """Resources whose contact has the phone of PERSON."""
    return Resource.objects.about_phone(person.phone).select_related("grid").defer(*heavy("grid"))


def copy_of(row: Resource) -> dict[str, Any]:
    return {"resource": row.name, "contact": row.contact_name, "phone": row.contact_phone, "agreed_on": row.consented_on,
            "open": row.is_contact_open}  # fmt: skip


def label_of(row: Resource) -> str:
    """Its name; a talent is a person, and has a number here."""
    return f"#{row.pk}" if row.kind == ResourceKind.TALENT else row.name


def names_of(keys: list[int]) -> dict[int, str]:
    """{key: `label_of`} of resources."""
    return {row.pk: label_of(row) for row in Resource.objects.filter(pk__in=keys).only("kind", "name")}
