"""Ways round the gate: other methods, suffixes, parts of a file, tags that were kept, and what caches may hold."""

from typing import Any
from zlib import crc32

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.test import Client

from accounts.api.door import MUST
from accounts.choices import Role
from accounts.choices.signing import Must
from grids.choices import PostKind
from tests.access import table as tables
from tests.access.addresses import is_of_a_row, url_of
from tests.access.asking import DOOR, DOORS, OPENS, UNKNOWN, Asker, letter, quick
from tests.access.places import Place, places
from tests.access.shared import SHARED
from tests.access.walk import Walk, content_of, has_hand
from tests.access.world import Hand
from tests.factories import give
from tests.house.exemptions import Exemption, judge
from tests.signing import at_door, give_factor, make_person

TABLE = tables.read()
ROWS = [place for place in places() if is_of_a_row(place) and "get" in place.methods]


def _one(template: str) -> Place:
    return next(place for place in places() if place.template == template)


@pytest.mark.parametrize("name", ["b-unit", "expired", "nobody"])
def test_head_opens_nothing_that_get_does_not(walk: Walk, name: str) -> None:
    asker, faults = Asker(walk.hands[name]), {}
    with quick():
        for place in ROWS:
            if TABLE["GET", place.template][name] in {OPENS, tables.NOT_ASKED}:
                continue
            answer = asker.ask("head", url_of(place, walk.ours))
            if letter(place, "get", answer) == OPENS:
                faults[place.template] = f"HEAD is answered {answer.status_code}"
    judge(faults, {}, "HEAD opens what GET opens:")


MATTERS = {"/api/v1/categories/{code}/": SHARED["GET /api/v1/categories/{code}/"]}


def test_options_tell_nothing_of_a_row(walk: Walk) -> None:
    faults: dict[str, str] = {}
    with quick():
        for name in ("street", "nobody"):
            asker = Asker(walk.hands[name])
            for place in ROWS:
                if not place.template.startswith("/api/"):
                    continue
                near, none = (asker.ask("options", url_of(place, world)) for world in (walk.theirs, None))
                if near.status_code != none.status_code:
                    faults[place.template] = f"OPTIONS {near.status_code} as {name}, of none {none.status_code}"
                if name == "nobody" and near.status_code < 300 and TABLE["GET", place.template][name] != OPENS:
                    faults[place.template] = f"OPTIONS {near.status_code} as {name}"
    judge(faults, MATTERS, "OPTIONS:")


def test_no_suffix_no_override(walk: Walk) -> None:
    asker = Asker(walk.hands["b-unit"])
    case = url_of(_one("/api/v1/cases/{pk}/"), walk.ours)
    for odd in (
        f"{case[:-1]}.json",
        f"{case}?format=json",
        f"{case}.json",
        "/api/v1/cases.json",
        f"/zh-hans{case}",
        f"/en{case}",
    ):
        assert asker.ask("get", odd).status_code in {400, 404}, odd
    for header in ("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE", "HTTP_X_HTTP_METHOD"):
        assert asker.ask("post", case, {"_method": "GET"}, "application/json", **{header: "GET"}).status_code in {
            404,
            405,
        }


FILES = (
    "/api/v1/photos/{pk}/", "/api/v1/photos/{pk}/thumb/", "/api/v1/voices/{pk}/", "/api/v1/mediation-papers/{pk}/",
    "/api/v1/mediation-signatures/{pk}/", "/admin/accounts/download/{pk}/file/",
)  # fmt: skip


def test_a_part_or_a_kept_tag_opens_no_file(walk: Walk) -> None:
    """Whoever once saw a file and asks again with its tag, or for a part of it, is asked who they are as ever."""
    own = {name: Asker(walk.hands[name]) for name in ("street", "lead", "mediator")}
    others = [Asker(walk.hands[name]) for name in ("b-unit", "expired", "b-mediator", "nobody")]
    for template in FILES:
        url = url_of(_one(template), walk.ours)
        seen = next((answer for asker in own.values() if (answer := asker.ask("get", url)).status_code == 200), None)
        assert seen is not None, template
        assert content_of(seen) != ""
        assert "private" in seen["Cache-Control"] or "no-store" in seen["Cache-Control"], template
        tags = {
            "HTTP_IF_NONE_MATCH": seen.headers.get("ETag", "*"),
            "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT",
        }
        for asker in others:
            for headers in (tags, {"HTTP_RANGE": "bytes=0-9"}):
                status = asker.ask("get", url, **headers).status_code
                assert status in {302, 401, 403, 404}, (template, asker.hand.name, headers, status)


