"""An agreement is written, signed by all and sealed; nothing else makes it hold (人民调解法 28, 29)."""

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Job, Record
from mediation.actions.agreements import withdraw_text, write_agreement
from mediation.actions.parties import PartyData, add_party, change_party
from mediation.choices.deeds import AgreementForm, PaperKind, SignedBy, SignedHow
from mediation.choices.files import Consent, FileState, Outcome
from mediation.models import Agreement, Mediation, Paper, Party, PartyLink, Session, Signature, Task
from mediation.reports.signing import record_digest, signers
from mediation.rules.agreements import TaskData
from tests.factories import MONDAY, make_user
from tests.mediation.agreed import DEADLINE, THURSDAY, TUESDAY, WEDNESDAY, Told, make_told
from tests.mediation.people import make_mediator, make_party, make_session

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def told() -> Told:
    return make_told()


def stands(told: Told) -> tuple[Any, ...]:
    """All that a refused verb must leave alone."""
    file = Mediation.objects.values_list("state", "outcome", "version").get(pk=told.file.pk)
    agreement = Agreement.objects.filter(mediation=told.file).values_list("digest", "effective_on").first()
    counts = (Signature.objects.count(), Task.objects.count(), Record.objects.count(), Job.objects.count())
    return (*file, agreement, *counts)


def refused(told: Told, kind: type[Refusal], act: Any, *said: str, field: str | None = None, code: str = "") -> None:
    before = stands(told)
    with pytest.raises(kind) as caught, transaction.atomic():
        act()
    assert all(words in str(caught.value) for words in said), str(caught.value)
    assert field is None or caught.value.field == field
    assert not code or caught.value.code == code
    assert stands(told) == before


def test_written_signed_and_sealed_it_holds_from_the_last_signature(told: Told) -> None:
    made = told.write()
    assert (made.effective_on, made.confirm_by, Mediation.objects.get().state) == (None, None, FileState.RUNNING)
    assert list(Task.objects.values_list("party", "what", "due_on")) == [(told.parties[1].pk, "修好防水层", DEADLINE)]
    first = told.sign(party=told.parties[0].pk)
    assert (first.by_whom, first.how, first.signed_on, bool(first.file)) == ("party", "screen", WEDNESDAY.date(), True)
    # On paper, a day earlier, handed in later.
    told.sign(THURSDAY, party=told.parties[1].pk, how=SignedHow.SCAN, signed_on=TUESDAY.date())
    told.sign(mediator=told.mediator.pk)
    assert [one.signature is not None for one in signers(told.file)] == [True, True, True, False]
    assert Agreement.objects.get().effective_on is None
    told.sign(THURSDAY, seal=True, picture=b"", by=told.director)
    made, file = Agreement.objects.get(), Mediation.objects.get()
    # The thirtieth day is a Saturday.
    assert (made.effective_on, made.confirm_by) == (THURSDAY.date(), THURSDAY.date() + 32 * DAY)
    assert (file.state, file.outcome, file.ended_at) == (FileState.ENDED, Outcome.AGREED_WRITTEN, THURSDAY)
    jobs = Job.objects.filter(kind__startswith="mediation.").order_by("kind").values_list("kind", "key")
    assert [("mediation.confirm_near", str(made.pk)), ("mediation.task_due", str(Task.objects.get().pk))] == [
        job for job in jobs if job[0] in {"mediation.confirm_near", "mediation.task_due"}
    ]
    told_of = Record.objects.filter(subject_type="mediation.mediation").values_list("verb", "data")
    assert [verb for verb, _data in told_of].count("mediation.signed") == 4
    assert not any(
        word in str(data) for _verb, data in told_of for word in ("漏水", "防水", "当事", told.parties[0].name)
    )


def test_by_word_of_mouth_it_holds_at_once(told: Told) -> None:
    made = told.write(
        form=AgreementForm.ORAL, facts="", points="", manner="当场履行。", deadline=TUESDAY.date(), tasks=()
    )
    made.refresh_from_db()
    assert (made.effective_on, Mediation.objects.get().outcome) == (TUESDAY.date(), Outcome.AGREED_ORAL)
    refused(told, Conflict, told.write)


