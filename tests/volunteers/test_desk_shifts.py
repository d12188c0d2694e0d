"""The organisers' desk: a project from its draft to confirmed hours, what waits, the calendar, and who sees none of it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cases.desk import desk
from tests.factories import Cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers import actions
from volunteers.models import Balance, Claim, GovernancePost, Need, Project, Shift, SignUp

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DESK = "/admin/volunteers"


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_from_a_draft_to_confirmed_hours(cast: Cast) -> None:
    client, grid = desk(cast.lead), cast.place.comprehensives[0]
    given = {
        "title": "助老陪伴",
        "kind": "service",
        "grid": grid.pk,
        "about": "",
        "organiser": "",
        "skills": ["care"],
        "least_age": 0,
    }
    assert client.post(f"{DESK}/project/add/", {**given, "title": "找13912345678"}).status_code == 200
    assert Project.objects.count() == 0
    assert client.post(f"{DESK}/project/add/", {**given, "is_public": "on"}).status_code == 302
    project = Project.objects.get()
    assert (project.organiser, project.skills) == (cast.lead, ["care"])
    page = f"{DESK}/project/{project.pk}"
    assert client.post(f"{page}/do/open/").status_code == 302
    starts = timezone.localtime(timezone.now() + 30 * HOUR)
    plan = {
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}", "ends_at": f"{starts + HOUR:%Y-%m-%dT%H:%M}", "break_minutes": 0, "capacity": 2,
        "place": "活动室", "weeks": 2,
    }  # fmt: skip
    assert client.post(f"{page}/do/plan/", {**plan, "ends_at": plan["starts_at"]}).status_code == 400
    assert client.post(f"{page}/do/plan/", plan).status_code == 302
    first, second = Shift.objects.order_by("starts_at")
    fits, other = make_volunteer(cast.place.micros[0], skills=["care"]), make_volunteer(cast.place.micros[1])
    form = text(client, f"{DESK}/shift/{first.pk}/do/add/")
    assert form.index(fits.public_name) < form.index(other.public_name)
    down = f"{DESK}/shift/{first.pk}/do/add/"
    assert client.post(down, {"ticked": [fits.pk], "numbers": "V9999999"}).status_code == 400
    assert client.post(down, {"ticked": [fits.pk], "numbers": other.no}).status_code == 302
    assert client.post(down, {"numbers": other.no}).status_code == 409
    shown = text(client, f"{DESK}/shift/{first.pk}/change/")
    assert (fits.public_name in shown, fits.name in shown, fits.phone in shown) == (True, False, False)
    assert text(client, f"{DESK}/shift/?when=ahead&state__exact=open").count("活动室") == 2
    assert client.post(f"{DESK}/shift/{second.pk}/do/cancel/", {"reason": "场地维修"}).status_code == 302
    # It is over: the minutes are confirmed.
    Shift.objects.filter(pk=first.pk).update(starts_at=starts - 40 * HOUR, ends_at=starts - 39 * HOUR)
    here, absent = SignUp.objects.order_by("pk")
    close = f"{DESK}/shift/{first.pk}/do/close/"
    assert text(client, close).count('name="minutes_') == 2
    assert client.post(close, {f"minutes_{here.pk}": 61, f"minutes_{absent.pk}": 0}).status_code == 400
    assert client.post(close, {f"minutes_{here.pk}": 60, f"minutes_{absent.pk}": 0}).status_code == 302
    assert [row.minutes for row in Balance.objects.order_by("pk")] == [60, 0]
    assert list(SignUp.objects.order_by("pk").values_list("state", flat=True)) == ["served", "no_show"]
    assert client.post(f"{page}/do/end/").status_code == 302
    assert Project.objects.get().state == "ended"


def test_needs_and_posts(cast: Cast) -> None:
    client, grid = desk(cast.lead), cast.place.comprehensives[0]
    need = {
        "words": "陪同就医",
        "grid": grid.pk,
        "case_no": "",
        "reference": "",
        "skill": "care",
        "people": 1,
        "wanted_on": "",
    }
    assert client.post(f"{DESK}/need/add/", {**need, "case_no": "404"}).status_code == 200
    assert client.post(f"{DESK}/need/add/", need).status_code == 302
    row, project = Need.objects.get(), make_project(grid, cast.lead)
    assert client.post(f"{DESK}/need/{row.pk}/do/take-up/", {"project": project.pk}).status_code == 302
    assert row.words in text(client, f"{DESK}/project/{project.pk}/change/")
    assert project.title in text(client, f"{DESK}/need/{row.pk}/change/")
    post = {"name": "观察员", "duty": "上报", "grid": grid.pk, "place": "桃园路", "places": 1}
    assert client.post(f"{DESK}/governancepost/add/", post).status_code == 302
    made, rider = GovernancePost.objects.get(), make_volunteer(cast.place.micros[0], kind="new_employment")
    claim = actions.claim_post(post=made, volunteer=rider, by=rider.user, at=timezone.now())
    assert rider.public_name in text(client, f"{DESK}/governancepost/{made.pk}/change/")
    end = f"{DESK}/governancepost/{made.pk}/do/end/"
    assert client.post(end, {"claim": claim.pk, "reason": ""}).status_code == 400
    assert client.post(end, {"claim": claim.pk, "reason": "调整"}).status_code == 302
    assert Claim.objects.get().until is not None


def test_what_waits_the_calendar_and_its_file(cast: Cast) -> None:
    client, now = desk(cast.lead), timezone.now()
    project = make_project(cast.place.comprehensives[0], cast.lead)
    over = make_shift(project, now - 5 * HOUR, taken=1)
    soon = make_shift(project, now + 5 * HOUR)
    make_volunteer(cast.place.micros[0], state="applied", nickname="新申请者")
    fits = make_volunteer(cast.place.micros[0])
    page = text(client, f"{DESK}/shift/organising/")
    assert [
        one in page for one in ("新申请者", f"/shift/{over.pk}/change/", f"/shift/{soon.pk}/change/", fits.public_name)
    ] == [True] * 4
    day = timezone.localdate(soon.starts_at)
    for view in ("", "&view=week"):
        assert f"/shift/{soon.pk}/change/" in text(client, f"{DESK}/shift/calendar/?day={day}{view}")
    assert f"/shift/{soon.pk}/change/" not in text(client, f"{DESK}/shift/calendar/?day={day + dt.timedelta(days=70)}")
    for odd in ("day=²", "day=9999-12-31", "at=%00", "view=x"):
        assert client.get(f"{DESK}/shift/calendar/?{odd}").status_code in {200, 400}, odd
    file = client.get(f"{DESK}/shift/calendar/?day={day}&file=ics").content.decode()
    assert f"UID:shift-{soon.pk}@" in file
    assert str(soon.key) not in file
    # Another street sees none of it; a worker has no such page.
    other = desk(cast.outsider)
    assert project.title not in text(other, f"{DESK}/shift/organising/") + text(
        other, f"{DESK}/shift/calendar/?day={day}"
    )
    assert other.get(f"{DESK}/shift/{soon.pk}/do/cancel/").status_code == 404
    assert desk(cast.worker).get(f"{DESK}/shift/organising/").status_code == 403
    assert desk(cast.worker).get(f"{DESK}/shift/").status_code == 403


def test_the_desks_lists_stay_flat(cast: Cast) -> None:
    client = desk(cast.lead)
    pages = [
        f"{DESK}/{name}/"
        for name in ("project", "shift", "need", "governancepost", "shift/organising", "shift/calendar")
    ]

    def add() -> None:
        project = make_project(cast.place.comprehensives[0], cast.lead)
        shift = make_shift(project, timezone.now() + 5 * HOUR)
        make_volunteer(cast.place.micros[0], kind="new_employment")
        actions.sign_up(shift=shift, volunteer=make_volunteer(cast.place.micros[0]), by=cast.lead, at=timezone.now())
        grid = cast.place.comprehensives[0]
        actions.enter_need(grid=grid, words="陪同", by=cast.lead, at=timezone.now())
        actions.make_post(grid=grid, name="岗", duty="看", place="路", by=cast.lead, at=timezone.now())

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    add()
    [queries(url) for url in pages]
    before = [queries(url) for url in pages]
    add(), add()
    assert [queries(url) for url in pages] == before
