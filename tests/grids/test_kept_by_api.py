"""What the desk and the phone keep of the map, kept by another system: announcements, groups, cards, duties, redrawings."""

import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gridgov.core.models import Record
from grids.choices import PostKind
from grids.models import ContactCard, Duty, Grid, GridNotice, GroupLink, Post, PublicPage, Redrawing
from tests.clients.kit import asker, code_of
from tests.factories import Cast, make_cast, make_client, make_user
from tests.grids.test_borders import draw, rectangle
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db
API = "/api/v1"
SCOPES = [f"{what}:{how}" for what in ("grids", "posts", "public", "party") for how in ("read", "write")]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def system(cast: Cast) -> CheckedClient:
    _client, raw = make_client(SCOPES, grid=cast.place.street)
    return asker(raw)


def verbs() -> list[str]:
    return list(Record.objects.order_by("seq").values_list("verb", flat=True))


def refused(answer: Any, field: str) -> None:
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field), answer.content


def test_announcements(cast: Cast, system: CheckedClient) -> None:
    grid = cast.place.totals[0]
    said = {"grid": grid.pk, "title": "停水", "text": "明日停水"}
    made = system.post(f"{API}/announcements/", said)
    assert made.status_code == 201 and made.json()["grid"]["code"] == grid.code and made.json()["is_public"]
    for field, wrong in (
        ("text", "找13800138000"),
        ("valid_to", "2020-01-01"),
        ("grid", 0),
        ("title", "\x00"),
        ("grid", 2**70),
    ):
        refused(system.post(f"{API}/announcements/", {**said, field: wrong}), field)
    here = f"{API}/announcements/{made.json()['id']}/"
    assert system.get(f"{API}/announcements/?current=true&grid={grid.code}").json()["results"] == [made.json()]
    assert system.post(f"{here}withdraw/").json()["withdrawn_at"]
    assert system.post(f"{here}withdraw/").status_code == 409
    assert system.get(f"{API}/announcements/?current=true").json()["results"] == []
    assert GridNotice.objects.count() == 1 and verbs() == ["announcements.made", "announcements.withdrawn"]


def test_groups_with_a_link_or_a_picture(cast: Cast, system: CheckedClient) -> None:
    grid, picture = cast.place.micros[0], _picture()
    asked = {"grid": grid.pk, "label": "3号楼", "picture": picture, "level": "building"}
    made = system.post(f"{API}/groups/", asked, format="multipart")
    assert made.status_code == 201 and made.json()["url"] == "", made.content
    here = f"{API}/groups/{made.json()['id']}/"
    assert system.get(f"{here}picture/").content.startswith(b"\x89PNG")
    assert system.post(f"{here}renew/", {"url": "https://example.cn/j", "is_public": True}).json()["is_public"] is True
    assert system.get(f"{here}picture/").status_code == 404
    refused(system.post(f"{here}renew/", {"url": "http://x"}), "url")
    refused(system.post(f"{API}/groups/", {"grid": grid.pk, "label": "x"}), "url")
    assert system.post(f"{here}end/").json()["ended_at"]
    assert system.get(f"{API}/groups/?current=true").json()["results"] == []
    assert GroupLink.objects.count() == 1 and verbs() == ["groups.added", "groups.renewed", "groups.ended"]


def _picture() -> Any:
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(out, "PNG")
    out.seek(0)
    out.name = "code.png"
    return out