def test_by_word_of_mouth_it_holds_from_the_day_on_which_it_was_reached(told: Told) -> None:
    """Not before the dispute was accepted, not after today; and a written one names no such day."""
    said = {"form": AgreementForm.ORAL, "deadline": THURSDAY.date(), "tasks": (), "at": THURSDAY}
    for day in (MONDAY.date() - DAY, THURSDAY.date() + DAY):
        refused(told, Invalid, lambda day=day: told.write(**said, reached_on=day), "第三十条", field="reached_on")
    refused(told, Invalid, lambda: told.write(reached_on=TUESDAY.date()), "第二十九条", field="reached_on")
    made = told.write(**said, reached_on=TUESDAY.date())
    made.refresh_from_db()
    assert (made.effective_on, made.confirm_by) == (TUESDAY.date(), TUESDAY.date() + 30 * DAY)
    assert Mediation.objects.get().ended_at == THURSDAY


@pytest.mark.parametrize(
    ("values", "field", "article"),
    [
        ({"manner": " "}, "manner", "第二十九条"),
        ({"content": ""}, "content", "第二十九条"),
        ({"facts": ""}, "facts", "第二十九条"),
        ({"points": "\n"}, "points", "第二十九条"),
        ({"form": "sung"}, "form", "第二十八条"),
        ({"deadline": MONDAY.date() - DAY}, "deadline", ""),
        ({"manner": "修" * 501}, "manner", ""),
        ({"tasks": [TaskData(0, "修", DEADLINE)]}, "tasks", ""),
        ({"tasks": "late"}, "tasks", ""),
        ({"tasks": "empty"}, "tasks", ""),
        ({"tasks": "many"}, "tasks", ""),
    ],
)
def test_an_agreement_says_what_the_law_asks(told: Told, values: dict[str, Any], field: str, article: str) -> None:
    party = told.parties[0].pk
    tasks = {
        "late": [TaskData(party, "修", DEADLINE + DAY)],
        "empty": [TaskData(party, " ", DEADLINE)],
        "many": [TaskData(party, "修", DEADLINE)] * 51,
    }
    given = (
        {**values, "tasks": tasks.get(values["tasks"], values["tasks"])} if values.get("tasks") in [*tasks] else values
    )
    refused(told, Invalid, lambda: told.write(**given), article, field=field)


def test_who_can_agree(told: Told) -> None:
    """Two parties at least, all of them willing; by a reader of the file, while it is being mediated."""
    third = make_party(told.file, consent=Consent.ASKED)
    refused(told, Conflict, told.write, "第十七条", code="no_consent")
    third.delete()
    told.parties[1].delete()
    refused(told, Conflict, lambda: told.write(tasks=()), code="one_party")
    for stranger in (make_user(Role.MEDIATOR), make_user(Role.STREET), make_user(Role.AUDITOR)):
        before = stands(told)
        with pytest.raises(Mediation.DoesNotExist):
            told.write(by=stranger)
        with pytest.raises(Mediation.DoesNotExist):
            told.sign(party=told.parties[0].pk, digest="x", by=stranger)
        assert stands(told) == before


def test_words_change_until_somebody_signs_and_the_signature_is_below_what_was_read(told: Told) -> None:
    first = told.write()
    second = told.write(content="费用各付一半。", tasks=())
    assert (first.pk, Task.objects.count()) == (second.pk, 0) and first.digest != second.digest
    one = told.parties[0].pk
    refused(told, Conflict, lambda: told.sign(party=one, digest=first.digest), code="changed")
    told.sign(party=one)
    refused(told, Conflict, lambda: told.write(content="费用全由楼上承担。"), code="signed")


def test_whoever_signed_did_so_with_those_who_stood_there(told: Told) -> None:
    first, other = told.parties
    at = {"by": told.by, "at": WEDNESDAY}

    def said(party: Party, **values: Any) -> PartyData:
        return PartyData(**{field.name: getattr(party, field.name) for field in fields(PartyData)} | values)

    told.write()
    change_party(party=other, data=said(other, agent_name="周代理"), **at)
    told.sign(party=first.pk)
    other.refresh_from_db()
    for odd in ({"name": "钱改名"}, {"role": "third"}, {"agent_name": ""}, {"address": "别处", "phone": "13900990099"}):
        data = said(other, **odd)
        refused(told, Conflict, lambda data=data: change_party(party=other, data=data, **at), code="signed")
    refused(told, Conflict, lambda: add_party(mediation=told.file, data=said(first, name="孙三"), **at), code="signed")
    # By its phone a party opens the link with which it signs.
    assert change_party(party=other, data=said(other, phone="13900990099"), **at).phone == "13900990099"
    withdraw_text(mediation=told.file, reason="姓名写错", **at)
    assert change_party(party=other, data=said(other, name="钱改名"), **at).name == "钱改名"


