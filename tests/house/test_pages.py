"""What the desk shows, page by page and hand by hand, is Chinese to the last word, packages' words included; and nonsense in its
forms is told in words."""

import re
from collections.abc import Iterable
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from tests.cases.desk import walk
from tests.factories import Cast, make_cast, make_user
from tests.front.forms import with_nonsense
from tests.house.exemptions import judge
from tests.house.rows import make_all
from tests.house.test_addresses import addresses

pytestmark = pytest.mark.django_db

# Names, formats, keys and units that are the same in Chinese.
SAME = frozenset(
    [
        "gridgov",
        "Alt",
        "esc",
        "CSV",
        "Open",  # Open311
        "XLSX",
        "TLS",
        "noeviction",  # a word of Valkey's settings
        "PDF",
        "DOCX",
        "ics",
        "GeoJSON",
        "Polygon",
        "SHA",
        "English",
        "PostgreSQL",
        "Django",
        "Python",
    ]
)
CODES = re.compile(
    r"[a-z_]+(\.[a-z_]+)+(:\d+)?|[a-z0-9-]+:[a-z]+|[0-9a-f]{10,}…?|https?://\S*|zh-hans|type|coordinates|[Jj]urisdiction_id|www"
)
# Each hand, and how many pages of the desk it reads at least.
SEEN = {
    "street": 50, "lead": 40, "worker": 35, "unit_staff": 30, "system_admin": 45, "security_admin": 14,
    "auditor": 13,
}  # fmt: skip
# Who types nonsense into what they read, and into how many forms at least. Lists have filters and ticks only, but that of cases;
# the verbs of a case are tried in tests/front/test_odd_forms.py.
FORMS = {"street": 35, "system_admin": 25, "security_admin": 7}
NO_FORMS = re.compile(r"/(history|delete)/$|\?q=|/case/\d+/do/|^/admin/(?!cases/case/)\w+/\w+/$")


class Visible(HTMLParser):
    """Collects what a person sees or a screen reader says of a page."""

    SILENT = ("script", "style", "code", "template", "title")

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        icon = "material-symbols" in (about.get("class") or "")
        if self.hidden and tag == self.hidden[0].split()[0]:
            self.hidden.append(tag)
        elif not self.hidden and (tag in self.SILENT or icon or "x-text" in about):
            self.hidden = [tag]
        self.said += [about[name] or "" for name in ("title", "aria-label", "placeholder", "alt") if name in about]

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag == self.hidden[0]:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def english(page: str, names: Iterable[str] = ()) -> set[str]:
    """Pieces of visible text with a word of three Latin letters or more that is none of NAMES and the same in no Chinese."""
    reader = Visible()
    reader.feed(page)
    found = set()
    for text in {" ".join(text.split()) for text in reader.said}:
        rest = CODES.sub("", text)
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, "")
        if set(re.findall(r"[A-Za-z]{3,}", rest)) - SAME:
            found.add(text)
    return found


@pytest.fixture
def cast(own_media: None) -> Cast:
    cast = make_cast()
    make_all(cast)
    for state in ("submitted", "handling", "completed", "closed"):
        walk(cast, state)
    return cast


def hand(cast: Cast, name: str) -> User:
    return getattr(cast, name, None) or make_user(Role(name), username=name)


@pytest.mark.parametrize("name", SEEN)
def test_a_hand_reads_chinese_everywhere_and_nonsense_is_told_in_words(cast: Cast, name: str) -> None:
    user = hand(cast, name)
    names = set(User.objects.values_list("username", flat=True))
    client = Client(headers={"accept-language": "zh-CN,zh;q=0.9"})
    client.force_login(user)
    # An administrator is signed in once: the same session, whatever becomes of it by what is typed.
    typing = Client(raise_request_exception=False)
    typing.cookies = deepcopy(client.cookies)
    answers: dict[tuple[str, ...], int] = {}
    faults = {}
    read = set()
    for url in pages_of(user):
        answer: Any = client.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            read.add(url)
            words = answer.content.decode()
            found = english(words, names)
            if found:
                faults[url] = " | ".join(sorted(found)[:8])
            if name in FORMS and not NO_FORMS.search(url):
                with_nonsense(typing, url, words, answers)
        else:
            assert answer.status_code in {200, 302, 403, 404, 405}, url
    judge(faults, {}, f"Pages of {name} speak Chinese:")
    # Enough was seen for that to mean something.
    assert len(read) >= SEEN[name], sorted(read)
    assert {key: status for key, status in answers.items() if status >= 500} == {}
    assert len(answers) >= FORMS.get(name, 0), sorted(answers)


def pages_of(user: User) -> list[str]:
    """Every address of the desk, once; where it is about one row, the newest that USER sees; for the office two cases."""
    urls = []
    for address in addresses():
        match = re.match(r"/admin/(\w+)/(\w+)/1/", address.url)
        if address.name == "privacy_term":
            urls.append(address.url.replace("/1/", "/accounts.download/"))
            continue
        if not address.url.startswith("/admin/") or address.url.startswith(("/admin/logout/", "/admin/r/")):
            continue
        if match is None or match[1] not in apps.app_configs:
            urls.append(address.url)
            continue
        model = apps.get_model(match[1], match[2])
        rows = model._default_manager.all()
        rows = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        verbs = [verb.name for verb in getattr(admin.site._registry[model], "verbs", ())]
        # The office looks at one that is done and one that is closed besides; of others is read what only they see of it.
        for row in rows.order_by("-pk")[: 2 if model is Case and user.role == Role.STREET else 1]:
            url = address.url.replace("/1/", f"/{row.pk}/", 1)
            urls += [url.replace("/do/1/", f"/do/{verb}/") for verb in verbs] if "/do/" in url else [url]
        urls.append(f"/admin/{match[1]}/{match[2]}/?q=zz")
    return list(dict.fromkeys(urls))


def test_the_door_speaks_chinese() -> None:
    answer: Any = Client().get(reverse("admin:login"))
    assert english(answer.content.decode()) == set()


def test_who_asks_for_english_gets_it() -> None:
    answer: Any = Client(headers={"accept-language": "en"}).get(reverse("admin:login"))
    said = answer.content.decode()
    assert "Log in" in said and 'lang="en' in said
