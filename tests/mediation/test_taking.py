"""Who reads a file and takes hold of it, and what is recorded of looks."""

import datetime as dt

import pytest

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Conflict
from gridgov.core.models import Record
from mediation.actions import look_at
from mediation.actions.taking import take
from mediation.choices.files import FileState
from mediation.models import Mediation, PartyLink
from tests.cases.desk import desk
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_file_is_its_mediators_and_the_directors_alone(cast: Cast) -> None:
    committee, mediator = make_committee(cast.place.comprehensives[0]), make_mediator(cast.place.comprehensives[0])
    colleague = make_mediator(cast.place.comprehensives[0])
    seat(committee, mediator), seat(committee, colleague)
    file = make_file(committee, mediator)
    assert mediator.user and colleague.user
    for reader in (mediator.user, director_of(committee)):
        answer = desk(reader).get(f"/admin/mediation/mediation/{file.pk}/change/")
        assert answer.status_code == 200 and "卫生间漏水" in answer.content.decode()
        assert take(file, reader, "meet") == file
    auditor, other = make_user(Role.AUDITOR), director_of(make_committee(cast.place.comprehensives[0]))
    for stranger in (colleague.user, other, cast.street, cast.total_lead, cast.lead, cast.outsider):
        assert desk(stranger).get(f"/admin/mediation/mediation/{file.pk}/change/").status_code == 404
        assert "卫生间" not in desk(stranger).get("/admin/mediation/mediation/?q=赵").content.decode()
        with pytest.raises(Mediation.DoesNotExist):
            take(file, stranger)
    assert desk(auditor).get(f"/admin/mediation/mediation/{file.pk}/change/").status_code == 403
    file.assignments.update(until=MONDAY)
    with pytest.raises(Mediation.DoesNotExist):
        take(file, mediator.user)
    # Logs and traces call rows by their keys.
    party = file.parties.all()[0]
    assert repr([file, party]) == f"[<Mediation: {file.no}>, <Party {party.pk}>]"
    for odd in ("²", "9" * 30, "x"):
        assert desk(director_of(committee)).get(f"/admin/mediation/mediation/{odd}/change/").status_code == 404


def test_the_house_takes_any_file_and_the_door_by_a_link_alone(cast: Cast) -> None:
    committee = make_committee(cast.place.comprehensives[0])
    file, other = make_file(committee), make_file(committee)
    party, door = file.parties.all()[0], User.objects.door()
    link = PartyLink.objects.create(
        mediation=file, party=party, digest="d", ends_at=MONDAY, by=director_of(committee), at=MONDAY
    )
    assert take(file, User.objects.system()) == file
    assert take(file, door, via=link) == file
    for refused in ({"mediation": file}, {"mediation": other, "via": link}):
        with pytest.raises(Mediation.DoesNotExist):
            take(by=door, **refused)
    link.change(revoked_at=MONDAY)
    with pytest.raises(Mediation.DoesNotExist):
        take(file, door, via=link)
    file.change(state=FileState.ENDED, outcome="failed")
    with pytest.raises(Conflict):
        take(file, User.objects.system(), "meet")


def test_a_page_is_recorded_once_an_hour_and_a_paper_each_time(cast: Cast) -> None:
    committee = make_committee(cast.place.comprehensives[0])
    file, by = make_file(committee), director_of(committee)

    def looks() -> list[str]:
        return [row.data["what"] for row in Record.objects.filter(verb="mediation.looked").order_by("pk")]

    for minutes in (0, 59, 61):
        look_at(mediation=file, what="file", by=by, at=MONDAY + dt.timedelta(minutes=minutes))
    assert looks() == ["file", "file"]
    for _ in range(2):
        look_at(mediation=file, what="paper", by=by, at=MONDAY)
    assert looks() == ["file", "file", "paper", "paper"]