def test_a_text_is_given_up_before_it_holds_and_everybody_signs_the_next(told: Told) -> None:
    def give_up(**values: Any) -> Agreement:
        return withdraw_text(**{"mediation": told.file, "reason": "金额写错", "by": told.by, "at": WEDNESDAY, **values})

    first, one = told.write(), told.parties[0].pk
    refused(told, Conflict, give_up, code="unsigned")
    held = make_session(told.file, told.mediator)
    held.attendances.create(party=told.parties[0], came=True)
    record_of = told.sign(party=one, session=held.pk, digest=record_digest(held))
    for party in told.parties:
        told.sign(party=party.pk)
    told.sign(mediator=told.mediator.pk)
    refused(told, Forbidden, lambda: give_up(by=told.director), code="not_mediator")
    refused(told, Invalid, lambda: give_up(reason=" "), field="reason")
    give_up()
    struck = Signature.objects.exclude(struck_at=None)
    assert list(struck.values_list("struck_at", "struck_reason")) == [(WEDNESDAY, "金额写错")] * 3
    assert Signature.objects.standing().get() == record_of and not any(each.signature for each in signers(told.file))
    data = Record.objects.get(verb="mediation.text_withdrawn").data
    assert data == {"agreement": first.pk, "signatures": 3}
    # Nobody signs what was given up, and nothing of it counts below the next text, even where the words are the same.
    refused(told, Conflict, lambda: told.sign(party=one), "第二十八条", code="no_agreement")
    refused(told, Conflict, give_up, code="unsigned")
    assert told.write(at=WEDNESDAY).digest == first.digest
    told.sign(THURSDAY, party=one)
    seal = {"seal": True, "picture": b"", "by": told.director}
    refused(told, Conflict, lambda: told.sign(THURSDAY, **seal), told.parties[1].name, code="unsigned")
    refused(told, Conflict, lambda: told.sign(THURSDAY, party=one), code="signed")
    told.sign(THURSDAY, party=told.parties[1].pk)
    told.sign(THURSDAY, mediator=told.mediator.pk)
    told.sign(THURSDAY + DAY, **seal)
    assert Agreement.objects.get().effective_on == THURSDAY.date() + DAY
    refused(told, Conflict, give_up, code="state")


def test_nobody_signs_twice_or_for_another(told: Told) -> None:
    refused(told, Conflict, lambda: told.sign(party=told.parties[0].pk, digest="x"), "第二十八条", code="no_agreement")
    told.write()
    one, stranger = told.parties[0].pk, make_told("990101002").parties[0].pk
    told.sign(party=one)
    refused(told, Conflict, lambda: told.sign(THURSDAY, party=one), "第二十九条", code="signed")
    refused(told, Invalid, lambda: told.sign(party=stranger), "第二十九条", code="wrong_party")
    refused(told, Invalid, lambda: told.sign(party=one, mediator=told.mediator.pk), field="party")
    refused(told, Invalid, told.sign, field="party")
    other = make_mediator(told.file.grid)
    refused(told, Invalid, lambda: told.sign(mediator=other.pk), "第二十九条", code="wrong_mediator")
    refused(
        told,
        Forbidden,
        lambda: told.sign(mediator=told.mediator.pk, by=told.director),
        "第二十九条",
        code="wrong_mediator",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again = Signature.objects.get()
        again.pk = None
        again.save()


def test_the_seal_is_the_directors_and_last(told: Told) -> None:
    told.write()
    refused(
        told,
        Conflict,
        lambda: told.sign(seal=True, by=told.director),
        told.parties[0].name,
        "第二十九条",
        code="unsigned",
    )
    for party in told.parties:
        told.sign(party=party.pk)
    refused(told, Conflict, lambda: told.sign(seal=True, by=told.director), told.mediator.name, code="unsigned")
    told.sign(mediator=told.mediator.pk)
    refused(told, Forbidden, lambda: told.sign(seal=True), "第二十九条", code="not_director")
    early = {"how": SignedHow.SCAN, "signed_on": TUESDAY.date(), "effective_on": TUESDAY.date()}
    refused(
        told,
        Invalid,
        lambda: told.sign(seal=True, by=told.director, **early),
        "2026-09-09",
        "第二十九条",
        field="effective_on",
    )
    told.sign(THURSDAY, seal=True, by=told.director, **{**early, "effective_on": WEDNESDAY.date()})
    assert Agreement.objects.get().effective_on == WEDNESDAY.date()
    refused(told, Conflict, lambda: told.sign(THURSDAY, party=told.parties[0].pk), code="state")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"signed_on": TUESDAY.date()}, "signed_on"),
        ({"how": SignedHow.SCAN, "signed_on": THURSDAY.date()}, "signed_on"),
        ({"how": SignedHow.SCAN, "signed_on": MONDAY.date() - DAY}, "signed_on"),
        ({"how": "spoken"}, "how"),
        ({"picture": b""}, "picture"),
        ({"how": SignedHow.SCAN, "picture": b""}, "picture"),
    ],
)
def test_how_and_when_one_signs(told: Told, values: dict[str, Any], field: str) -> None:
    told.write()
    refused(told, Invalid, lambda: told.sign(party=told.parties[0].pk, **values), field=field)


