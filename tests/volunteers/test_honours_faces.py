"""The desk and the API of panels, certificates, feedback and figures."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.clients.kit import asker
from tests.factories import MONDAY, Cast, make_client
from tests.openapi import client_of
from tests.volunteers.people import make_project, make_shift, make_volunteer
from tests.volunteers.test_honours import DAY, issuer, served
from volunteers.models import Candidate, Certificate, Feedback, Issuer, Member, Objection, Panel, Score, SignUp, Squad
from volunteers.reports.figures import volunteer_figures

pytestmark = pytest.mark.django_db
API, DESK = "/api/v1", "/admin/volunteers"


def sent(client: Client, address: str, status: int = 302, **given: Any) -> str:
    answer = client.post(address, given)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_panel_from_its_beginning_to_an_honour_at_the_desk(cast: Cast) -> None:
    office, worker = desk(cast.street), desk(cast.worker)
    today = timezone.localdate()
    issuer(cast)
    days = {"first": today - 300 * DAY, "last": today}
    weights = {"residents": 0, "social_worker": 100, "committee": 0}
    wrong = sent(
        office,
        f"{DESK}/panel/add/",
        200,
        grid=cast.place.street.pk,
        title="评议",
        **days,
        **{**weights, "residents": 1},
    )
    assert "合计须为100" in wrong and not Panel.objects.exists()
    sent(office, f"{DESK}/panel/add/", grid=cast.place.street.pk, title="年度评议", **days, **weights)
    panel = Panel.objects.get()
    do = f"{DESK}/panel/{panel.pk}/do"
    one, two = (make_volunteer(cast.place.micros[0], nickname=name, name="李志愿") for name in ("小甲", "小乙"))
    led = {"kind": "patrol", "name": "队", "lead": cast.worker, "made_by": cast.lead, "made_at": MONDAY}
    squad = Squad.objects.create(grid=cast.place.micros[0], **led)
    Member.objects.create(squad=squad, volunteer=two, since=dt.date(2026, 1, 1))
    served(one, make_project(cast.place.micros[0], cast.lead), 600)
    sent(office, f"{do}/seat/", user=cast.worker.username, part="social_worker")
    sent(office, f"{do}/seat/", user=cast.lead.username, part="social_worker")
    sent(office, f"{do}/put_forward/", 400, numbers="")
    assert "没有编号" in sent(office, f"{do}/put_forward/", 400, numbers="V0000000")
    sent(office, f"{do}/put_forward/", least="10")
    sent(office, f"{do}/put_forward/", numbers=f"{one.no}，{two.no}")
    first, second = Candidate.objects.order_by("pk")
    assert (first.volunteer, second.volunteer) == (one, two)
    board = worker.get(f"{DESK}/panel/{panel.pk}/change/").content.decode()
    assert "小甲" in board and "带领候选人所在小队" in board and "李志愿" not in board
    sent(worker, f"{do}/score/", 400, candidate=first.pk)
    sent(worker, f"{do}/score/", 400, candidate=first.pk, points="80", step_back="on")
    sent(worker, f"{do}/score/", 400, candidate="²", points="80")
    sent(worker, f"{do}/score/", candidate=first.pk, points="80")
    assert "带领" in sent(worker, f"{do}/score/", 409, candidate=second.pk, points="100")
    assert sent(desk(cast.street), f"{do}/close/", 409).count("还缺2项评分") == 1
    lead = desk(cast.lead)
    (
        sent(lead, f"{do}/score/", candidate=first.pk, points="91"),
        sent(lead, f"{do}/score/", candidate=second.pk, points="60"),
    )
    seen = re.sub(r"<[^>]*>", " ", worker.get(f"{DESK}/panel/{panel.pk}/change/").content.decode())
    assert re.search(r"\b80\b", seen)
    assert not re.search(r"\b91\b", seen), "nobody reads others' points"
    sent(office, f"{do}/close/")
    board = office.get(f"{DESK}/panel/{panel.pk}/change/").content.decode()
    assert "85.5" in board and "未评价" in board
    sent(office, f"{do}/honour/", candidate=first.pk, title="星级志愿者")
    row = Certificate.objects.get()
    assert (row.kind, row.state, row.volunteer) == ("honour", "publicity", one)
    objection = Objection.objects.create(certificate=row, words="没参加", voice="a", at=timezone.now())
    sent(office, f"{DESK}/objection/{objection.pk}/do/answer/", upheld="1", answer="核实后撤销")
    row.refresh_from_db()
    assert row.state == "withdrawn"
    outsider = desk(cast.outsider)
    for page in (
        f"panel/{panel.pk}",
        f"certificate/{row.pk}",
        f"objection/{objection.pk}",
        f"issuer/{Issuer.objects.get().pk}",
    ):
        assert outsider.get(f"{DESK}/{page}/change/").status_code in {302, 404}
    assert Score.objects.count() == 3


def test_who_signs_is_said_at_the_desk(cast: Cast) -> None:
    office = desk(cast.street)
    issuer_form = {"grid": cast.place.street.pk, "name": "街道", "responsible": "王", "handler": "李", "contact": "010"}
    sent(office, f"{DESK}/issuer/add/", **issuer_form)
    issuer_page = f"{DESK}/issuer/{Issuer.objects.get().pk}/change/"
    sent(office, issuer_page, **{**issuer_form, "responsible": "王主任"})
    assert Issuer.objects.get().responsible == "王主任"
    sent(office, issuer_page, 200, **{**issuer_form, "responsible": " "})


def test_the_counter_issues_prints_and_withdraws(cast: Cast) -> None:
    issuer(cast)
    office, volunteer = desk(cast.lead), make_volunteer(cast.place.micros[0], name="欧阳志愿")
    served(volunteer, make_project(cast.place.micros[0], cast.lead), 90)
    days = {"first": "2026-09-01", "last": "2026-09-30"}
    assert "没有这个编号" in sent(office, f"{DESK}/certificate/add/", 200, number="nosuch", **days)
    sent(office, f"{DESK}/certificate/add/", number=volunteer.no, **days)
    row = Certificate.objects.get()
    page = office.get(f"{DESK}/certificate/{row.pk}/change/").content.decode()
    assert row.no in page and "paper.pdf" in page and "欧阳志愿" not in page
    file = office.get(f"{DESK}/certificate/{row.pk}/paper.pdf")
    assert file["Content-Type"] == "application/pdf" and "no-store" in file["Cache-Control"]
    told = Record.objects.get(verb="volunteers.certificate_printed")
    assert (told.actor, told.data) == (cast.lead, {"no": row.no})
    for stranger, status in ((cast.outsider, 404), (cast.worker, 403), (cast.unit_staff, 403)):
        assert desk(stranger).get(f"{DESK}/certificate/{row.pk}/paper.pdf").status_code == status
    sent(office, f"{DESK}/certificate/{row.pk}/do/withdraw/", 400, reason="")
    sent(office, f"{DESK}/certificate/{row.pk}/do/withdraw/", reason="重复出具")
    assert office.get(f"{DESK}/certificate/{row.pk}/paper.pdf").status_code == 409
    assert Record.objects.filter(verb="volunteers.certificate_printed").count() == 1


def test_codes_and_figures_at_the_desk(cast: Cast) -> None:
    project = make_project(cast.place.micros[0], cast.lead, title="助老义诊")
    for n in range(3):
        Feedback.objects.create(project=project, stars=4, words="好", voice=str(n), at=MONDAY)
    office = desk(cast.street)
    said = office.get(f"{DESK}/feedback/codes/").content.decode()
    assert "助老义诊" in said and "4.0" in said
    assert office.get(f"{DESK}/feedback/codes/?project={project.pk}").content.startswith(b"%PDF")
    for odd in ("²", "0", "9" * 30, "-1"):
        assert office.get(f"{DESK}/feedback/codes/?project={odd}").status_code == 404
    assert desk(cast.outsider).get(f"{DESK}/feedback/codes/?project={project.pk}").status_code == 404
    assert "好" in office.get(f"{DESK}/feedback/").content.decode()
    for asked in ("", "?days=90", f"?at={cast.place.totals[0].code}", "?days=²"):
        assert office.get(f"{DESK}/panel/figures/{asked}").status_code == 200
    assert office.get(f"{DESK}/panel/figures/?at=²").status_code == 404
    assert desk(cast.worker).get(f"{DESK}/panel/figures/").status_code == 403


def test_figures_are_of_grids(cast: Cast) -> None:
    micro, street = cast.place.micros[0], cast.place.street
    one, two = make_volunteer(micro), make_volunteer(micro)
    make_volunteer(micro, state="paused")
    squad = Squad.objects.create(grid=micro, kind="one_plus_five", name="队", made_by=cast.lead, made_at=MONDAY)
    Member.objects.create(squad=squad, volunteer=one, since=dt.date(2026, 1, 1))
    project = make_project(micro, cast.lead)
    row = served(one, project, 100)
    SignUp.objects.create(shift=row.shift, volunteer=two, state="no_show", queued_at=MONDAY)
    make_shift(project, MONDAY + 3 * DAY, state="cancelled")
    make_shift(project, MONDAY + 60 * DAY)
    own, community = volunteer_figures(street, MONDAY.date(), MONDAY.date() + 29 * DAY)
    assert (own.code, own.volunteers, own.attendance) == (street.code, 0, None)
    told = (
        community.volunteers,
        community.squads,
        community.short,
        community.shifts,
        community.hours,
        community.attendance,
    )
    assert told == (2, 1, 1, 1, 1.5, 50)
    system = asker(make_client(["figures:read"], grid=street)[1])
    asked = f"{API}/figures/volunteers/?street={street.code}&since=2026-09-01&until=2026-09-30"
    assert [(line["name"], line["hours"], line["attendance"]) for line in system.get(asked).json()] == [
        (street.name, 0, None), (community.name, 1.5, 50),
    ]  # fmt: skip
    assert system.get(f"{API}/figures/volunteers/?street=990101002").status_code == 404
    for wrong in (
        "",
        "?street=²",
        f"?street={street.code}&since=2020-01-01",
        f"?street={street.code}&until=1999-01-01",
    ):
        assert system.get(f"{API}/figures/volunteers/{wrong}").status_code == 400
    assert asker(make_client(["cases:read"], grid=street)[1]).get(asked).status_code == 403


def test_panels_and_papers_by_api(cast: Cast) -> None:
    issuer(cast)
    volunteer = make_volunteer(cast.place.micros[0], nickname="小李", name="李志愿")
    served(volunteer, make_project(cast.place.micros[0], cast.lead), 600)
    office, worker = client_of(cast.street), client_of(cast.worker)
    asked = {"grid": cast.place.street.code, "title": "评议", "first": "2026-09-01", "last": "2026-09-30"}
    system = asker(make_client(["volunteers:read", "volunteers:write"], grid=cast.place.street)[1])
    for wrong in ({"grid": "990101002"}, {"last": "2099-01-01"}, {"weights": {"residents": 100}}, {"title": ""}):
        assert system.post(f"{API}/panels/", {**asked, **wrong}).status_code == 400
    made = system.post(f"{API}/panels/", asked).json()
    assert made["weights"] == {"residents": 40, "social_worker": 30, "committee": 30}
    url = f"{API}/panels/{made['id']}"
    assert office.post(f"{url}/seat/", {"account": "nobody", "part": "committee"}).status_code == 400
    assert office.post(f"{url}/seat/", {"account": cast.worker.username, "part": "committee"}).status_code == 200
    found = office.post(f"{url}/put-forward/", {"volunteers": [volunteer.no]}).json()
    (candidate,) = found["candidates"]
    assert (candidate["nickname"], candidate["volunteer_no"], candidate["result"]) == ("小李", volunteer.no, None)
    assert "李志愿" not in str(found)
    assert office.post(f"{url}/score/", {"candidate": candidate["id"], "points": 1}).status_code == 403
    assert worker.post(f"{url}/score/", {"candidate": candidate["id"], "points": 101}).status_code == 400
    assert worker.post(f"{url}/score/", {"candidate": candidate["id"], "points": 90}).status_code == 204
    assert office.post(f"{url}/close/").json()["candidates"][0]["result"] == 9000
    honoured = office.post(f"{url}/honour/", {"candidate": candidate["id"], "title": "星级志愿者"})
    assert honoured.status_code == 201 and honoured.json()["state"] == "publicity"
    paper = f"{API}/certificates/{honoured.json()['id']}"
    assert office.post(f"{paper}/issue/").status_code == 409
    assert office.post(f"{paper}/withdraw/", {"reason": "不实"}).json()["state"] == "withdrawn"
    asked = {"volunteer": volunteer.no, "first": "2026-09-01", "last": "2026-09-30"}
    own = client_of(volunteer.user).post(f"{API}/certificates/", asked)
    assert (own.status_code, own.json()["hours"]) == (201, 10)
    assert client_of(make_volunteer(cast.place.micros[0]).user).post(f"{API}/certificates/", asked).status_code == 404
    assert [
        line["no"] for line in client_of(volunteer.user).get(f"{API}/certificates/?kind=hours").json()["results"]
    ] == [own.json()["no"]]
    read_only = asker(make_client(["volunteers:read"], grid=cast.place.street)[1])
    assert read_only.post(f"{API}/certificates/", asked).status_code == 403
    assert read_only.get(f"{API}/certificates/?volunteer={volunteer.no}").json()["results"]
    assert read_only.get(f"{API}/activity-feedback/?project=²").status_code == 400