def test_a_page_its_names_and_their_cards(cast: Cast, system: CheckedClient) -> None:
    street, micro = cast.place.street, cast.place.micros[0]
    page = f"{API}/grids/{micro.pk}/page/"
    assert system.get(page).json()["is_open"] is False
    made = system.post(f"{API}/public-pages/", {"street": street.pk, "is_open": True, "phone": "02512345678"})
    assert made.status_code == 201, made.content
    here = f"{API}/public-pages/{made.json()['id']}/"
    changed = system.patch(here, {"words": "有事找网格"}).json()
    assert (changed["phone"], changed["words"]) == ("02512345678", "有事找网格")
    refused(system.patch(here, {"results_after": 0}), "results_after")
    User.objects.filter(pk=cast.worker.pk).update(phone="13912345678")
    post = cast.worker.posts.get()
    assert code_of(system.post(f"{API}/contact-cards/", {"post": post.pk})) == (409, "not_public")
    told = system.post(f"{API}/posts/{post.pk}/disclose/", {"shown": True, "phone": "02587654321"}).json()
    assert (told["is_public_contact"], told["public_phone"]) == (True, "02587654321")
    card = system.post(f"{API}/contact-cards/", {"post": post.pk}).json()
    assert system.post(f"{API}/contact-cards/", {"post": post.pk}).json() == card
    assert card["address"] == f"http://testserver/card/{ContactCard.objects.get().token}/"
    shown = system.get(page).json()
    assert shown["address"] == f"http://testserver/g/{micro.code}/"
    assert [(one["name"], one["phone"]) for one in shown["servers"]] == [(cast.worker.full_name, "02587654321")]
    assert "13912345678" not in str(shown)
    assert system.post(f"{API}/contact-cards/{card['id']}/revoke/").json()["revoked_at"]
    assert PublicPage.objects.count() == 1 and verbs().count("cards.issued") == 1


def test_duties_and_posts_that_change_hands(cast: Cast, system: CheckedClient) -> None:
    street, today = cast.place.street, timezone.localdate().isoformat()
    asked = {"street": street.pk, "kind": "grid_lead", "area": "grassroots", "text": "入户走访"}
    made = system.post(f"{API}/duties/", asked).json()
    assert (made["position"], made["valid_from"]) == (1, today)
    refused(system.post(f"{API}/duties/", {**asked, "area": "x"}), "area")
    refused(system.post(f"{API}/duties/", {**asked, "street": cast.place.micros[0].pk}), "street")
    here = f"{API}/duties/{made['id']}/"
    assert system.post(f"{here}change/", {"text": "每周走访"}).json()["text"] == "每周走访"
    assert system.post(f"{here}end/", {"valid_to": today}).json()["valid_to"] == today
    heir = make_user("comprehensive_lead")
    post = cast.lead.posts.get()
    given = system.post(f"{API}/posts/{post.pk}/hand-over/", {"user": heir.username, "valid_from": today}).json()
    assert (given["user"]["id"], given["grid"]["id"]) == (heir.pk, cast.place.comprehensives[0].pk)
    assert Duty.objects.count() == 1 and Post.objects.get(pk=post.pk).valid_to is not None
    lines = system.get(f"{API}/grids/{street.pk}/staffing/").json()
    assert [line["code"] for line in lines if "vacant" in line["gaps"]] == []
    assert heir.full_name in str(lines)
    orgs = system.get(f"{API}/grids/{cast.place.totals[0].pk}/party/").json()
    assert [line["orgs"] for line in orgs] == [[]] * 4
    # Of what lies above the own ground nothing but its name is there.
    _client, raw = make_client(SCOPES, grid=cast.place.totals[0])
    below = asker(raw)
    assert below.get(f"{API}/grids/{street.pk}/").status_code == 200
    for overview in ("coverage", "staffing", "party"):
        assert below.get(f"{API}/grids/{street.pk}/{overview}/").status_code == 404
    _client, raw = make_client(SCOPES, grid=cast.place.micros[0])
    assert asker(raw).get(f"{API}/grids/{cast.place.micros[0].pk}/staffing/").status_code == 403