def test_what_was_signed_on_paper_is_scanned_once(told: Told) -> None:
    told.write()
    scan = {"kind": PaperKind.AGREEMENT, "title": "协议书", "file": "x.pdf", "mime": "application/pdf", "bytes": 9}
    Paper.objects.create(mediation=told.file, **scan, sha256="0" * 64, by=told.by, at=WEDNESDAY)
    made = told.sign(party=told.parties[0].pk, how=SignedHow.SCAN, picture=b"")
    assert made.file == ""


def test_a_party_signs_by_its_own_link(told: Told) -> None:
    told.write()
    door = User.objects.door()
    given = {"mediation": told.file, "digest": "d", "ends_at": WEDNESDAY + DAY, "by": told.by, "at": TUESDAY}
    link = PartyLink.objects.create(party=told.parties[1], **given)
    own = {"how": SignedHow.LINK, "via": link, "by": door}
    refused(told, Forbidden, lambda: told.sign(party=told.parties[0].pk, **own), "第二十九条", code="wrong_party")
    refused(told, Forbidden, lambda: told.sign(WEDNESDAY + DAY, party=told.parties[1].pk, **own), code="link_over")
    refused(told, Forbidden, lambda: told.sign(seal=True, **own), code="wrong_party")
    made = told.sign(party=told.parties[1].pk, **own)
    assert (made.by_whom, made.how, made.entered_by) == (SignedBy.PARTY, SignedHow.LINK, door)


def test_a_record_is_signed_too(told: Told) -> None:
    held = make_session(told.file, told.mediator)
    for party in told.parties:
        held.attendances.create(party=party, came=party == told.parties[0])
    digest = record_digest(held)
    assert [(one.by_whom, one.party, one.mediator) for one in signers(told.file, held)] == [
        (SignedBy.PARTY, told.parties[0], None), (SignedBy.MEDIATOR, None, told.mediator),
    ]  # fmt: skip
    told.write()
    first = told.sign(party=told.parties[0].pk, session=held.pk, digest=digest)
    assert first.session == held and signers(told.file)[0].signature is None
    again = {"party": told.parties[0].pk, "session": held.pk, "digest": digest}
    refused(told, Conflict, lambda: told.sign(THURSDAY, **again), code="signed")
    refused(told, Invalid, lambda: told.sign(seal=True, by=told.director, session=held.pk, digest=digest))
    refused(told, Invalid, lambda: told.sign(**{**again, "session": 0}), field="session")
    Session.objects.update(record="改过的记录。")
    refused(
        told, Conflict, lambda: told.sign(mediator=told.mediator.pk, session=held.pk, digest=digest), code="changed"
    )
    # When mediation is over, too.
    told.agree()
    held.refresh_from_db()
    told.sign(THURSDAY, mediator=told.mediator.pk, session=held.pk, digest=record_digest(held))
    assert Signature.objects.filter(session=held).count() == 2
    # Neither who was called and didn't come, nor who wasn't called.
    for absent in (told.parties[1], make_party(told.file)):
        absentee = {**again, "party": absent.pk, "digest": record_digest(held)}
        refused(told, Invalid, lambda given=absentee: told.sign(THURSDAY, **given), "第二十七条", code="not_there")


def test_the_words_are_kept_apart_from_one_another(told: Told) -> None:
    """What stands in one field is never taken for another's."""
    first = write_agreement(**told.words(facts="甲乙", points="丙", tasks=())).digest
    second = write_agreement(**told.words(facts="甲", points="乙丙", tasks=())).digest
    assert first != second
