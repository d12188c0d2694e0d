"""Nonsense in every form of a case: told in words, never an error 500; and the case stays as it was. Those of the other pages of
the desk are filled in where they are read (tests/house/test_pages.py)."""

from typing import Any

import pytest
from django import forms
from django.db import transaction

from cases.admin.case import CaseAdmin
from cases.choices import CaseState
from cases.models import Application, Case, Order, Photo, Supervision
from gridgov.core.models import Record
from tests.cases.desk import desk, report, verb_of, walk
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
NONSENSE = {"nothing": "", "null": "\x00", "far too big": "9" * 40, "long": "长" * 20_000}
STATES = (CaseState.SUBMITTED, CaseState.HANDLING, CaseState.COMPLETED, CaseState.CLOSED)


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def everything() -> list[Any]:
    tables: Any = (Case, Order, Application, Supervision, Photo)
    records = Record.objects.exclude(verb="accounts.signed_in").count()
    return [*(list(table.objects.order_by("pk").values()) for table in tables), records]


def fields_of(page: Any) -> list[str]:
    form = page.context["form"]
    return [name for name, field in form.fields.items() if not isinstance(field, forms.FileField)]


def post(client: Any, address: str, given: dict[str, str]) -> tuple[int, bool]:
    """The answer's status, and whether anything had changed; taken back afterwards."""
    before = everything()
    with transaction.atomic():
        status = client.post(address, given).status_code
        changed = everything() != before
        transaction.set_rollback(True)
    return status, changed


def test_nonsense_in_every_form(cast: Cast) -> None:
    """Each verb once: in the first state, and by the first hand, that it opens to."""
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    for state in STATES:
        case = report(cast) if state == CaseState.SUBMITTED else walk(cast, state)
        for user in (cast.street, cast.lead, cast.unit_staff):
            client = desk(user)
            tried = {name for name, _said in found}
            for verb in (verb for verb in CaseAdmin.verbs if verb.name not in tried):
                page = client.get(verb_of(case, verb.name))
                names = fields_of(page) if page.status_code == 200 else []
                for said, value in NONSENSE.items() if names else ():
                    found[verb.name, said] = post(client, verb_of(case, verb.name), dict.fromkeys(names, value))
    assert len(found) >= 20 * len(NONSENSE), sorted(found)
    # What an optional note can be is taken; all else is refused, and a refusal leaves no trace.
    assert {
        key: got for key, got in found.items() if got not in {(400, False), (409, False), (302, True), (200, True)}
    } == {}
    assert {key: got for key, got in found.items() if key[1] in {"null", "long"} and got[1]} == {}
