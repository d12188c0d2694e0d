"""The room's API: what everybody on the ground may read, whose files are whose, and what another system may do."""

import pytest

from accounts.choices import Role
from gridgov.core.models import Record
from mediation.models import Attendance, Mediation, Session
from tests.factories import give, make_cast, make_client, make_user
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_room, make_session
from tests.openapi import CheckedClient, client_of

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def file() -> Mediation:
    grid = make_cast().place.comprehensives[0]
    return make_file(make_committee(grid), make_mediator(grid))


def caller(key: str) -> CheckedClient:
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
    return client


def test_whoever_works_on_the_ground_reads_the_room_and_counts_and_no_file(file: Mediation) -> None:
    street = file.grid.get_root()
    office = make_user(Role.STREET)
    give(office, "street_staff", street)
    make_room(file.grid)
    api = client_of(office)
    for name in ("mediation-committees", "mediators", "mediation-rooms"):
        rows = api.get(f"{API}/{name}/", {"grid": street.code}).json()["results"]
        assert rows and "138" not in str(rows), name
        assert api.get(f"{API}/{name}/{rows[0]['id']}/").status_code == 200
    assert api.get(f"{API}/mediators/", {"committee": file.committee_id}).json()["results"][0]["kind"] == "part_time"
    assert api.get(f"{API}/mediations/").json()["results"] == []
    assert api.get(f"{API}/mediations/{file.pk}/").status_code == 404
    told = api.get(f"{API}/figures/mediation/", {"street": street.code, "since": "2026-09-01", "until": "2026-09-30"})
    assert (told.status_code, told.json()["total"]["came"], file.title in told.content.decode()) == (200, 1, False)
    for odd in ({"street": "²"}, {"street": street.code, "since": "1900-01-01"}, {"street": street.code, "since": "x"}):
        assert api.get(f"{API}/figures/mediation/", odd).status_code == 400
    assert api.get(f"{API}/figures/mediation/", {"street": "999999999"}).status_code == 404


def test_a_mediator_reads_the_own_file_with_a_record_of_it_and_writes_the_record_once(file: Mediation) -> None:
    session = make_session(file, record="", recorded_at=None, recorded_by=None, state="planned")
    there = [Attendance.objects.create(session=session, party=party) for party in file.parties.all()]
    mine, other = client_of(file.assignments.get().mediator.user), client_of(make_mediator(file.grid).user)
    line = mine.get(f"{API}/mediations/").json()["results"][0]
    assert (line["id"], len(line["parties"]), "facts" in line) == (file.pk, 2, False)
    assert not Record.objects.filter(verb="mediation.looked").exists()
    whole = mine.get(f"{API}/mediations/{file.pk}/")
    assert (whole.json()["facts"], whole.headers["Cache-Control"]) == (file.facts, "no-store")
    assert Record.objects.filter(verb="mediation.looked").count() == 1
    for address in (f"mediations/{file.pk}/", f"mediation-sessions/{session.pk}/"):
        assert other.get(f"{API}/{address}").status_code == 404
    words = {"record": "双方同意分期维修。", "version": 0, "came": [there[0].pk]}
    verb = f"{API}/mediation-sessions/{session.pk}/record/"
    assert other.post(verb, words, format="json").status_code == 404
    written = mine.post(verb, words, format="json")
    assert (written.status_code, written.json()["record"]) == (200, words["record"])
    assert [one["came"] for one in written.json()["attendances"]] == [True, False]
    # Somebody who read the version before doesn't write over it.
    late = client_of(director_of(file.committee)).post(verb, {**words, "record": "另一份"}, format="json")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "changed")
    assert Session.objects.get().record == words["record"]


def test_a_system_refers_disputes_and_counts_but_reads_no_file(file: Mediation) -> None:
    street = file.grid.get_root()
    _client, key = make_client(scopes=["mediation:read", "mediation:refer"], grid=street)
    api = caller(key)
    said = {
        "committee": file.committee_id, "source": "court", "kind": "contract", "title": "借款纠纷", "facts": "借款两万元未还。",
        "parties": [{"role": "applicant", "name": "孙某", "phone": "13900001111"}, {"role": "respondent", "name": "周某"}],
        "reference": "(2026)浙0101诉前调12号",
    }  # fmt: skip
    came = api.post(f"{API}/mediations/refer/", said, format="json", HTTP_IDEMPOTENCY_KEY="court-2026-0012")
    again = api.post(f"{API}/mediations/refer/", said, format="json", HTTP_IDEMPOTENCY_KEY="court-2026-0012")
    assert (came.status_code, again.json()) == (201, came.json())
    assert came.json()["state"] == "applied"
    row = Mediation.objects.get(pk=came.json()["id"])
    assert (row.source, row.reference, row.parties.count()) == ("court", said["reference"], 2)
    told = str(list(Record.objects.filter(verb__startswith="mediation.").values_list("data", flat=True)))
    assert not any(word in told for word in ("孙某", "13900001111", "借款"))
    for wrong in ({"source": "case"}, {"committee": 2**40}, {"parties": "x"}, {"kind": "\x00"}):
        assert api.post(f"{API}/mediations/refer/", {**said, **wrong}, format="json").status_code == 400, wrong
    assert Mediation.objects.count() == 2
    assert api.get(f"{API}/mediations/").status_code == 403
    assert api.get(f"{API}/mediation-sessions/").status_code == 403
    assert api.get(f"{API}/mediation-committees/").status_code == 200
    assert api.get(f"{API}/figures/mediation/", {"street": street.code}).status_code == 200
    _less, key = make_client(scopes=["mediation:read"], grid=street)
    assert caller(key).post(f"{API}/mediations/refer/", said, format="json").status_code == 403
