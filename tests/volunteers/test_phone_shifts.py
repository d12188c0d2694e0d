"""The phone of a volunteer: what is open and why it fits, signing up, the code at the place, posts, and the pages for everybody."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from cases.models import Case
from tests.factories import Cast, make_street, make_user
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers import actions
from volunteers.models import Shift, SignUp, Volunteer

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def phone_of(volunteer: Volunteer) -> Client:
    client = Client()
    client.force_login(volunteer.user)  # type: ignore[arg-type]
    return client


def soon(cast: Cast, after: dt.timedelta = 2 * HOUR, **values: object) -> Shift:
    project = make_project(cast.place.comprehensives[0], cast.lead, skills=["care"])
    return make_shift(project, timezone.now() + after, **values)


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_a_volunteer_signs_up_checks_in_by_the_code_and_goes(cast: Cast) -> None:
    volunteer = make_volunteer(cast.place.micros[0], skills=["care"])
    phone, shift = phone_of(volunteer), soon(cast, HOUR / 3)
    assert phone.get("/m/").headers["Location"] == "/m/volunteer/"
    home = text(phone, "/m/volunteer/")
    assert shift.project.title in home
    assert ("in your grid" in home or "本网格" in home, "/m/report/" in home) == (True, False)
    assert shift.project.title in text(phone, "/m/volunteer/shifts/")
    page = f"/m/volunteer/shifts/{shift.pk}/"
    assert f"{page}join/" in text(phone, page)
    assert phone.get(f"{page}join/").status_code == 405
    assert phone.post(f"{page}join/").headers["Location"] == page
    row = SignUp.objects.get()
    assert (row.state, row.volunteer) == ("booked", volunteer)
    here = f"/m/volunteer/here/{shift.key}/"
    assert (here in text(phone, page), "<form" in text(phone, here).split("<main")[1].split("</main")[0]) == (
        False,
        True,
    )
    # Reading the code changes nothing; the button does.
    row.refresh_from_db()
    assert row.state == "booked"
    assert phone.post(here).headers["Location"] == here
    assert phone.post(here).status_code == 409
    row.refresh_from_db()
    assert (row.state, row.arrived_by) == ("present", "code")
    phone.post(here, {"do": "out"})
    row.refresh_from_db()
    assert row.state == "gone"
    mine = phone.get("/m/volunteer/mine.ics")
    assert mine.content.decode().count("BEGIN:VEVENT") == 1
    assert str(shift.key) not in mine.content.decode()
    assert shift.project.title in text(phone, "/m/volunteer/mine/")


def test_what_is_refused_is_said_and_others_are_led_elsewhere(cast: Cast) -> None:
    volunteer, shift = make_volunteer(cast.place.micros[0]), soon(cast, capacity=1)
    phone, page = phone_of(volunteer), f"/m/volunteer/shifts/{shift.pk}/"
    other = soon(cast, 3 * HOUR)
    phone.post(f"{page}join/")
    answer = phone.post(f"/m/volunteer/shifts/{other.pk}/join/")
    assert (answer.status_code, SignUp.objects.count()) == (409, 1)
    assert shift.project.title in answer.content.decode()
    # Too early to check in, and no code of another place.
    assert phone.post(f"/m/volunteer/here/{shift.key}/").status_code == 409
    assert phone.post(f"/m/volunteer/here/{other.key}/").status_code == 409
    assert phone.get(f"/m/volunteer/here/{uuid.uuid4()}/").status_code == 404
    waiting = make_volunteer(cast.place.micros[0])
    phone_of(waiting).post(f"{page}join/")
    assert phone.post(f"{page}cancel/", {"reason": "有事"}).status_code == 302
    assert list(SignUp.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "booked"]
    # Elsewhere it does not exist; who is no volunteer reads how to become one.
    stranger = make_volunteer(make_street("990101009").micros[0])
    assert phone_of(stranger).get(page).status_code == 404
    assert phone_of(stranger).post(f"/m/volunteer/here/{shift.key}/").status_code == 404
    paused = make_volunteer(cast.place.micros[0], state="paused")
    for one in (paused.user, make_user(Role.UNIT_STAFF)):
        client = Client()
        client.force_login(one)  # type: ignore[arg-type]
        assert client.get("/m/volunteer/shifts/").headers["Location"] == "/m/volunteer/"
        assert client.get("/m/volunteer/").status_code == 200
    assert SignUp.objects.count() == 2


def test_a_rider_claims_a_post_and_reports_a_problem(cast: Cast) -> None:
    rider = make_volunteer(cast.place.micros[0], kind="new_employment")
    phone, now = phone_of(rider), timezone.now()
    grid = cast.place.comprehensives[0]
    post = actions.make_post(grid=grid, name="消防通道观察员", duty="上报", place="桃园路", by=cast.lead, at=now)
    assert "消防通道观察员" in text(phone, "/m/volunteer/posts/")
    assert phone.post(f"/m/volunteer/posts/{post.pk}/claim/").status_code == 302
    assert phone.post(f"/m/volunteer/posts/{post.pk}/claim/").status_code == 409
    assert "消防通道观察员" in text(phone, "/m/volunteer/found/")
    sent = {
        "grid": cast.place.micros[0].pk,
        "post": post.pk,
        "category": cast.category.code,
        "place": "3号楼",
        "text": "堵塞",
    }
    assert phone.post("/m/volunteer/found/", {**sent, "text": ""}).status_code == 400
    assert phone.post("/m/volunteer/found/", {**sent, "grid": cast.place.street.pk}).status_code == 400
    assert Case.objects.count() == 0
    assert phone.post("/m/volunteer/found/", sent).status_code == 302
    assert Case.objects.get().grid == grid
    assert Case.objects.get().title in text(phone, "/m/volunteer/posts/?sent")
    claim = rider.claims.get()
    assert (
        phone_of(make_volunteer(cast.place.micros[0])).post(f"/m/volunteer/claims/{claim.pk}/end/").status_code == 404
    )
    assert phone.post(f"/m/volunteer/claims/{claim.pk}/end/").status_code == 302
    assert rider.claims.get().until is not None


def test_everybody_sees_open_projects_and_no_names(cast: Cast) -> None:
    shift = soon(cast)
    hidden = make_project(cast.place.comprehensives[0], cast.lead, is_public=False)
    text_of_all = text(Client(), "/v/")
    assert shift.project.title in text_of_all
    assert (hidden.title in text_of_all, cast.lead.full_name in text_of_all) == (False, False)
    one = text(Client(), f"/v/p/{shift.project_id}/")
    assert (shift.place in one, cast.lead.full_name in one) == (True, False)
    assert Client().get(f"/v/p/{hidden.pk}/").status_code == 404
    assert Client().get("/v/?after=²%00").status_code == 400


def test_lists_stay_flat(cast: Cast) -> None:
    volunteer = make_volunteer(cast.place.micros[0])
    phone = phone_of(volunteer)

    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert phone.get(url).status_code == 200
        return len(caught)

    pages = ("/m/volunteer/", "/m/volunteer/shifts/", "/m/volunteer/mine/", "/v/")
    soon(cast)
    phone.post(f"/m/volunteer/shifts/{Shift.objects.get().pk}/join/")
    before = [queries(url) for url in pages]
    for n in range(3):
        shift = soon(cast, 5 * (n + 1) * HOUR)
        actions.sign_up(shift=shift, volunteer=volunteer, by=cast.lead, at=timezone.now())
        soon(cast, 50 * (n + 1) * HOUR)
    assert [queries(url) for url in pages] == before
