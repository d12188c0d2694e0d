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


def names_of(keys: list[int]) -> dict[int, str]:
    """{key: name} of resources; a talent is a person, and has a number here."""
    rows = Resource.objects.filter(pk__in=keys).values_list("pk", "kind", "name")
    return {pk: f"#{pk}" if kind == ResourceKind.TALENT else name for pk, kind, name in rows}
