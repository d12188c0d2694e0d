"""A file from its opening to its end: what the law asks on the way, and what the case hears of it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Notice, User
from cases.choices import Hold, PauseReason, Urgency
from cases.models import Case
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Job, Record
from mediation import actions
from mediation.actions.limits import KIND, warn
from mediation.actions.meeting import RecordChanged
from mediation.actions.parties import PartyData
from mediation.admin.referring import CASE_VERBS
from mediation.choices.files import Consent, Danger, FileState, Outcome, PartyRole, SessionKind, SessionState, Source
from mediation.choices.people import DisputeKind
from mediation.models import Committee, Mediation, Mediator, Session
from tests.cases.desk import desk, walk
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_room, seat

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BOTH = (PartyData(PartyRole.APPLICANT, "赵当事", phone="13900020001"), PartyData(PartyRole.RESPONDENT, "钱对方"))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def committee(cast: Cast) -> Committee:
    return make_committee(cast.place.comprehensives[0])


@pytest.fixture
def mediator(committee: Committee) -> Mediator:
    found = make_mediator(committee.grid)
    seat(committee, found)
    return found


def opened(committee: Committee, by: User, **values: Any) -> Mediation:
    given = {
        "kind": DisputeKind.NEIGHBOUR_LEAK,
        "source": Source.PARTY,
        "title": "卫生间漏水",
        "parties": BOTH,
        "at": MONDAY,
    }
    return actions.open_file(committee=committee.pk, by=by, **{**given, **values})


def refused(code: str, act: Any, **given: Any) -> Refusal:
    """ACT is refused with CODE, and no record was written."""
    before = Record.objects.count()
    with pytest.raises(Refusal) as caught:
        act(**given)
    assert caught.value.code == code
    assert Record.objects.count() == before
    return caught.value


def test_a_file_is_opened_by_who_mediates_there_accepted_with_a_number_and_watched(
    committee: Committee, mediator: Mediator, cast: Cast
) -> None:
    by, director = mediator.user, director_of(committee)
    assert by is not None
    for stranger in (cast.street, cast.lead):
        refused("forbidden", opened, committee=committee, by=stranger)
    # Who sees no committee here is told what is told of one that isn't there, in the same words.
    unseated = make_mediator(committee.grid).user
    assert unseated
    elsewhere = refused("invalid", opened, committee=committee, by=unseated)
    nowhere = refused("invalid", opened, committee=Committee(pk=committee.pk + 1000), by=unseated)
    assert (elsewhere.field, str(elsewhere)) == (nowhere.field, str(nowhere))
    assert not Mediation.objects.exists()
    refused("invalid", opened, committee=committee, by=by, parties=[PartyData("judge", "孙某")])
    refused("invalid", opened, committee=committee, by=by, parties=[])
    file = opened(committee, by, parties=BOTH[:1])
    assert (file.state, file.no, file.due_at) == (FileState.APPLIED, "", None)
    assert [(one.mediator, one.is_lead) for one in file.assignments.all()] == [(mediator, True)]
    assert Notice.objects.get(user=director, kind="application").params == {"no": f"#{file.pk}"}
    refused("one_side", actions.accept_file, mediation=file, by=director, at=MONDAY)
    other = actions.add_party(mediation=file, data=BOTH[1], by=by, at=MONDAY)
    actions.say_consent(party=other, agreed=False, by=by, at=MONDAY)
    said = refused("refused", actions.accept_file, mediation=file, by=director, at=MONDAY)
    assert "第十七条" in str(said)
    actions.say_consent(party=other, agreed=True, by=by, at=MONDAY)
    accepted = actions.accept_file(mediation=file, by=director, at=MONDAY)
    assert (accepted.state, accepted.no) == (FileState.RUNNING, f"({MONDAY.year}){committee.short}人调字第1号")
    assert accepted.due_at == MONDAY + 30 * DAY
    second = actions.accept_file(mediation=opened(committee, by), by=by, at=MONDAY)
    assert second.no.endswith("第2号")
    refused("state", actions.accept_file, mediation=file, by=director, at=MONDAY)
    assert Job.objects.get(kind=KIND, key=str(file.pk)).due_at == MONDAY + 25 * DAY
    assert warn(file.pk, MONDAY + 25 * DAY) == accepted.due_at
    assert warn(file.pk, MONDAY + 30 * DAY) is None
    assert Notice.objects.filter(user=by, subject_id=file.pk, kind__in=["near", "breach"]).count() == 2
    assert Notice.objects.filter(user=director, subject_id=file.pk, kind="breach").count() == 1
    # What the records say is numbers and states.
    told = str([row.data for row in Record.objects.filter(subject_type="mediation.mediation")])
    assert not any(word in told for word in ("赵当事", "钱对方", "漏水", "139"))


def test_a_file_is_extended_by_both_withdrawn_declined_and_ended_with_the_other_ways_told(
    committee: Committee, mediator: Mediator
) -> None:
    by = director_of(committee)
    file = make_file(committee, mediator)
    first, second = file.parties.all()
    until = MONDAY + 60 * DAY
    actions.want_more_time(party=first, by=by, at=MONDAY)
    refused("not_agreed", actions.extend_file, mediation=file, until=until, by=by, at=MONDAY)
    actions.want_more_time(party=second, by=by, at=MONDAY)
    refused("invalid", actions.extend_file, mediation=file, until=MONDAY + 30 * DAY, by=by, at=MONDAY)
    assert actions.extend_file(mediation=file, until=until, by=by, at=MONDAY + DAY).due_at == until
    refused("not_agreed", actions.extend_file, mediation=file, until=until + DAY, by=by, at=MONDAY + DAY)
    end = {"mediation": file, "reason": "分歧太大", "by": by, "at": MONDAY}
    said = refused("invalid", actions.end_file, outcome=Outcome.FAILED, **end)
    assert "第二十六条" in str(said) and (said.field, Mediation.objects.get().state) == ("informed", FileState.RUNNING)
    refused("invalid", actions.end_file, outcome=Outcome.REFUSED, informed=True, **end)
    refused("invalid", actions.end_file, outcome=Outcome.AGREED_WRITTEN, informed=True, **end)
    ended = actions.end_file(outcome=Outcome.FAILED, informed=True, **end)
    assert (ended.state, ended.outcome, ended.informed_at) == (FileState.ENDED, Outcome.FAILED, MONDAY)
    assert not Job.objects.filter(kind=KIND).exists()
    applied = make_file(committee, mediator, state=FileState.APPLIED)
    assert (
        actions.decline_file(mediation=applied, reason="不属于调解范围", by=by, at=MONDAY).state == FileState.DECLINED
    )
    gone = actions.withdraw_file(mediation=make_file(committee, mediator), reason="已和解", by=by, at=MONDAY)
    assert (gone.state, gone.outcome) == (FileState.ENDED, Outcome.WITHDRAWN)


def test_the_case_stands_still_while_it_is_mediated_and_hears_how_it_ended(cast: Cast, committee: Committee) -> None:
    case = walk(cast, "handling")
    given = {
        "case": case,
        "committee": committee.pk,
        "kind": DisputeKind.NEIGHBOUR_LEAK,
        "facts": "漏水",
        "at": MONDAY + DAY,
    }
    # A button of its own for what the matter list calls a dispute, in the menu for all else.
    for key, menu in (("dispute_mediation.neighbour_leak", ""), ("city.rubbish", "更多")):
        case.category.key = key
        assert CASE_VERBS[0].menu_of(case) == menu
    refused("forbidden", actions.refer_case, by=cast.worker, **given)
    with pytest.raises(Case.DoesNotExist):
        actions.refer_case(by=cast.outsider, **given)
    file = actions.refer_case(by=cast.lead, respondent="钱对方", **given)
    refused("in_mediation", actions.refer_case, by=cast.lead, **given)
    with pytest.raises(Mediation.DoesNotExist):
        Mediation.objects.visible_to(cast.lead).get(pk=file.pk)
    by = director_of(committee)
    actions.add_party(mediation=file, data=BOTH[0], by=by, at=MONDAY + DAY)
    case.refresh_from_db()
    assert case.hold == Hold.NONE
    file = actions.accept_file(mediation=file, by=by, at=MONDAY + DAY)
    case.refresh_from_db()
    pause = case.pauses.get()
    assert (case.hold, case.hold_until, pause.cause) == (Hold.SUSPENDED, file.due_at, PauseReason.IN_MEDIATION)
    for party in file.parties.all():
        actions.want_more_time(party=party, by=by, at=MONDAY + 2 * DAY)
    until = MONDAY + 40 * DAY
    actions.extend_file(mediation=file, until=until, by=by, at=MONDAY + 2 * DAY)
    case.refresh_from_db()
    assert case.hold_until == until
    page = desk(cast.lead).get(f"/admin/cases/case/{case.pk}/change/").content.decode()
    assert "第1号" in page and "钱对方" not in page
    due = case.due_at
    actions.end_file(mediation=file, outcome=Outcome.FAILED, reason="未成", informed=True, by=by, at=MONDAY + 3 * DAY)
    case.refresh_from_db()
    assert case.hold == Hold.NONE and case.due_at != due
    note = Record.objects.filter(verb="cases.resumed", subject_id=case.pk).get().data["note"]
    assert file.no in note and "未成" not in note
    assert Notice.objects.filter(user=cast.lead, subject_type="mediation.mediation").count() == 1
    # An emergency is not handed over.
    urgent = walk(cast, "handling")
    urgent.change(urgency=Urgency.EMERGENCY)
    refused("emergency", actions.refer_case, by=cast.lead, **{**given, "case": urgent})


def test_parties_meet_where_both_want_to_in_a_free_room_with_helpers_all_agreed_to(
    cast: Cast, committee: Committee, mediator: Mediator
) -> None:
    by, file, room = director_of(committee), make_file(committee, mediator), make_room(committee.grid)
    first, second = file.parties.all()
    plan = {
        "mediation": file, "kind": SessionKind.MEDIATION, "starts_at": MONDAY + DAY, "ends_at": MONDAY + DAY * 1.1, "room": room,
        "mediators": [mediator.pk], "by": by, "at": MONDAY,
    }  # fmt: skip
    for odd in (
        {"ends_at": MONDAY},
        {"kind": "party"},
        {"room": None},
        {"mediators": []},
        {"mediators": [10**9]},
        {"panel": [5]},
        {
            "starts_at": dt.datetime(9999, 12, 31, 20, tzinfo=dt.UTC),
            "ends_at": dt.datetime(9999, 12, 31, 22, tzinfo=dt.UTC),
        },
        {"starts_at": dt.datetime(1, 1, 2, tzinfo=dt.UTC), "ends_at": dt.datetime(1, 1, 2, 1, tzinfo=dt.UTC)},
    ):
        refused("invalid", actions.plan_session, **{**plan, **odd})
    second.change(consent=Consent.REFUSED)
    assert "第十七条" in str(refused("refused", actions.plan_session, **plan))
    second.change(consent=Consent.ASKED)
    refused("not_agreed", actions.plan_session, **plan)
    second.change(consent=Consent.AGREED)
    expert = actions.invite_helper(mediation=file, kind="neighbour", name="孙邻居", by=by, at=MONDAY)
    actions.agree_to_helper(helper=expert, party=first, by=by, at=MONDAY)
    hearing = {**plan, "kind": SessionKind.HEARING, "panel": [expert.pk]}
    assert "第二十条" in str(refused("not_agreed", actions.plan_session, **hearing))
    assert actions.plan_session(**plan).attendances.count() == 2
    assert refused("booked", actions.plan_session, **{**plan, "place": "x"})
    actions.agree_to_helper(helper=expert, party=second, by=by, at=MONDAY)
    session = actions.plan_session(**{**hearing, "starts_at": MONDAY + 2 * DAY, "ends_at": MONDAY + 2.1 * DAY})
    assert [(str(one), one.on_panel) for one in session.attendances.order_by("pk")][2] == ("孙邻居", True)
    with pytest.raises(Conflict):
        actions.drop_helper(helper=expert, by=by, at=MONDAY)
    with pytest.raises(Session.DoesNotExist):
        actions.cancel_session(session=session, reason="x", by=cast.street, at=MONDAY)
    off = actions.cancel_session(session=session, reason="当事人生病", by=by, at=MONDAY)
    assert off.state == SessionState.CANCELLED


def test_of_an_inquiry_one_says_who_is_heard(committee: Committee, mediator: Mediator) -> None:
    by, file = director_of(committee), make_file(committee, mediator)
    first, second = file.parties.order_by("pk")
    plan = {"mediation": file, "place": "居委会", "mediators": [mediator.pk], "by": by, "at": MONDAY}

    def on(day: int) -> dict[str, Any]:
        return {**plan, "starts_at": MONDAY + day * DAY, "ends_at": MONDAY + (day + 0.1) * DAY}

    def called(session: Session) -> list[int]:
        return list(session.attendances.order_by("party").values_list("party", flat=True))

    stranger = make_file(committee).parties.all()[0].pk
    for kind, keys in ((SessionKind.MEDIATION, [first.pk]), (SessionKind.INQUIRY, [first.pk, stranger])):
        odd = refused("invalid", actions.plan_session, **on(1), kind=kind, parties=keys)
        assert odd.field == "parties"
    alone = actions.plan_session(**on(1), kind=SessionKind.INQUIRY, parties=[second.pk])
    both = actions.plan_session(**on(2), kind=SessionKind.INQUIRY)
    together = actions.plan_session(**on(3), kind=SessionKind.MEDIATION, parties=[second.pk, first.pk])
    assert [called(one) for one in (alone, both, together)] == [
        [second.pk],
        [first.pk, second.pk],
        [first.pk, second.pk],
    ]
    # Whoever is named later is called to what is for all.
    late = actions.add_party(mediation=file, data=PartyData(PartyRole.THIRD, "孙第三"), by=by, at=MONDAY)
    assert [late.pk in called(one) for one in (alone, both, together)] == [False, False, True]
    # At the desk all are ticked at first.
    client, address = desk(by), f"/admin/mediation/mediation/{file.pk}/do/plan/"
    assert client.get(address).context["form"]["parties"].initial == [first.pk, second.pk, late.pk]
    soon = timezone.localtime() + DAY
    said = {
        "kind": "inquiry", "starts_at": f"{soon:%Y-%m-%dT%H:%M}", "ends_at": f"{soon + 0.1 * DAY:%Y-%m-%dT%H:%M}",
        "place": "居委会", "mediators": [mediator.pk], "parties": [first.pk],
    }  # fmt: skip
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert called(Session.objects.latest("pk")) == [first.pk]


def test_a_record_is_written_once_by_one_of_two_and_only_of_those_who_knew_their_rights(
    committee: Committee, mediator: Mediator
) -> None:
    by, file = director_of(committee), make_file(committee, mediator)
    plan = {"starts_at": MONDAY + DAY, "ends_at": MONDAY + DAY * 1.1, "place": "居委会", "mediators": [mediator.pk]}
    session = actions.plan_session(mediation=file, kind=SessionKind.MEDIATION, **plan, by=by, at=MONDAY)
    keys = [one.pk for one in session.attendances.order_by("pk")]
    write = {"session": session, "record": "双方到场。", "version": 0, "came": keys, "by": by, "at": MONDAY + DAY}
    refused("not_begun", actions.write_record, **{**write, "at": MONDAY})
    refused("invalid", actions.write_record, **{**write, "record": " "})
    refused("invalid", actions.write_record, **{**write, "came": [10**9]})
    first = file.parties.all()[0]
    first.change(told_at=None)
    refused("not_told", actions.write_record, **write)
    actions.tell_rights(party=first, by=by, at=MONDAY)
    kept = actions.write_record(**write)
    assert (kept.state, kept.version, kept.recorded_by) == (SessionState.HELD, 1, by)
    with pytest.raises(RecordChanged) as caught:
        actions.write_record(**{**write, "record": "另一份", "by": mediator.user})
    assert (caught.value.newer, caught.value.version) == ("双方到场。", 1)
    assert Session.objects.get().record == "双方到场。"
    # At the desk the newer text stands above the own one, which may be sent again.
    client, address = desk(mediator.user), f"/admin/mediation/mediation/{file.pk}/do/record/"  # type: ignore[arg-type]
    said = {"session": session.pk, "version": 0, "record": "补充一句", "came": keys}
    answer = client.post(address, said)
    assert (
        answer.status_code == 400 and "双方到场。" in answer.content.decode() and "补充一句" in answer.content.decode()
    )
    assert client.post(address, {**said, "version": 1}).status_code == 302
    assert Session.objects.get().record == "补充一句"
    hard = actions.plan_session(
        mediation=file, kind=SessionKind.INQUIRY, **{**plan, "starts_at": MONDAY + DAY * 2, "ends_at": MONDAY + DAY * 2.1}, by=by,
        at=MONDAY,
    )  # fmt: skip
    hard.change(kind=SessionKind.HEARING)
    refused("invalid", actions.write_record, **{**write, "session": hard, "came": [], "at": MONDAY + 2 * DAY})


def test_danger_is_reported_at_once_and_stops_mediation(cast: Cast, committee: Committee, mediator: Mediator) -> None:
    file, by = make_file(committee, mediator), mediator.user
    assert by
    with pytest.raises(Invalid, match="第二十五条"):
        actions.report_danger(mediation=file, danger=Danger.CRIME, told=" ", by=by, at=MONDAY)
    ended = actions.report_danger(mediation=file, danger=Danger.CRIME, told="派出所王警官", by=by, at=MONDAY)
    assert (ended.state, ended.outcome, ended.informed_at) == (FileState.ENDED, Outcome.TERMINATED, None)
    notice = Notice.objects.get(user=cast.street, subject_id=file.pk)
    assert notice.urgent and "王警官" not in str(notice.params) and notice.params["no"] == file.no
    assert actions.tell_ways(mediation=file, by=by, at=MONDAY).informed_at == MONDAY
    refused("told", actions.tell_ways, mediation=file, by=by, at=MONDAY)


def test_the_desk_opens_a_file_shows_it_and_the_workbench_and_takes_odd_input(
    committee: Committee, mediator: Mediator
) -> None:
    by = mediator.user
    assert by
    client = desk(by)
    given = {
        "committee": committee.pk, "source": "party", "kind": "neighbour_leak", "title": "楼道堆物", "people": 2, "applicant": "赵当事",
        "respondent": "钱对方", "facts": "堆放", "points": "清理", "happened_at": "三幢", "reference": "", "applicant_phone": "",
        "respondent_phone": "",
    }  # fmt: skip
    answer = client.post("/admin/mediation/mediation/add/", given)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    file = Mediation.objects.get()
    assert [one.name for one in file.parties.all()] == ["赵当事", "钱对方"]
    page = f"/admin/mediation/mediation/{file.pk}/"
    assert "楼道堆物" in client.get("/admin/mediation/mediation/mine/").content.decode()
    assert "赵当事" in client.get("/admin/mediation/mediation/?q=赵当事").content.decode()
    party = file.parties.all()[1]
    assert client.post(f"{page}do/consent/", {"party": party.pk, "agreed": "yes"}).status_code == 302
    assert client.post(f"{page}do/accept/").status_code == 302
    shown = client.get(f"{page}change/").content.decode()
    assert "第1号" in shown and "钱对方" in shown
    for name in (
        "change",
        "end",
        "danger",
        "withdraw",
        "add-party",
        "change-party",
        "rights",
        "more-time",
        "invite",
        "plan",
    ):
        for query in ("", "?party=²", f"?party={party.pk}&session=x"):
            assert client.get(f"{page}do/{name}/{query}").status_code == 200, name
    for name in ("consent", "rights", "change-party", "record", "plan"):
        odd = {
            "party": "9" * 30,
            "session": "²",
            "version": "x",
            "mediators": ["\x00"],
            "room": "-1",
            "agreed": "yes",
            "name": "x",
        }
        assert client.post(f"{page}do/{name}/", odd).status_code in {302, 400, 404}, name
    idle = desk(make_user(Role.MEDIATOR))
    assert idle.get("/admin/mediation/mediation/add/").status_code == 403
    assert idle.get("/admin/mediation/mediation/mine/").status_code == 200
    assert idle.get(f"{page}do/end/").status_code == 404
    with pytest.raises((Forbidden, Mediation.DoesNotExist)):
        actions.withdraw_file(mediation=file, reason="x", by=make_user(Role.STREET), at=MONDAY)