def test_lists_are_taken_in_whole_or_not_at_all(cast: Cast, system: CheckedClient) -> None:
    total, above = cast.place.totals[0], cast.place.street.code
    row = {
        "code": f"{above}002000",
        "kind": "total",
        "name": "新社区",
        "parent_code": above,
        "valid_from": "2026-01-01",
    }
    known = {**row, "code": total.code, "name": "改名社区", "valid_from": str(total.valid_from)}
    here = f"{API}/grids/import/"
    bad = system.post(here, {"rows": [row, {**row, "code": "990101002002000", "parent_code": "990101002"}]})
    assert bad.status_code == 400 and bad.json()["errors"][0]["attr"] == "1", bad.content
    tried = system.post(here, {"rows": [row, known], "dry_run": True})
    assert tried.json() == {"founded": 1, "changed": 1, "unchanged": 0}, tried.content
    assert not Grid.objects.filter(code=row["code"]).exists() and not Record.objects.exists()
    assert system.post(here, {"rows": [row, known]}).json() == tried.json()
    assert system.post(here, {"rows": [row, known]}).json() == {"founded": 0, "changed": 0, "unchanged": 2}
    heir = make_user("worker")
    line = {"user": heir.username, "kind": "grid_worker_pt", "grid_code": cast.place.micros[1].code}
    assert system.post(f"{API}/posts/import/", {"rows": [line]}).json() == {"given": 1, "ended": 0, "unchanged": 0}
    assert system.post(f"{API}/posts/import/", {"rows": [{**line, "user": "nobody"}]}).status_code == 400
    bound = {"rows": [{"person": heir.username, "grid_code": cast.place.micros[1].code}]}
    assert system.post(f"{API}/bindings/import/", bound).status_code == 400
    for wrong in (
        {"rows": []},
        {"rows": "²"},
        {"rows": [{}]},
        {"rows": [{**row, "border": "x"}]},
        {"rows": [{**row, "kind": "²"}]},
    ):
        assert system.post(here, wrong).status_code == 400, wrong
    assert heir.posts.count() == 1 and Grid.objects.get(code=total.code).name == "改名社区"


def test_splitting_and_merging(cast: Cast, system: CheckedClient) -> None:
    micro, other = cast.place.micros
    draw(cast.place.comprehensives[0], rectangle(118, 32, 118.02, 32.01))
    draw(micro, rectangle(118, 32, 118.01, 32.01))
    found = system.get(f"{API}/grids/{cast.place.comprehensives[0].pk}/coverage/").json()
    assert (found["whole"], found["missing"], len(found["gaps"])) == (False, [other.code], 1)
    seen = system.get(f"{API}/grids/{micro.pk}/moving/").json()
    assert [row["user"]["id"] for row in seen["posts"]] == [cast.worker.pk] and seen["children"] == []
    assert "phone" not in str(seen["posts"])
    parts = [
        {"name": "西半", "border": rectangle(118, 32, 118.005, 32.01), "households": 20},
        {"name": "东半", "border": rectangle(118.005, 32, 118.01, 32.01)},
    ]
    here, before = f"{API}/grids/{micro.pk}/split/", Record.objects.count()
    refused(system.post(here, {"parts": parts[:1]}), "parts")
    refused(system.post(here, {"parts": [parts[0], {**parts[1], "border": None}]}), "parts")
    assert system.post(here, {"parts": [parts[0], {"name": "x", "border": "x"}]}).status_code == 400
    assert code_of(system.post(here, {"parts": parts, "seen": "x"})) == (409, "changed")
    assert Record.objects.count() == before and not Redrawing.objects.exists()
    done = system.post(here, {"parts": parts, "seen": seen["mark"]}).json()
    assert (done["state"], len(done["after"])) == ("done", 2)
    later = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    merged = {"grids": [row["id"] for row in done["after"]], "name": "合并", "on": later}
    refused(system.post(f"{API}/grids/merge/", {**merged, "grids": merged["grids"][:1]}), "grids")
    planned = system.post(f"{API}/grids/merge/", merged)
    assert planned.status_code == 201 and planned.json()["state"] == "planned", planned.content
    plan = f"{API}/redrawings/{planned.json()['id']}/"
    assert system.post(f"{plan}withdraw/").json()["state"] == "withdrawn"
    assert [row["state"] for row in system.get(f"{API}/redrawings/").json()["results"]] == ["withdrawn", "done"]
    assert system.post(f"{API}/grids/{other.pk}/households/", {"households": 55}).json()["households"] == 40
    assert system.get(f"{API}/grids/{other.pk}/moving/?with=²").status_code == 404
    assert Grid.objects.filter(valid_to=None, kind="micro", code__startswith=cast.place.street.code).count() == 3
    assert not Post.objects.filter(kind=PostKind.GRID_WORKER_FT, user=cast.worker, grid=micro, valid_to=None).exists()