def test_a_kept_tag_of_the_api_opens_nothing(walk: Walk) -> None:
    owner, other = Asker(walk.hands["street"]), Asker(walk.hands["b-unit"])
    faults = {}
    with quick():
        for place in ROWS:
            if not place.template.startswith("/api/") or TABLE["GET", place.template]["b-unit"] != UNKNOWN:
                continue
            url = url_of(place, walk.ours)
            tag = owner.ask("get", url).headers.get("ETag")
            if tag and (status := other.ask("get", url, HTTP_IF_NONE_MATCH=tag).status_code) != 404:
                faults[place.template] = f"with the tag it is answered {status}"
    judge(faults, {}, "A tag opens nothing:")


# Answers about nobody, which a browser may keep.
KEPT: dict[str, Exemption] = {}


def test_no_cache_holds_what_is_somebodys(walk: Walk) -> None:
    """Pages of people who are signed in are kept nowhere, or asked about anew each time; nothing that needs a sign-in is public."""
    faults: dict[str, str] = {}
    with quick():
        for name in ("street", "helper"):
            asker = Asker(walk.hands[name])
            for place in places():
                line = TABLE.get(("GET", place.template), {})
                if (
                    line.get(name) != OPENS
                    or line["nobody"] == OPENS
                    or place.template in tables.ONCE
                    or not has_hand(asker.hand, place)
                ):
                    continue
                answer = asker.ask("get", url_of(place, walk.ours))
                said, varies = answer.headers.get("Cache-Control", ""), answer.headers.get("Vary", "").lower()
                if "public" in said or not (
                    "no-store" in said or "private" in said or "no-cache" in said or _varies(place, varies)
                ):
                    faults[place.template] = f"Cache-Control {said!r}, Vary {varies!r}"
    judge(faults, KEPT, "What is somebody's is kept by no cache:")


def _varies(place: Place, varies: str) -> bool:
    return (
        ("authorization" in varies or "cookie" in varies) if place.template.startswith("/api/") else "cookie" in varies
    )


AWAY = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "https:evil.example",
    "///evil.example",
)


@pytest.mark.parametrize("where", AWAY)
def test_no_way_back_leads_away(walk: Walk, where: str) -> None:
    """`next` leads to a page of the house or to none."""
    asker = Asker(walk.hands["street"])
    for url in ("/m/login/", "/admin/login/", "/m/look/", "/i18n/setlang/", "/m/logout/"):
        for answer in (
            asker.ask("post", f"{url}", {"next": where, "language": "en"}),
            asker.ask("get", f"{url}?next={where}"),
        ):
            to: Any = answer.headers.get("Location", "/")
            assert to.startswith("/") and not to.startswith(("//", "/\\")), (url, to)
            assert to.startswith(DOORS) or "evil" not in to.partition("?")[0]


@pytest.mark.parametrize("must", [Must.CODE, Must.PASSWORD])
def test_whoever_is_half_in_is_nobody(walk: Walk, must: Must) -> None:
    """The password was shown; the code of the second factor, or a password of one's own, is still to come. Until then each page
    answers as it does to nobody: an eighth of them is asked."""
    faults, asked = {}, 0
    with transaction.atomic():
        half = make_person(Role.STREET)
        give(half, PostKind.STREET_STAFF, walk.ours.cast.place.street)
        give_factor(half)
        browser = Client()
        assert at_door("/m/login/", half, browser).status_code == 302
        session = browser.session
        assert (session[SESSION_KEY], session[MUST]) == (str(half.pk), [Must.CODE])
        session[MUST] = [must.value]
        session.save()
        asker = Asker(Hand("half", ""))
        asker.cookie = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
        with quick():
            for (method, template), line in TABLE.items():
                if template.startswith("/api/") or line["nobody"] != DOOR or crc32(f"{method} {template}".encode()) % 8:
                    continue
                asked += 1
                place = _one(template)
                answer = asker.ask(method.lower(), url_of(place, walk.ours))
                if letter(place, method.lower(), answer) != DOOR or answer.changed:
                    faults[f"{method} {template}"] = f"is answered {answer.status_code}, changes {answer.changed}"
        transaction.set_rollback(True)
    judge(faults, {}, f"Before the step {must.value} one is nobody:")
    assert asked > 150
