"""Posts by grid: vacancies, doubles, too much for one; the page, its sheet, and the verbs that lead back to it."""

import datetime as dt
import io

import pytest
import tablib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions, reports
from grids.choices import PostKind, StaffGap
from grids.models import Grid, Post
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
YESTERDAY = TODAY - dt.timedelta(1)
PAGE = "/admin/grids/post/by-grid/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def gaps(street: Grid) -> dict[str, set[str]]:
    return {line.code: line.gaps for line in reports.staffing(street, TODAY) if line.gaps}


def households(grid: Grid, number: int) -> None:
    Grid.objects.filter(pk=grid.pk).update(households=number)


# --- what is found ---------------------------------------------------------------------------------------------------


def test_a_full_street_has_no_gaps(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        lines = reports.staffing(cast.place.street, TODAY)
    assert [(line.code, line.community, [h.user for h in line.holders], line.gaps) for line in lines] == [
        (cast.place.street.code, "", [cast.street.pk], set()),
        (cast.place.totals[0].code, cast.place.totals[0].code, [cast.total_lead.pk], set()),
        (cast.place.comprehensives[0].code, cast.place.totals[0].code, [cast.lead.pk], set()),
        (cast.place.micros[0].code, cast.place.totals[0].code, [cast.worker.pk], set()),
        (cast.place.micros[1].code, cast.place.totals[0].code, [cast.other_worker.pk], set()),
    ]


def test_vacancies_are_grids_without_any_of_their_posts():
    place = make_street(micros=4)
    give(make_user(Role.STREET), PostKind.STREET_STAFF, place.street)
    give(make_user(), PostKind.GRID_WORKER_PT, place.micros[0])
    give(make_user(), PostKind.MICRO_GRID_WORKER, place.micros[1])
    give(make_user(), PostKind.BUILDING_LEAD, place.micros[2])
    give(make_user(), PostKind.GRID_WORKER_FT, place.micros[3], valid_to=YESTERDAY)
    wanting = [place.totals[0], place.comprehensives[0], *place.micros[2:]]
    assert gaps(place.street) == {grid.code: {StaffGap.VACANT} for grid in wanting}
    Grid.objects.filter(pk=place.micros[3].pk).update(valid_to=YESTERDAY)
    assert place.micros[3].code not in gaps(place.street)


def test_two_leads_and_a_lead_of_two_grids(cast):
    more = make_street("990101003", comprehensives=2)
    give(make_user(Role.STREET), PostKind.STREET_STAFF, more.street)
    second = make_user(Role.COMPREHENSIVE_LEAD)
    give(second, PostKind.GRID_LEAD, cast.place.comprehensives[0])
    assert gaps(cast.place.street) == {cast.place.comprehensives[0].code: {StaffGap.DOUBLE}}
    both = make_user(Role.COMPREHENSIVE_LEAD)
    for grid in more.comprehensives:
        give(both, PostKind.GRID_LEAD, grid)
    found = gaps(more.street)
    assert [found[grid.code] for grid in more.comprehensives] == [{StaffGap.SPREAD}, {StaffGap.SPREAD}]


def test_one_person_on_two_posts_of_a_grid(cast):
    give(cast.worker, PostKind.BUILDING_LEAD, cast.place.micros[1])
    assert gaps(cast.place.street) == {}
    give(cast.worker, PostKind.BUILDING_LEAD, cast.place.micros[0])
    assert gaps(cast.place.street) == {cast.place.micros[0].code: {StaffGap.TWICE}}


def test_households_add_up_over_a_workers_grids(cast):
    give(cast.worker, PostKind.GRID_WORKER_FT, cast.place.micros[1])
    households(cast.place.micros[0], 300)
    households(cast.place.micros[1], 200)
    assert gaps(cast.place.street) == {}
    lines = reports.staffing(cast.place.street, TODAY)
    assert [(load.username, load.grids, load.households, load.too_much) for load in reports.loads(lines)] == [
        ("worker", 2, 500, False), ("other_worker", 1, 200, False),
    ]  # fmt: skip
    households(cast.place.micros[1], 201)
    assert gaps(cast.place.street) == {micro.code: {StaffGap.OVERLOAD} for micro in cast.place.micros}


def test_who_may_not_sign_in_is_marked(cast):
    cast.worker.is_active = False
    cast.worker.save()
    assert gaps(cast.place.street) == {cast.place.micros[0].code: {StaffGap.LOCKED}}


def test_communities_add_up():
    place = make_street(totals=2)
    lead = make_user(Role.TOTAL_LEAD)
    give(lead, PostKind.ROOT_GRID_LEAD, place.totals[0])
    give(make_user(), PostKind.GRID_WORKER_FT, place.micros[0])
    above, first, second = reports.by_community(reports.staffing(place.street, TODAY))
    assert (above.code, above.grids, above.gaps[StaffGap.VACANT]) == ("", 1, 1)
    assert (first.code, first.grids, first.people, first.gaps[StaffGap.VACANT]) == (place.totals[0].code, 4, 2, 2)
    assert (second.code, second.grids, second.people, second.gaps[StaffGap.VACANT]) == (place.totals[1].code, 4, 0, 4)


# --- handing over ----------------------------------------------------------------------------------------------------


def test_handing_over_ends_one_and_begins_the_other(cast):
    post, heir = Post.objects.get(user=cast.worker), make_user()
    post.is_public_contact = True
    post.save()
    new = actions.hand_over_post(post=post, user=heir, valid_from=TODAY, by=cast.street, at=MONDAY)
    post.refresh_from_db()
    assert (post.valid_to, new.user, new.kind, new.grid, new.valid_from, new.valid_to, new.is_public_contact) == (
        YESTERDAY, heir, "grid_worker_ft", cast.place.micros[0], TODAY, None, False,
    )  # fmt: skip
    assert list(Record.objects.order_by("pk").values_list("verb", "subject_id")) == [
        ("posts.ended", post.pk), ("posts.given", new.pk),
    ]  # fmt: skip


def test_handing_over_is_both_or_neither(cast):
    post = Post.objects.get(user=cast.worker)
    wrong = make_user(Role.UNIT_STAFF)
    ended = give(make_user(), PostKind.GRID_WORKER_PT, cast.place.micros[0], valid_to=YESTERDAY)
    young = give(make_user(), PostKind.GRID_WORKER_PT, cast.place.micros[0], valid_from=TODAY)
    brief = give(make_user(), PostKind.GRID_WORKER_PT, cast.place.micros[1], valid_to=TODAY)
    tries = [
        (post, wrong, TODAY, cast.street, Invalid),
        (post, cast.worker, TODAY, cast.street, Invalid),
        (post, make_user(), TODAY, cast.outsider, Forbidden),
        (ended, make_user(), TODAY, cast.street, Conflict),
        (young, make_user(), TODAY, cast.street, Invalid),
        (brief, make_user(), TODAY + dt.timedelta(1), cast.street, Invalid),
    ]
    before = list(Post.objects.order_by("pk").values())
    for row, heir, day, by, refusal in tries:
        with pytest.raises(refusal):
            actions.hand_over_post(post=row, user=heir, valid_from=day, by=by, at=MONDAY)
    assert list(Post.objects.order_by("pk").values()) == before
    assert Record.objects.count() == 0


# --- the page --------------------------------------------------------------------------------------------------------


def shown(user, query: str = "") -> dict:
    answer = sign_in(user).get(PAGE + query)
    assert answer.status_code == 200
    return answer.context


def codes(user, query: str) -> list[str]:
    return [row["line"].code for row in shown(user, query)["lines"]]


def test_the_street_reads_communities_and_their_numbers_open_lists(cast):
    page = shown(cast.street)
    assert page["summary"] and page["lines"] == []
    (one,) = page["communities"]
    assert (one["name"], one["grids"], one["people"]) == (cast.place.totals[0].name, 4, 4)
    Post.objects.filter(user=cast.worker).delete()
    (one,) = shown(cast.street)["communities"]
    (count, url) = next((count, url) for gap, count, url in one["gaps"] if gap == StaffGap.VACANT)
    assert count == 1
    assert codes(cast.street, url.removeprefix(PAGE)) == [cast.place.micros[0].code]
    assert codes(cast.street, "?gap=any") == [cast.place.micros[0].code]
    tabs = {tab["label"]: tab["count"] for tab in shown(cast.street, "?gap=nonsense")["tabs"]}
    assert list(tabs.values()) == [5, 1, 1, 0, 0, 0, 0, 0]


def test_a_grids_code_shows_its_community(cast):
    everything = [cast.place.totals[0].code, cast.place.comprehensives[0].code, *(m.code for m in cast.place.micros)]
    for grid in (cast.place.totals[0], cast.place.micros[1]):
        assert codes(cast.street, f"?at={grid.code}") == everything
    assert codes(cast.total_lead, "") == everything
    assert codes(cast.lead, "") == everything[1:]
    assert codes(make_user(Role.SYSTEM_ADMIN), f"?at={cast.place.totals[0].code}") == everything


def test_leads_look_and_the_office_acts(cast):
    html = sign_in(cast.lead).get(PAGE).content.decode()
    assert "/do/" not in html and "verb-dialog" not in html
    html = sign_in(cast.street).get(f"{PAGE}?at={cast.place.totals[0].code}").content.decode()
    post = Post.objects.get(user=cast.worker)
    for url in (
        reverse("admin:grids_post_do", args=[post.pk, "end"]),
        reverse("admin:grids_post_do", args=[post.pk, "hand-over"]),
        reverse("admin:grids_grid_do", args=[cast.place.micros[0].pk, "give-post"]),
    ):
        assert f'href="{url}"' in html


def test_whoever_oversees_nothing_sees_nothing(cast):
    for user in (cast.worker, cast.unit_staff, make_user(Role.AUDITOR), make_user(Role.SECURITY_ADMIN)):
        assert sign_in(user).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    for code in (cast.place.street.code, cast.place.micros[0].code):
        assert sign_in(cast.outsider).get(f"{PAGE}?at={code}").status_code == 404
    assert sign_in(cast.lead).get(f"{PAGE}?at={cast.place.street.code}").status_code == 404
    assert shown(make_user(Role.STREET))["nothing"]


def test_who_oversees_several_places_chooses_among_them(cast):
    assert shown(cast.street)["grounds"] == []
    elsewhere = Grid.objects.get(code="990101002001000")
    give(cast.total_lead, PostKind.ROOT_GRID_LEAD, elsewhere)
    first, second = cast.place.totals[0].code, elsewhere.code
    assert [(one["url"], one["current"]) for one in shown(cast.total_lead)["grounds"]] == [
        (f"{PAGE}?at={first}", True), (f"{PAGE}?at={second}", False),
    ]  # fmt: skip
    assert codes(cast.total_lead, f"?at={second}")[0] == second
    assert len(shown(make_user(Role.SYSTEM_ADMIN))["grounds"]) == 2


@pytest.mark.parametrize("odd", ["²", "990101", "9" * 400, "-1", "'", "%F0%9F%98%80"])
def test_odd_places_are_not_there(cast, odd):
    assert sign_in(cast.street).get(f"{PAGE}?at={odd}").status_code == 404
    assert sign_in(cast.street).get(f"{PAGE}?gap={odd}").status_code == 200


def test_the_sheet_is_what_is_seen(cast):
    Post.objects.filter(user=cast.worker).delete()
    office = sign_in(cast.street)
    answer = office.get(f"{PAGE}?gap=vacant&format=csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="posts-by-grid-')
    table = tablib.Dataset().load(answer.content.decode("utf-8-sig"), format="csv")
    assert [line[0] for line in table] == [cast.place.micros[0].code]
    xlsx = tablib.Dataset().load(io.BytesIO(office.get(f"{PAGE}?format=xlsx").content), format="xlsx")
    assert len(xlsx) == 5
    assert xlsx[2][4] == f"{cast.lead.full_name}({LONG_AGO})"


def test_the_page_is_flat(cast):
    office = sign_in(cast.street)

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE + query).status_code == 200
        assert not any('"grids_grid"."border"' in query["sql"] for query in queries)
        return len(queries)

    few = [cost(""), cost("?gap=any"), cost(f"?at={cast.place.totals[0].code}")]
    for number in range(9):
        made = actions.found_grid(
            parent=cast.place.comprehensives[0], kind="micro", micro_type="resident", name=f"新{number}",
            by=cast.street, at=MONDAY,
        )  # fmt: skip
        give(make_user(), PostKind.GRID_WORKER_PT, made)
    assert [cost(""), cost("?gap=any"), cost(f"?at={cast.place.totals[0].code}")] == few
    assert max(few) <= 10


# --- verbs from there ------------------------------------------------------------------------------------------------


def test_giving_from_the_grid_leads_back(cast):
    micro, newcomer = cast.place.micros[0], make_user()
    do = reverse("admin:grids_grid_do", args=[micro.pk, "give-post"])
    office = sign_in(cast.street)
    kinds = {value for value, _label in office.get(do).context["form"].fields["kind"].choices}
    assert kinds == {"grid_worker_ft", "grid_worker_pt", "micro_grid_worker", "building_lead", "unit_lead"}
    sent = {"user": newcomer.username, "kind": "grid_worker_pt", "valid_from": timezone.localdate().isoformat()}
    answer = office.post(do, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?at={micro.code}#g{micro.pk}")
    assert Post.objects.get(user=newcomer).grid == micro
    assert office.post(do, sent).status_code == 409
    assert office.post(do, {**sent, "user": "nobody"}).status_code == 400
    assert office.post(do, {**sent, "kind": "grid_lead"}).status_code == 400
    assert sign_in(cast.lead).post(do, sent).status_code == 403
    assert sign_in(cast.outsider).post(do, sent).status_code == 404
    assert Post.objects.filter(user=newcomer).count() == 1


def test_handing_over_from_the_page(cast):
    post, heir = Post.objects.get(user=cast.worker), make_user()
    do = reverse("admin:grids_post_do", args=[post.pk, "hand-over"])
    sent = {"user": heir.username, "valid_from": timezone.localdate().isoformat()}
    assert sign_in(cast.lead).post(do, sent).status_code == 403
    assert sign_in(cast.outsider).post(do, sent).status_code == 404
    assert not Post.objects.filter(user=heir).exists()
    answer = sign_in(cast.street).post(do, sent)
    micro = cast.place.micros[0]
    assert answer["Location"] == f"{PAGE}?at={micro.code}#g{micro.pk}"
    assert Post.objects.get(user=heir).grid == micro


def test_a_post_of_a_unit_leads_back_to_itself(cast):
    unit = make_unit(area_prefix=cast.place.street.code)
    post = give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, unit)
    do = reverse("admin:grids_post_do", args=[post.pk, "end"])
    answer = sign_in(cast.street).post(do, {"valid_to": timezone.localdate().isoformat()})
    assert answer["Location"] == reverse("admin:grids_post_change", args=[post.pk])
    micro = give(make_user(), PostKind.GRID_WORKER_PT, cast.place.micros[0])
    do = reverse("admin:grids_post_do", args=[micro.pk, "end"])
    answer = sign_in(make_user(Role.SECURITY_ADMIN)).post(do, {"valid_to": timezone.localdate().isoformat()})
    assert answer["Location"] == reverse("admin:grids_post_change", args=[micro.pk])
