"""Announcements and groups of neighbours: who puts them up, who reads them, and when they are gone."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Notice
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.jobs import run_due
from gridgov.core.models import Job, Record
from grids import actions
from grids.actions.groups import KIND, SIDE
from grids.models import GridNotice, GroupLink
from grids.reports import announced, groups_at
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    actions.set_public_page(street=made.place.street, is_open=True, by=made.street, at=MONDAY)
    return made


def browser(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def picture(side: int = 900, kind: str = "PNG", **exif) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, kind, **exif)
    return SimpleUploadedFile(f"code.{kind.lower()}", out.getvalue())


def announce(cast, grid=None, by=None, **given) -> GridNotice:
    values = {"title": "停水", "text": "明天停水", **given}
    return actions.announce(grid=grid or cast.place.totals[0], **values, by=by or cast.street, at=MONDAY)


def add_group(cast, by=None, grid=None, **given) -> GroupLink:
    values = {"label": "1号楼群", "url": "https://example.cn/g", **given}
    return actions.add_group(grid=grid or cast.place.micros[0], **values, by=by or cast.worker, at=MONDAY)


def path(grid) -> list[int]:
    return list(grid.get_ancestors(include_self=True).values_list("pk", flat=True))


# --- announcements ---------------------------------------------------------------------------------------------------


def test_what_is_announced_reaches_all_below_and_nobody_beside(cast):
    announce(cast)
    announce(cast, cast.place.micros[1], title="只在二格")
    announce(cast, title="内部", is_public=False, by=cast.total_lead)
    micro = cast.place.micros[0]
    assert [one.title for one in announced(path(micro), TODAY, public=True)] == ["停水"]
    assert [one.title for one in announced(path(micro), TODAY, public=False)] == ["内部", "停水"]
    assert {one.by for one in announced(path(micro), TODAY, public=True)} == {""}, "residents read no names"


def test_an_announcement_stands_from_a_day_to_a_day(cast):
    announce(cast, valid_from=TODAY + DAY, valid_to=TODAY + 2 * DAY)
    seen = [bool(announced(path(cast.place.totals[0]), TODAY + n * DAY, public=True)) for n in range(4)]
    assert seen == [False, True, True, False]


def test_the_public_page_shows_public_ones_until_they_are_withdrawn(cast):
    notice = announce(cast)
    announce(cast, title="内部", is_public=False)
    url = f"/g/{cast.place.micros[0].code}/"
    html = Client().get(url).content.decode()
    assert ("停水" in html, "内部" in html) == (True, False)
    client = browser(cast.lead)
    assert client.post(reverse("m-notice-withdraw", args=[notice.pk])).status_code == 403, "the community's is not hers"
    assert browser(cast.total_lead).post(reverse("m-notice-withdraw", args=[notice.pk])).status_code == 302
    assert "停水" not in Client().get(url).content.decode()
    assert Record.objects.get(verb="announcements.withdrawn").data == {"title": "停水"}


@pytest.mark.parametrize(
    ("refusal", "given"),
    [
        (Invalid, {"text": "请打13800000001"}),
        (Invalid, {"valid_to": TODAY - DAY}),
        (Invalid, {"valid_from": TODAY + 2 * DAY, "valid_to": TODAY + DAY}),
        (Invalid, {"valid_to": TODAY + 400 * DAY}),
        (Faults, {"title": "长" * 61}),
        (Faults, {"title": "  "}),
        (Invalid, {"text": "长" * 1001}),
    ],
)
def test_what_cannot_be_announced(cast, refusal, given):
    with pytest.raises(refusal):
        announce(cast, **given)
    assert not GridNotice.objects.exists()


@pytest.mark.parametrize("who", ["worker", "unit_staff", "outsider", "lead"])
def test_who_may_not_announce_to_the_community(cast, who):
    with pytest.raises(Forbidden):
        announce(cast, by=getattr(cast, who))
    assert not GridNotice.objects.exists()


def test_a_lead_announces_from_the_phone(cast):
    grid = cast.place.comprehensives[0]
    client = browser(cast.lead)
    answer = client.post(f"/m/grid/{grid.code}/notices/", {"title": "议事会", "text": "周五晚七点", "is_public": "on"})
    assert answer.status_code == 302
    assert "议事会" in browser(cast.worker).get("/m/grid/").content.decode()
    refused = client.post(
        f"/m/grid/{grid.code}/notices/", {"title": "议事会", "text": "找13800000001", "is_public": "on"}
    )
    assert (refused.status_code, GridNotice.objects.count()) == (400, 1)
    assert (
        browser(cast.worker)
        .post(f"/m/grid/{cast.place.micros[0].code}/notices/", {"title": "a", "text": "b"})
        .status_code
        == 403
    )
    assert GridNotice.objects.count() == 1


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_picture_is_kept_as_a_small_grey_copy(cast):
    group = add_group(cast, url="", picture=picture(1400, "JPEG", exif=b"Exif\0\0secret"), valid_until=TODAY + 6 * DAY)
    kept = Image.open(io.BytesIO(bytes(group.picture)))
    assert (kept.format, kept.size, kept.mode) == ("PNG", (SIDE, SIDE), "P")
    assert b"secret" not in bytes(group.picture)


def test_residents_see_public_groups_that_can_still_be_joined(cast):
    hidden = add_group(cast, label="内部群")
    shown = add_group(cast, label="公开群", is_public=True, url="", picture=picture(), valid_until=TODAY + DAY)
    micro = cast.place.micros[0]
    found = groups_at(path(micro), TODAY, public=True)
    assert [one.pk for one in found] == [shown.pk]
    assert not groups_at(path(micro), TODAY + 2 * DAY, public=True)
    assert {one.pk: one.over for one in groups_at(path(micro), TODAY + 2 * DAY, public=False)} == {
        shown.pk: True,
        hidden.pk: False,
    }


def test_the_picture_is_served_only_while_the_page_shows_it(cast, settings):
    micro, today = cast.place.micros[0], dt.date.today()
    group = add_group(cast, url="", picture=picture(), is_public=True, valid_until=None)
    url = reverse("grid-group-code", args=[micro.code, group.pk])
    answer = Client().get(url)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", bytes(group.picture))
    assert Client().get(reverse("grid-group-code", args=[cast.place.micros[1].code, group.pk])).status_code == 404
    GroupLink.objects.update(valid_until=today - DAY)
    assert Client().get(url).status_code == 404
    GroupLink.objects.update(valid_until=None, is_public=False)
    assert Client().get(url).status_code == 404
    own = reverse("m-group-picture", args=[group.pk])
    assert browser(cast.worker).get(own).content == bytes(group.picture)
    assert browser(cast.outsider).get(own).status_code == 404
    assert Client().get(own).status_code == 302


def test_whoever_keeps_a_group_is_reminded_on_the_day_before(cast):
    group = add_group(cast, valid_until=TODAY + 7 * DAY)
    job = Job.objects.get(kind=KIND, key=str(group.pk))
    assert job.due_at.astimezone(MONDAY.tzinfo) == dt.datetime.combine(TODAY + 6 * DAY, dt.time(9), MONDAY.tzinfo)
    run_due(at=job.due_at)
    notice = Notice.objects.get(user=cast.worker)
    assert (notice.subject_type, notice.params) == ("grids.grouplink", {"name": "1号楼群", "until": "2026-09-14"})
    actions.renew_group(group=group, url="https://example.cn/new", by=cast.lead, at=MONDAY)
    assert not Job.objects.filter(kind=KIND, done_at=None).exists(), "what holds for good runs out never"


def test_a_group_is_put_up_renewed_and_taken_away_on_the_phone(cast):
    micro = cast.place.micros[0]
    client = browser(cast.worker)
    given = {"label": "2号楼群", "level": "building", "kind": "wechat", "picture": picture(), "is_public": "on"}
    assert client.post(f"/m/grid/{micro.code}/groups/", given).status_code == 302
    group = GroupLink.objects.get()
    assert (group.level, group.kept_by, group.is_public) == ("building", cast.worker, True)
    assert client.post(reverse("m-group", args=[group.pk]), {"url": "https://example.cn/x"}).status_code == 302
    group.refresh_from_db()
    assert (group.url, group.picture, group.is_public) == ("https://example.cn/x", None, False)
    assert "<svg" in client.get(reverse("m-group", args=[group.pk])).content.decode()
    assert client.post(reverse("m-group-end", args=[group.pk])).status_code == 302
    assert client.get(reverse("m-group", args=[group.pk])).status_code == 404
    verbs = Record.objects.filter(subject_type="grids.grouplink").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["groups.added", "groups.renewed", "groups.ended"]


@pytest.mark.parametrize(
    "given",
    [
        {"url": ""}, {"url": "http://example.cn"}, {"url": "https://nohost"}, {"url": "javascript:alert(1)"},
        {"url": "https://a:b@example.cn/"}, {"url": "https://example.cn/ x"}, {"url": "https://[::1"},
        {"valid_until": TODAY - DAY}, {"valid_until": TODAY + 400 * DAY}, {"label": " "}, {"level": "city"},
        {"url": "", "picture": SimpleUploadedFile("x.png", b"GIF89a<script>")},
    ],
)  # fmt: skip
def test_what_is_no_way_into_a_group(cast, given):
    with pytest.raises(Invalid):
        add_group(cast, **given)
    assert not GroupLink.objects.exists()


def test_who_may_not_keep_groups(cast):
    group = add_group(cast)
    for who in (cast.other_worker, cast.unit_staff, cast.outsider):
        with pytest.raises(Forbidden):
            add_group(cast, by=who)
        with pytest.raises(Forbidden):
            actions.renew_group(group=group, url="https://example.cn/evil", by=who, at=MONDAY)
        with pytest.raises(Forbidden):
            actions.end_group(group=group, by=who, at=MONDAY)
    group.refresh_from_db()
    assert (GroupLink.objects.count(), group.url, group.ended_at) == (1, "https://example.cn/g", None)
    actions.end_group(group=group, by=cast.lead, at=MONDAY)
    with pytest.raises(Conflict):
        actions.end_group(group=group, by=cast.lead, at=MONDAY)


# --- the desk --------------------------------------------------------------------------------------------------------


def test_the_desk_announces_and_keeps_groups(cast):
    client = browser(cast.street)
    grid = cast.place.totals[0]
    given = {
        "grid": grid.pk,
        "title": "体检",
        "text": "周六",
        "is_public": "on",
        "valid_from": "2026-11-01",
        "valid_to": "",
    }
    assert client.post("/admin/grids/gridnotice/add/", given).status_code == 302
    group = {
        "grid": grid.pk,
        "label": "社区群",
        "level": "grid",
        "kind": "wechat",
        "code": picture(),
        "url": "",
        "valid_until": "",
    }
    assert client.post("/admin/grids/grouplink/add/", group).status_code == 302
    notice, kept = GridNotice.objects.get(), GroupLink.objects.get()
    assert client.get("/admin/grids/gridnotice/").status_code == 200
    assert client.get(f"/admin/grids/grouplink/{kept.pk}/change/").status_code == 200
    assert (
        client.post(f"/admin/grids/grouplink/{kept.pk}/do/renew/", {"url": "https://example.cn/n"}).status_code == 302
    )
    assert client.post(f"/admin/grids/gridnotice/{notice.pk}/do/withdraw/").status_code == 302
    notice.refresh_from_db()
    kept.refresh_from_db()
    assert (notice.withdrawn_at is not None, kept.url) == (True, "https://example.cn/n")
    assert browser(cast.outsider).get(f"/admin/grids/grouplink/{kept.pk}/change/").status_code == 302
    assert browser(cast.unit_staff).get("/admin/grids/gridnotice/").status_code == 403
