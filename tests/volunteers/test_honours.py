"""What residents say, what a panel finds and what it may not, stars, papers and who can trust them."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Record
from grids.models import Grid
from tests.factories import MONDAY, Cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers.actions import certificates, panels
from volunteers.actions.feedback import give_feedback
from volunteers.jobs.certificates import issue_honours
from volunteers.models import (
    Candidate,
    Certificate,
    Feedback,
    HoursEntry,
    Member,
    Objection,
    Panel,
    Project,
    Score,
    SignUp,
    Squad,
    Volunteer,
)
from volunteers.reports.certificates import standing_of, verified
from volunteers.reports.feedback import voices_of
from volunteers.reports.panels import near_of, reckon

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
OCTOBER = MONDAY + 30 * DAY


def refused(what: type[Refusal], code: str, act: Any, *rows: type[Model]) -> None:
    """ACT is refused so, and neither records nor ROWS changed."""
    tables = (Record, *rows)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises(what) as told:
        act()
    assert told.value.code == code and str(told.value)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def served(volunteer: Volunteer, project: Project, minutes: int, day: int = 2) -> SignUp:
    """VOLUNTEER served in a shift of PROJECT; the line in the ledger."""
    shift = make_shift(project, MONDAY + day * DAY, state="closed")
    row = SignUp.objects.create(shift=shift, volunteer=volunteer, state="served", queued_at=MONDAY)
    HoursEntry.objects.create(
        volunteer=volunteer, kind="service", minutes=minutes, sign_up=row, day=shift.starts_at.date(), by=project.organiser, at=MONDAY
    )  # fmt: skip
    return row


def issuer(cast: Cast, grid: Grid | None = None, name: str = "幸福街道办事处") -> None:
    said = {"name": name, "responsible": "王主任", "handler": "李干事", "contact": "010-1111111"}
    certificates.set_issuer(grid=grid or cast.place.street, **said, by=cast.street, at=MONDAY)


def say(project: Project, stars: int, voice: str, at: dt.datetime = MONDAY + 3 * DAY, words: str = "") -> Feedback:
    return give_feedback(project=project, stars=stars, words=words, voice=voice, by=User.objects.door(), at=at)


def a_panel(cast: Cast, **given: Any) -> Panel:
    said = {"grid": cast.place.street, "title": "三季度星级志愿者", "first": FIRST, "last": LAST, **given}
    return panels.open_panel(**said, by=cast.street, at=OCTOBER)


def test_a_device_speaks_once_and_in_time(cast: Cast) -> None:
    project = make_project(cast.place.micros[0], cast.lead)
    refused(Conflict, "not_begun", lambda: say(project, 5, "a"), Feedback)
    make_shift(project)
    refused(Conflict, "not_begun", lambda: say(project, 5, "a", MONDAY + DAY), Feedback)
    assert say(project, 5, "a", words="  很细心 ").words == "很细心"
    refused(Conflict, "said", lambda: say(project, 1, "a"), Feedback)
    refused(Invalid, "invalid", lambda: say(project, 6, "b"), Feedback)
    refused(Invalid, "invalid", lambda: say(project, 0, "b"), Feedback)
    refused(Invalid, "names_somebody", lambda: say(project, 1, "b", words="打13800001111找他"), Feedback)
    refused(Invalid, "invalid", lambda: say(project, 1, "b", words="好" * 301), Feedback)
    assert voices_of([project.pk])[project.pk].mean is None, "one voice is no mean"
    say(project, 4, "b"), say(project, 4, "c")
    assert (voices_of([project.pk])[project.pk].count, voices_of([project.pk])[project.pk].mean) == (3, 4.3)
    project.change(state="ended", ended_at=MONDAY + 4 * DAY)
    say(project, 2, "d", MONDAY + 34 * DAY)
    refused(Conflict, "over", lambda: say(project, 2, "e", MONDAY + 35 * DAY), Feedback)
    project.change(state="cancelled")
    refused(Conflict, "over", lambda: say(project, 2, "e"), Feedback)
    told = Record.objects.filter(verb="volunteers.feedback_given").first()
    assert told is not None and told.actor == User.objects.door() and told.data == {"stars": 5}, "no word, no device"


def test_a_panel_weighs_and_says_how(cast: Cast) -> None:
    project = make_project(cast.place.micros[0], cast.lead)
    one, other = make_volunteer(cast.place.micros[0]), make_volunteer(cast.place.micros[1])
    served(one, project, 120)
    for number, stars in enumerate((5, 4, 5)):
        say(project, stars, str(number))
    panel = a_panel(cast)
    for user, part in ((cast.worker, "social_worker"), (cast.lead, "social_worker"), (cast.total_lead, "committee")):
        panels.seat_member(panel=panel, user=user, part=part, by=cast.street, at=OCTOBER)
    assert Notice.objects.filter(user=cast.worker, text__contains="panel").count() == 1
    first, second = panels.put_forward(panel=panel, volunteers=[one, other], by=cast.street, at=OCTOBER)
    assert panels.put_forward(panel=panel, volunteers=[one], by=cast.street, at=OCTOBER) == []

    def score(user: User, candidate: Candidate, points: int | None) -> None:
        panels.score_candidate(panel=panel, candidate=candidate.pk, points=points, by=user, at=OCTOBER)

    refused(Forbidden, "forbidden", lambda: score(cast.street, first, 90), Score)
    score(cast.worker, first, 80), score(cast.lead, first, 91), score(cast.total_lead, first, 70)
    score(cast.worker, first, 90)
    for wrong in (101, -1):
        refused(Invalid, "invalid", lambda wrong=wrong: score(cast.worker, first, wrong), Score)
    refused(Invalid, "invalid", lambda: score(cast.worker, Candidate(pk=0), 1), Score)
    score(cast.worker, second, 60), score(cast.lead, second, None)
    close = lambda: panels.close_panel(panel=panel, by=cast.street, at=OCTOBER)  # noqa: E731
    refused(Conflict, "missing", close, Candidate, Panel)
    refused(Conflict, "scored", lambda: panels.leave_out(panel=panel, user=cast.total_lead, by=cast.street, at=OCTOBER))
    score(cast.total_lead, second, None)
    close()
    first.refresh_from_db(), second.refresh_from_db()
    # Residents 14 of 15 stars, 40 %; 90.5, 30 %; 70, 30 %.
    assert (first.residents, first.voices, first.result) == (9333, 3, (40 * 9333 + 30 * 9050 + 30 * 7000) // 100)
    assert (second.residents, second.voices, second.result) == (None, 0, 6000), "who said nothing weighs nothing"
    told = reckon(Panel.objects.for_detail().get(pk=panel.pk))
    assert told[first.pk].result == first.result
    assert [(line.what, line.weight, line.voices, line.points, line.counts) for line in told[second.pk].lines] == [
        ("residents", 40, 0, None, 0), ("social_worker", 30, 1, 60, 100), ("committee", 30, 0, None, 0),
    ]  # fmt: skip
    refused(Conflict, "closed", lambda: score(cast.worker, first, 100), Score)
    refused(Conflict, "closed", close)


def test_nobody_scores_themselves_their_squad_or_those_beside_them(cast: Cast) -> None:
    led, beside, free = (make_volunteer(cast.place.micros[0]) for _n in range(3))
    own = make_volunteer(cast.place.micros[0], user=cast.worker)
    squads = [
        Squad.objects.create(grid=cast.place.comprehensives[0], kind="patrol", name=name, lead=lead, made_by=cast.lead, made_at=MONDAY)
        for name, lead in (("一队", cast.worker), ("二队", None), ("旧队", cast.worker))
    ]  # fmt: skip
    for squad, volunteer, until in (
        (squads[0], led, None), (squads[1], own, None), (squads[1], beside, LAST), (squads[2], free, FIRST - DAY),
    ):  # fmt: skip
        Member.objects.create(squad=squad, volunteer=volunteer, since=dt.date(2026, 1, 1), until=until)
    panel = a_panel(cast)
    panels.seat_member(panel=panel, user=cast.worker, part="social_worker", by=cast.street, at=OCTOBER)
    rows = panels.put_forward(panel=panel, volunteers=[led, beside, free, own], by=cast.street, at=OCTOBER)
    near = near_of(Panel.objects.for_detail().get(pk=panel.pk))
    assert [near.get((cast.worker.pk, row.pk)) for row in rows] == ["leads", "shares", None, "self"]
    for row in (rows[0], rows[1], rows[3]):
        say_so = lambda row=row: panels.score_candidate(  # noqa: E731
            panel=panel, candidate=row.pk, points=100, by=cast.worker, at=OCTOBER
        )
        refused(Conflict, "partial", say_so, Score)
    panels.score_candidate(panel=panel, candidate=rows[0].pk, points=None, by=cast.worker, at=OCTOBER)
    panels.score_candidate(panel=panel, candidate=rows[2].pk, points=75, by=cast.worker, at=OCTOBER)
    refused(Conflict, "silent", lambda: panels.close_panel(panel=panel, by=cast.street, at=OCTOBER), Candidate)
    assert sorted(Record.objects.filter(verb__in=["volunteers.scored", "volunteers.stepped_back"]).values_list("verb", flat=True)) == [
        "volunteers.scored", "volunteers.stepped_back",
    ]  # fmt: skip


def test_a_panel_is_kept_by_organisers_and_as_it_should_be(cast: Cast) -> None:
    for who in (cast.outsider, cast.worker):
        refused(Forbidden, "forbidden", lambda who=who: panels.open_panel(
            grid=cast.place.street, title="x", first=FIRST, last=LAST, by=who, at=OCTOBER), Panel)  # fmt: skip
    for wrong in (
        {"title": " "}, {"first": LAST, "last": FIRST}, {"last": dt.date(2027, 1, 1)}, {"first": dt.date(2024, 1, 1)},
        {"weights": {"residents": 50, "social_worker": 50, "committee": 50}}, {"weights": {"residents": 100}},
        {"weights": {"residents": 120, "social_worker": -20, "committee": 0}},
    ):  # fmt: skip
        refused(Invalid, "invalid", lambda wrong=wrong: a_panel(cast, **wrong), Panel)
    panel = a_panel(cast, weights={"residents": 20, "social_worker": 40, "committee": 40})
    assert panel.weights == {"residents": 20, "social_worker": 40, "committee": 40}
    volunteer = make_volunteer(cast.place.micros[0])
    seat = lambda user, part="committee": panels.seat_member(  # noqa: E731
        panel=panel, user=user, part=part, by=cast.street, at=OCTOBER
    )
    refused(Invalid, "invalid", lambda: seat(volunteer.user))
    refused(Invalid, "invalid", lambda: seat(cast.worker, "jury"))
    seat(cast.worker)
    refused(Conflict, "seated", lambda: seat(cast.worker))
    panels.leave_out(panel=panel, user=cast.worker, by=cast.street, at=OCTOBER)
    refused(Invalid, "invalid", lambda: panels.leave_out(panel=panel, user=cast.worker, by=cast.street, at=OCTOBER))
    refused(Conflict, "empty", lambda: panels.close_panel(panel=panel, by=cast.street, at=OCTOBER))
    far = make_volunteer(Grid.objects.get(code="990101002001001001"))
    for one in (far, make_volunteer(cast.place.micros[0], state="paused")):
        put = lambda one=one: panels.put_forward(panel=panel, volunteers=[one], by=cast.street, at=OCTOBER)  # noqa: E731
        refused(Invalid, "invalid", put, Candidate)
    for act in (lambda: panels.close_panel(panel=panel, by=cast.outsider, at=OCTOBER),):
        with pytest.raises(Panel.DoesNotExist):
            act()


def test_stars_and_half_hours() -> None:
    assert [(standing_of(n).hours, standing_of(n).stars, standing_of(n).next_at) for n in (0, 29, 59, 5999, 6000, 90_000)] == [
        (0, 0, 100), (0, 0, 100), (0.5, 0, 100), (99.5, 0, 100), (100, 1, 300), (1500, 5, None),
    ]  # fmt: skip
    assert standing_of(36_000).shown == "★★★☆☆"


def test_the_official_record_says_what_the_ledger_says(cast: Cast) -> None:
    volunteer = make_volunteer(cast.place.micros[0])
    ask = lambda by=volunteer.user, **given: certificates.issue_record(  # noqa: E731
        volunteer=volunteer, **{"first": FIRST, "last": LAST, "by": by, "at": OCTOBER, **given}
    )
    refused(Conflict, "no_hours", ask, Certificate)
    care, patrol = (make_project(cast.place.micros[0], cast.lead, title=title) for title in ("助老", "巡逻"))
    served(volunteer, care, 100, 2), served(volunteer, care, 60, 9), served(volunteer, patrol, 45, 3)
    gone = served(volunteer, patrol, 240, 4)
    HoursEntry.objects.create(
        volunteer=volunteer, kind="reversal", minutes=-240, sign_up=gone, reverses=gone.hours.get(), day=gone.shift.starts_at.date(),
        reason="重复登记", by=cast.lead, at=MONDAY,
    )  # fmt: skip
    refused(Conflict, "no_issuer", ask, Certificate)
    issuer(cast)
    made = ask()
    assert (made.no, made.state, len(made.code)) == ("990101001-H2026-00001", "issued", 16)
    assert made.said == {
        "first": "2026-09-01", "last": "2026-09-30", "minutes": 205,
        "lines": [
            {"title": "助老", "first": "2026-09-09", "last": "2026-09-16", "hours": 2.5},
            {"title": "巡逻", "first": "2026-09-10", "last": "2026-09-11", "hours": 0.5},
        ],
        "issuer": "幸福街道办事处", "responsible": "王主任", "handler": "李干事", "contact": "010-1111111",
    }  # fmt: skip
    assert volunteer.name not in str(made.said)
    assert ask() == made, "asked for again it is the same paper"
    issuer(cast, cast.place.totals[0], "幸福社区")
    by_desk = ask(cast.lead)
    assert (by_desk.no, by_desk.said["issuer"], by_desk.said["handler"]) == (
        "990101001-H2026-00002", "幸福社区", cast.lead.full_name,
    )  # fmt: skip
    refused(Invalid, "invalid", lambda: ask(last=OCTOBER.date() + DAY), Certificate)
    refused(Invalid, "invalid", lambda: ask(first=LAST, last=FIRST), Certificate)
    for stranger in (cast.outsider, cast.worker, make_volunteer(cast.place.micros[0]).user):
        with pytest.raises(Volunteer.DoesNotExist):
            ask(stranger)
    volunteer.change(forgotten_at=OCTOBER, name="", state="left")
    refused(Conflict, "no_record", ask, Certificate)
    refused(Conflict, "forgotten", lambda: certificates.note_print(certificate=made, by=cast.lead, at=OCTOBER))


def honoured(cast: Cast, volunteer: Volunteer) -> Certificate:
    panel = a_panel(cast)
    panels.seat_member(panel=panel, user=cast.worker, part="social_worker", by=cast.street, at=OCTOBER)
    (row,) = panels.put_forward(panel=panel, volunteers=[volunteer], by=cast.street, at=OCTOBER)
    honour = lambda: certificates.honour(  # noqa: E731
        panel=panel, candidate=row.pk, title="星级志愿者", words="热心助老", by=cast.street, at=OCTOBER
    )
    refused(Conflict, "scoring", honour, Certificate)
    panels.score_candidate(panel=panel, candidate=row.pk, points=88, by=cast.worker, at=OCTOBER)
    panels.close_panel(panel=panel, by=cast.street, at=OCTOBER)
    made = honour()
    refused(Conflict, "honoured", honour, Certificate)
    return made


def test_an_honour_stands_open_before_it_is_issued(cast: Cast) -> None:
    issuer(cast)
    volunteer = make_volunteer(cast.place.micros[0])
    made = honoured(cast, volunteer)
    assert (made.state, made.no, made.public_until) == (
        "publicity", "990101001-R2026-00001", OCTOBER.date() + 7 * DAY,
    )  # fmt: skip
    door = User.objects.door()
    early = lambda at=OCTOBER: certificates.issue_certificate(certificate=made, by=cast.street, at=at)  # noqa: E731
    refused(Conflict, "too_early", lambda: early(OCTOBER + 7 * DAY), Certificate)
    object_ = lambda voice="a", at=OCTOBER, words="没有参加过": certificates.object_to(  # noqa: E731
        certificate=made, words=words, voice=voice, by=door, at=at
    )
    refused(Invalid, "invalid", lambda: object_(words=" "), Objection)
    objection = object_()
    refused(Conflict, "said", object_, Objection)
    refused(Conflict, "over", lambda: object_("b", OCTOBER + 8 * DAY), Objection)
    refused(Conflict, "objected", lambda: early(OCTOBER + 8 * DAY), Certificate)
    issue_honours([], OCTOBER + 8 * DAY)
    made.refresh_from_db()
    assert made.state == "publicity"
    with pytest.raises(Objection.DoesNotExist):
        certificates.answer_objection(objection=objection, upheld=False, answer="已核实", by=cast.outsider, at=OCTOBER)
    certificates.answer_objection(objection=objection, upheld=False, answer="已核实，属实", by=cast.lead, at=OCTOBER)
    again = lambda: certificates.answer_objection(  # noqa: E731
        objection=objection, upheld=True, answer="再看", by=cast.lead, at=OCTOBER
    )
    refused(Conflict, "answered", again, Certificate, Objection)
    issue_honours([], OCTOBER + 7 * DAY)
    made.refresh_from_db()
    assert made.state == "publicity", "the last day belongs to it"
    issue_honours([], OCTOBER + 8 * DAY)
    made.refresh_from_db()
    assert (made.state, made.issued_at) == ("issued", OCTOBER + 8 * DAY)
    assert [one.key for one in Notice.objects.filter(user=volunteer.user).order_by("pk")] == [
        f"certificate:{made.pk}:publicity", f"certificate:{made.pk}:issued",
    ]  # fmt: skip
    take_back = lambda reason, by=cast.street: certificates.withdraw_certificate(  # noqa: E731
        certificate=made, reason=reason, by=by, at=OCTOBER + 9 * DAY
    )
    refused(Invalid, "invalid", lambda: take_back(""), Certificate)
    with pytest.raises(Certificate.DoesNotExist):
        take_back("不实", cast.outsider)
    refused(Forbidden, "forbidden", lambda: take_back("不要了", volunteer.user), Certificate)
    take_back("材料不实")
    refused(Conflict, "withdrawn", lambda: take_back("再一次"), Certificate)
    found = verified(f"{made.code[:8]}-{made.code[8:].lower()} ")
    assert found is not None and not found.is_good and found.certificate.reason == "材料不实"
    refused(Conflict, "not_issued", lambda: certificates.note_print(certificate=made, by=cast.street, at=OCTOBER))
    for forged in ("", "X" * 16, "²", "%00", made.no, "0" * 400):
        assert verified(forged) is None


def test_an_upheld_objection_withdraws(cast: Cast) -> None:
    issuer(cast)
    made = honoured(cast, make_volunteer(cast.place.micros[0]))
    objection = certificates.object_to(
        certificate=made, words="没有参加过", voice="a", by=User.objects.door(), at=OCTOBER
    )
    certificates.answer_objection(objection=objection, upheld=True, answer="核实后撤销", by=cast.lead, at=OCTOBER)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("withdrawn", "核实后撤销")
    refused(
        Conflict, "not_public", lambda: certificates.issue_certificate(certificate=made, by=cast.street, at=OCTOBER)
    )
