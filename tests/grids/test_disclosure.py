"""The four disclosures of a grid: what the office has released, and not a word more."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions
from grids.choices import DutyArea, PostKind
from grids.models import Duty, Grid, Post, PublicPage
from grids.reports import disclosure
from grids.views.open_page import KEPT_SECONDS
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
YESTERDAY = TODAY - dt.timedelta(1)
PRIVATE, WORK = "13800000001", "010-12345678"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def street(cast):
    """The street with open pages."""
    actions.set_public_page(
        street=cast.place.street, is_open=True, phone=WORK, words="有事找网格", by=cast.street, at=MONDAY
    )
    return cast.place.street


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(grid: Grid, status: int = 200) -> str:
    answer = Client().get(f"/g/{grid.code}/")
    assert answer.status_code == status
    return answer.content.decode()


def show(cast, who: str, phone: str = "") -> Post:
    post = Post.objects.get(user=getattr(cast, who))
    return actions.disclose_post(post=post, shown=True, phone=phone, by=cast.street, at=MONDAY)


def duty(cast, text: str, kind=PostKind.GRID_WORKER_FT, area=DutyArea.GRASSROOTS, **more) -> Duty:
    return actions.add_duty(
        street=cast.place.street, kind=kind, area=area, text=text, by=cast.street, at=MONDAY, **more
    )


# --- what stands on the page -----------------------------------------------------------------------------------------


def test_nothing_until_the_office_opens_its_pages(cast):
    show(cast, "worker", WORK)
    micro = cast.place.micros[0]
    read(micro, 404)
    actions.set_public_page(street=cast.place.street, is_open=False, by=cast.street, at=MONDAY)
    read(micro, 404)
    actions.set_public_page(street=cast.place.street, is_open=True, by=cast.street, at=MONDAY)
    assert cast.worker.full_name in read(micro)
    assert read(Post.objects.get(user=cast.outsider).grid, 404)


def test_only_the_released_are_named_and_only_with_the_released_number(cast, street):
    micro = cast.place.micros[0]
    for user in (cast.worker, cast.lead, cast.total_lead):
        user.phone = PRIVATE
        user.save()
    page = read(micro)
    for user in (cast.worker, cast.lead, cast.total_lead, cast.street):
        assert user.full_name not in page and user.username not in page
    show(cast, "worker", WORK)
    show(cast, "lead")
    page = read(micro)
    assert cast.worker.full_name in page and f'href="tel:{WORK}"' in page
    assert cast.lead.full_name in page and cast.total_lead.full_name not in page
    assert PRIVATE not in page
    assert cast.worker.full_name not in read(cast.place.micros[1])
    assert [(one.name, one.phone, one.own) for one in disclosure(micro.code, TODAY).servers] == [
        (cast.worker.full_name, WORK, True), (cast.lead.full_name, "", False),
    ]  # fmt: skip
    cast.worker.is_active = False
    cast.worker.save()
    Post.objects.filter(user=cast.lead).update(valid_to=YESTERDAY)
    assert disclosure(micro.code, TODAY).servers == ()


def test_a_unit_s_people_and_the_office_s_are_not_named(cast, street):
    Post.objects.filter(user=cast.street).update(is_public_contact=True)
    unit = make_unit(area_prefix=street.code)
    give(make_user(Role.UNIT_STAFF, full_name="供水人"), PostKind.SPECIALIST_WORKER, unit, is_public_contact=True)
    page = read(cast.place.micros[0])
    assert cast.street.full_name not in page and "供水人" not in page


def test_duties_are_those_of_who_is_named_or_should_be(cast, street):
    second = duty(cast, "走访入户", position=2)
    duty(cast, "治安巡防", area=DutyArea.PUBLIC_ORDER, position=1)
    duty(cast, "统筹协调", kind=PostKind.GRID_LEAD)
    duty(cast, "以后的事", valid_from=TODAY + dt.timedelta(400))
    found = disclosure(cast.place.micros[0].code, TODAY).duties
    assert [(one.kind, one.areas) for one in found] == [
        (PostKind.GRID_WORKER_FT, (("public_order", ("治安巡防",)), ("grassroots", ("走访入户",)))),
    ]
    actions.end_duty(duty=second, valid_to=TODAY, by=cast.street, at=MONDAY)
    assert len(disclosure(cast.place.micros[0].code, TODAY + dt.timedelta(1)).duties[0].areas) == 1
    show(cast, "lead")
    (found,) = disclosure(cast.place.comprehensives[0].code, TODAY).duties
    assert (found.kind, found.areas) == (PostKind.GRID_LEAD, (("grassroots", ("统筹协调",)),))


def test_words_are_escaped_and_the_hotline_is_named(cast, street):
    duty(cast, "<script>alert(1)</script>")
    page = read(cast.place.micros[0])
    assert "<script" not in page and "&lt;script&gt;" in page
    assert 'href="tel:12345"' in page and f'href="tel:{WORK}"' in page and "有事找网格" in page


def test_the_border_is_drawn_among_its_neighbours(cast, street):
    one, two = cast.place.micros
    assert "<svg" not in read(one)
    draw(one, square())
    draw(two, square(118.01))
    page = read(one)
    assert page.count("<path") == 2 and 'class="own"' in page


def test_among_many_neighbours_the_own_border_is_never_cut_off(cast, street, monkeypatch):
    first, last = cast.place.micros
    draw(first, square())
    draw(last, square(118.01))
    monkeypatch.setitem(disclosure.__globals__, "MOST_NEIGHBOURS", 0)
    found = disclosure(last.code, timezone.localdate())
    last.refresh_from_db()
    assert (found.border, found.beside) == (last.border, ())


def test_a_grid_that_ended_says_which_follows(cast, street):
    one, two = cast.place.micros
    today = timezone.localdate()
    Grid.objects.filter(pk=one.pk).update(valid_to=today - dt.timedelta(1), superseded_by=two)
    show(cast, "worker", WORK)
    page = read(one)
    assert f'href="/g/{two.code}/"' in page and two.name in page and cast.worker.full_name not in page
    Grid.objects.filter(pk=two.pk).update(valid_to=today - dt.timedelta(1), superseded_by=cast.place.comprehensives[0])
    assert f'href="/g/{cast.place.comprehensives[0].code}/"' in read(one)
    Grid.objects.filter(pk=two.pk).update(superseded_by=None)
    assert 'href="/g/' not in read(one)
    Grid.objects.filter(pk=one.pk).update(valid_from=today + dt.timedelta(1), valid_to=None, superseded_by=None)
    read(one, 404)


@pytest.mark.parametrize("odd", ["1", "²", "990101001001001999", "9" * 300, "%00", "a'--", "990101001%20"])
def test_odd_codes_are_not_there(cast, street, odd):
    assert Client().get(f"/g/{odd}/").status_code == 404


def test_how_it_is_served(cast, street, django_assert_num_queries):
    url = f"/g/{cast.place.micros[0].code}/"
    with django_assert_num_queries(10):
        answer = Client().get(url)
    assert answer["Cache-Control"] == f"public, max-age={KEPT_SECONDS}"
    assert "Cookie" in answer["Vary"] and not answer.cookies
    large = Client(headers={"cookie": "gridgov_look=s.elder"}).get(url)
    assert (
        'class="type-s elder"' in large.content.decode(),
        "elder" in answer.content.decode().split("<head>")[0],
    ) == (True, False)
    again = Client().get(url, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post(url).status_code == 405
    signed_in = sign_in(cast.street).get(url).content.decode()
    assert cast.street.full_name not in signed_in


def test_a_harvest_is_slowed(cast, street, settings, one_minute):
    settings.MINUTE_LIMITS = {**settings.MINUTE_LIMITS, "public": 2}
    url = f"/g/{cast.place.micros[0].code}/"
    assert [Client().get(url).status_code for _ in range(3)] == [200, 200, 429]
    answer = Client().get(url)
    assert int(answer["Retry-After"]) >= 1 and answer["Cache-Control"] == "no-store"
    assert Client(REMOTE_ADDR="10.0.0.9").get(url).status_code == 200


# --- who releases ----------------------------------------------------------------------------------------------------


def written() -> list:
    rows = [list(model.objects.order_by("pk").values()) for model in (Post, Duty, PublicPage)]
    return [*rows, Record.objects.exclude(verb="accounts.signed_in").count()]


def test_releasing_is_recorded_with_the_number_masked(cast):
    post = show(cast, "worker", "13900000002")
    assert (post.is_public_contact, post.public_phone) == (True, "13900000002")
    record = Record.objects.get()
    assert record.verb == "posts.disclosed"
    assert record.data == {
        "changes": {"is_public_contact": [False, True], "public_phone": ["", "139****0002"]}
    }  # fmt: skip
    actions.disclose_post(post=post, shown=False, phone="13900000002", by=cast.street, at=MONDAY)
    post.refresh_from_db()
    assert (post.is_public_contact, post.public_phone) == (False, "")
    heir = actions.hand_over_post(
        post=show(cast, "worker", WORK), user=make_user(), valid_from=TODAY, by=cast.street, at=MONDAY
    )
    assert (heir.is_public_contact, heir.public_phone) == (False, "")


def test_who_may_release(cast, street):
    post, item = Post.objects.get(user=cast.worker), duty(cast, "走访")
    ended = give(make_user(), PostKind.GRID_WORKER_PT, cast.place.micros[0], valid_to=YESTERDAY)
    before = written()
    for by in (cast.lead, cast.outsider, cast.worker):
        for verb, given in (
            (actions.disclose_post, {"post": post, "shown": True}),
            (actions.set_public_page, {"street": street, "is_open": False}),
            (actions.add_duty, {"street": street, "kind": "grid_lead", "area": "grassroots", "text": "事"}),
            (actions.change_duty, {"duty": item, "text": "别的"}),
            (actions.end_duty, {"duty": item, "valid_to": TODAY}),
        ):
            with pytest.raises(Forbidden):
                verb(**given, by=by, at=MONDAY)
    office = {"by": cast.street, "at": MONDAY}
    for refusal, verb, given in (
        (Conflict, actions.disclose_post, {"post": ended, "shown": True}),
        (Invalid, actions.disclose_post, {"post": post, "shown": True, "phone": "找我"}),
        (Invalid, actions.set_public_page, {"street": street, "is_open": True, "phone": "1"}),
        (Invalid, actions.set_public_page, {"street": cast.place.totals[0], "is_open": True}),
        (Faults, actions.set_public_page, {"street": street, "is_open": True, "words": "长" * 201}),
        (
            Invalid,
            actions.add_duty,
            {"street": cast.place.totals[0], "kind": "grid_lead", "area": "grassroots", "text": "事"},
        ),
        (Faults, actions.add_duty, {"street": street, "kind": "king", "area": "x", "text": " "}),
        (Faults, actions.change_duty, {"duty": item, "position": -1}),
        (Invalid, actions.end_duty, {"duty": item, "valid_to": YESTERDAY}),
    ):
        with pytest.raises(refusal):
            verb(**given, **office)
    assert written() == before


def test_a_duty_comes_last_is_changed_and_ends(cast):
    one, two = duty(cast, "甲"), duty(cast, " 乙 ")
    assert [(item.position, item.text) for item in (one, two)] == [(1, "甲"), (2, "乙")]
    actions.change_duty(duty=one, text="甲改", position=3, by=cast.street, at=MONDAY)
    actions.change_duty(duty=one, text="甲改", by=cast.street, at=MONDAY)
    actions.end_duty(duty=one, valid_to=TODAY, by=cast.street, at=MONDAY)
    assert list(Record.objects.order_by("id").values_list("verb", flat=True)) == [
        "duties.added", "duties.added", "duties.changed", "duties.ended",
    ]  # fmt: skip
    later = MONDAY + dt.timedelta(2)
    with pytest.raises(Conflict):
        actions.change_duty(duty=one, text="又改", by=cast.street, at=later)


# --- the desk --------------------------------------------------------------------------------------------------------


def test_opening_the_pages_on_the_desk(cast):
    office, street = sign_in(cast.street), cast.place.street
    add = reverse("admin:grids_publicpage_add")
    assert office.get(add).status_code == 200
    sent = {"street": street.pk, "is_open": "on", "phone": WORK, "words": "你好"}
    assert office.post(add, {**sent, "street": Grid.objects.get(code="990101002").pk}).status_code == 200
    assert office.post(add, sent).status_code == 302
    page = PublicPage.objects.get()
    change = reverse("admin:grids_publicpage_change", args=[page.pk])
    assert office.post(change, {"phone": "abc", "words": ""}).status_code == 200
    assert office.post(change, {"phone": "", "words": ""}).status_code == 302
    page.refresh_from_db()
    assert (page.street, page.is_open, page.phone, page.words) == (street, False, "", "")
    assert sign_in(cast.lead).post(change, sent).status_code == 403
    assert sign_in(cast.outsider).post(change, sent).status_code == 302  # Django's "doesn't exist"
    assert sign_in(cast.worker).get(add).status_code == 403
    page.refresh_from_db()
    assert page.is_open is False


def test_the_duty_list_on_the_desk(cast):
    office = sign_in(cast.street)
    add = reverse("admin:grids_duty_add")
    assert office.get(add).status_code == 200
    sent = {
        "street": cast.place.street.pk, "kind": "grid_worker_ft", "area": "emergency", "text": "应急先行", "position": "",
        "valid_from": LONG_AGO.isoformat(),
    }  # fmt: skip
    assert office.post(add, {**sent, "kind": "unit_staff"}).status_code == 200
    assert office.post(add, sent).status_code == 302
    item = Duty.objects.get()
    assert (item.position, item.valid_from) == (1, LONG_AGO)
    do = reverse("admin:grids_duty_do", args=[item.pk, "change"])
    given = {"area": "emergency", "text": "应急处置", "position": 4}
    assert sign_in(cast.lead).post(do, given).status_code == 403
    assert sign_in(cast.outsider).post(do, given).status_code == 404
    assert office.post(do, {**given, "position": 10**9}).status_code == 400
    assert office.post(do, given).status_code == 302
    item.refresh_from_db()
    assert (item.text, item.position) == ("应急处置", 4)
    micro = reverse("admin:grids_grid_change", args=[cast.place.micros[0].pk])
    assert "应急处置" in sign_in(cast.worker).get(micro).content.decode()
    printed = reverse("admin:grids_duty_print_out")
    answer = sign_in(cast.lead).get(printed)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert sign_in(cast.outsider).get(f"{printed}?at={cast.place.street.code}").status_code == 404
    assert sign_in(cast.worker).get(printed).status_code == 403


def test_naming_somebody_on_the_desk(cast):
    post = Post.objects.get(user=cast.worker)
    do = reverse("admin:grids_post_do", args=[post.pk, "disclose"])
    sent = {"shown": "on", "phone": WORK}
    assert sign_in(cast.outsider).post(do, sent).status_code == 404
    assert sign_in(cast.lead).post(do, sent).status_code == 403
    answer = sign_in(cast.street).post(do, sent)
    assert answer["Location"] == reverse("admin:grids_post_change", args=[post.pk])
    post.refresh_from_db()
    assert (post.is_public_contact, post.public_phone) == (True, WORK)
    unit = give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, make_unit(area_prefix=cast.place.street.code))
    do = reverse("admin:grids_post_do", args=[unit.pk, "disclose"])
    assert sign_in(cast.street).post(do, sent).status_code == 409
