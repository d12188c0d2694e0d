"""Nonsense in every form: told in words, never an error 500; and a case stays as it was."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client

from cases.admin.case import CaseAdmin
from cases.choices import CaseState
from cases.models import Application, Case, Order, Photo, Supervision
from gridgov.core.models import Record
from tests.cases.desk import desk, report, verb_of, walk
from tests.factories import Cast, make_cast
from tests.house.rows import make_all
from tests.house.test_pages import hand, pages_of

pytestmark = pytest.mark.django_db
NONSENSE = {"nothing": "", "null": "\x00", "far too big": "9" * 40, "long": "长" * 20_000}
# Each hand, and in how many forms of the desk it fills in something at least.
FORMS = {"street": 35, "system_admin": 25, "security_admin": 7}
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


@pytest.mark.parametrize("state", STATES)
def test_nonsense_in_every_form(cast: Cast, state: str) -> None:
    case = report(cast) if state == CaseState.SUBMITTED else walk(cast, state)
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    for user in (cast.street, cast.lead, cast.unit_staff):
        client = desk(user)
        tried = {name for name, _said in found}
        for verb in (verb for verb in CaseAdmin.verbs if verb.name not in tried):
            page = client.get(verb_of(case, verb.name))
            names = fields_of(page) if page.status_code == 200 else []
            for said, value in NONSENSE.items() if names else ():
                found[verb.name, said] = post(client, verb_of(case, verb.name), dict.fromkeys(names, value))
    assert len(found) >= len(NONSENSE)
    # What an optional note can be is taken; all else is refused, and a refusal leaves no trace.
    assert {
        key: got for key, got in found.items() if got not in {(400, False), (409, False), (302, True), (200, True)}
    } == {}
    assert {key: got for key, got in found.items() if key[1] in {"null", "long"} and got[1]} == {}


@dataclass
class Form:
    """A form as a browser would send it: where to, what it brings along by itself, and what a person fills in."""

    action: str
    given: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page that are posted and in which something is filled in."""

    def __init__(self, url: str, page: str) -> None:
        super().__init__()
        self.url, self.all, self.inside = url, list[Form](), False
        self.feed(page)

    @property
    def found(self) -> list[Form]:
        return [form for form in self.all if form.typed]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = about.get("method", "get").lower() == "post"
            self.all += [Form(about.get("action") or self.url)] if self.inside else []
        name, kind = about.get("name", ""), about.get("type", tag)
        if not self.inside or not name or tag not in {"input", "textarea", "select", "button"} or kind == "file":
            return
        if tag == "button" or kind in {"hidden", "checkbox", "radio", "submit"}:
            self.all[-1].given.setdefault(name, about.get("value", ""))
        else:
            self.all[-1].typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


@pytest.mark.parametrize("name", ["street", "system_admin", "security_admin"])
def test_nonsense_in_every_form_of_the_desk(cast: Cast, name: str) -> None:
    """Of the pages of a hand, as they come; the verbs of a case have their own test above."""
    make_all(cast)
    user = hand(cast, name)
    client: Any = Client(raise_request_exception=False)
    client.force_login(user)
    nonsense = ("\x00", "9" * 40, "长" * 20_000)
    answers: dict[tuple[str, ...], int] = {}
    for url in pages_of(user):
        # Lists have filters and ticks only, but that of cases.
        if re.search(r"/(history|delete)/$|\?q=|/case/\d+/do/|^/admin/(?!cases/case/)\w+/\w+/$", url):
            continue
        page = client.get(url)
        html = page.status_code == 200 and page["Content-Type"].startswith("text/html")
        for form in Forms(url, page.content.decode()).found if html else ():
            key = (form.action, *form.typed)
            if key in answers:
                continue
            filled = {one: nonsense[(number + len(answers)) % 3] for number, one in enumerate(form.typed)}
            with transaction.atomic():
                answers[key] = client.post(form.action, form.given | filled).status_code
                transaction.set_rollback(True)
    assert {key: status for key, status in answers.items() if status >= 500} == {}
    assert len(answers) >= FORMS[name], sorted(answers)
