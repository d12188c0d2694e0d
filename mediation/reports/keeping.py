"""Files of disputes as data that is kept: who is a party is told to nobody but the file's keeper, only how many there are."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from gridgov.core import keeping
from mediation.models import Expert, Mediation, Mediator, Party, Volume


def parties_of(person: keeping.Person) -> QuerySet[Party]:
    """Parties with the phone of PERSON, their own or their agent's."""
    return Party.objects.about_phone(person.phone).select_related("mediation")


def mediators_of(person: keeping.Person) -> QuerySet[Mediator]:
    return Mediator.objects.about_phone(person.phone).for_list()


def experts_of(person: keeping.Person) -> QuerySet[Expert]:
    return Expert.objects.about_phone(person.phone).for_list()


def volumes_due(at: dt.datetime) -> QuerySet[Volume]:
    return Volume.objects.filter(expires_at__lte=at)


def copy_of_person(row: Mediator | Expert) -> dict[str, Any]:
    """What stands about a mediator or an expert."""
    return {"name": row.name, "phone": row.phone, "kind": str(row)}


def numbers_of(keys: list[int]) -> dict[int, str]:
    """{key: volume number} of files; the key where it has none yet."""
    return {pk: no or f"#{pk}" for pk, no in Mediation.objects.filter(pk__in=keys).values_list("pk", "no")}
