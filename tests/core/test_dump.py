"""Whoever has the database and not the key reads nobody's phone and nobody's name: every text of every table, after people
came in through every door."""

import datetime as dt
import uuid

import pytest
from django.db import connection

from accounts.actions import open_account
from accounts.choices import Role
from accounts.models import User
from cases import actions as cases
from cases.models import Reporter
from door.actions import add_words, join_report
from door.choices import CONSENT as DOOR_CONSENT
from door.models import Slip
from fieldwork.actions import log_visit
from mediation import actions as mediation
from mediation.actions.parties import PartyData
from mediation.choices.files import PartyRole, Source
from mediation.choices.people import DisputeKind
from resources.actions import add_resource
from tests.door.residents import open_door, send, write
from tests.factories import MONDAY, make_cast, make_user
from tests.integrations.platforms import Platform, make_partner, order, settle
from tests.mediation.people import director_of, make_committee
from volunteers import actions as volunteers
from volunteers.choices.people import CONSENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
# Where one of them may stand in clear, and why. Empty: nowhere.
EXCEPT: dict[tuple[str, str], str] = {}


class People:
    """Makes up somebody at a time, with a name and a number that stand nowhere else."""

    def __init__(self) -> None:
        self.needles: list[str] = []

    def one(self) -> tuple[str, str]:
        number = len(self.needles) // 2
        found = f"鑫{chr(0x4E8D + 97 * number)}{chr(0x5A11 + 89 * number)}", f"1397531{number:04}"
        self.needles += found
        return found


def journey(people: People) -> None:
    cast = open_door(make_cast("B"))
    micro, lead, at = cast.place.micros[0], cast.lead, MONDAY
    # At the door: a report, somebody who joins, and what the first says later.
    name, phone = people.one()
    case = write(cast, name=name, phone=phone, consent="1")
    cases.accept_case(case=case, by=lead, at=at)
    name, phone = people.one()
    said = {"name": name, "phone": phone, "consent": DOOR_CONSENT}
    join_report(key=str(uuid.uuid4()), case=case.pk, **said, by=User.objects.door(), at=at)
    said_later = f"请联系{people.one()[0]}，电话{people.needles[-1]}"
    add_words(slip=Slip.objects.get(case=case, kind="report"), text=said_later, by=User.objects.door(), at=at)
    # At the desk, looked at and looked for; and from the hotline.
    name, phone = people.one()
    report = cases.Report(
        category=cast.category.code, text="楼道堆物", grid=micro.code, reporter_name=name, reporter_phone=phone
    )
    second = cases.report_case(report=report, by=cast.street, at=at)
    cases.accept_case(case=second, by=lead, at=at)
    cases.reveal_reporter(case=second, reason="回访", by=cast.street, at=at)
    cases.look_for_phone(tail=phone[-4:], by=cast.street, at=at)
    name, phone = people.one()
    caller = {"name": name, "phone": phone, "confidential": False}
    Platform(make_partner(cast)).send("orders", order(caller=caller))
    name, phone = people.one()
    Platform(make_partner(cast, code="second")).send(
        "orders", order("2", caller={**caller, "name": name, "phone": phone})
    )
    settle()
    # Volunteers: a minor with a guardian, revealed and taken in; their phone changes.
    (name, phone), guardian, (_name, new_phone) = people.one(), people.one(), people.one()
    born = at.date() - dt.timedelta(days=16 * 365)
    person = volunteers.Person(name, phone, born, *guardian, guardian_agreed=True)
    offer = volunteers.Offer(nickname="小桃子")
    row = volunteers.apply_as_volunteer(
        person=person,
        offer=offer,
        grid=micro,
        consent=CONSENT,
        password="Peach-lane-blossom-8",
        by=User.objects.door(),
        at=at,
    )
    volunteers.review_volunteer(volunteer=row, accepted=True, by=lead, at=at)
    volunteers.change_profile(volunteer=row, offer=offer, phone=new_phone, by=row.user, at=at)
    # Mediation: parties and agents with all that is asked of them, a helper.
    committee = make_committee(cast.place.comprehensives[0])
    director = director_of(committee)
    parties = [
        PartyData(role, name, phone=phone, address=people.one()[0], occupation=people.one()[0], agent_name=agent, agent_phone=its)
        for role in (PartyRole.APPLICANT, PartyRole.RESPONDENT)
        for (name, phone), (agent, its) in [(people.one(), people.one())]
    ]  # fmt: skip
    file = mediation.open_file(
        committee=committee.pk, kind=DisputeKind.NEIGHBOUR_LEAK, source=Source.PARTY, title="卫生间漏水", parties=parties,
        facts=f"{people.one()[0]}家漏水", points=people.one()[0], place=people.one()[0], by=director, at=at,
    )  # fmt: skip
    mediation.accept_file(mediation=file, by=director, at=at)
    for party in file.parties.all():
        mediation.say_consent(party=party, agreed=True, by=director, at=at)
    name, phone = people.one()
    mediation.invite_helper(mediation=file, kind="relative", name=name, phone=phone, by=director, at=at)
    mediation.refer_case(
        case=second, committee=committee.pk, kind=DisputeKind.NEIGHBOUR_LEAK, facts="漏水", with_reporter=True,
        respondent=people.one()[0], by=cast.street, at=at,
    )  # fmt: skip
    log_visit(grid=micro, place=people.one()[0], note=people.one()[0], by=cast.worker, at=at)
    # A talent's contact, an account, and an expert's phone.
    name, phone = people.one()
    add_resource(
        grid=micro, kind="venue", name="邻里活动室", contact_name=name, contact_phone=phone, by=cast.street, at=at
    )
    keeper = make_user(Role.SYSTEM_ADMIN)
    open_account(
        username="zhao", full_name="赵工", role=Role.WORKER, phone=people.one()[1], password=None, by=keeper, at=at
    )
    mediation.register_expert(
        grid=cast.place.comprehensives[0],
        profession="lawyer",
        name="顾问",
        phone=people.one()[1],
        by=cast.street,
        at=at,
    )
    # Refused at the door, and kept nowhere.
    name, phone = people.one()
    assert send(cast, name=name, phone=phone).status_code == 400


def test_no_table_names_anybody() -> None:
    people = People()
    journey(people)
    assert Reporter.objects.exclude(phone="").count() == 4
    found: dict[tuple[str, str], list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector', 'ARRAY')"
        )
        columns = cursor.fetchall()
        for table, column in columns:
            cursor.execute(f'SELECT string_agg("{column}"::text, \' \') FROM "{table}"')
            text = cursor.fetchone()[0] or ""
            if held := [needle for needle in people.needles if needle in text]:
                found[table, column] = held
    assert len(columns) > 200
    assert found.keys() == EXCEPT.keys(), found
