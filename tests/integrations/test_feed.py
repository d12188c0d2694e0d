"""A warehouse loads lists, then what has changed since: nothing is missing, nothing private is among it."""

import csv
import io
import json

import pytest
from django.db import connection

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.models import Case
from gridgov.core.models import Era, Record
from grids.actions import move_grid
from grids.choices import PostKind
from tests.cases.desk import report, walk
from tests.factories import MONDAY, give, make_cast, make_client, make_street, make_unit, make_user
from tests.integrations.feeding import FEED, body, lines, load, page, refused, settle
from tests.openapi import CheckedClient, client_of

pytestmark = pytest.mark.django_db(transaction=True)
PRIVATE = {"reporter_name": "王小明", "reporter_phone": "13800000001"}


def test_a_list_then_its_changes() -> None:
    cast = make_cast("B")
    case = report(cast, channel="phone", lng=104.123456, lat=30.654321, **PRIVATE)
    rows, cursor = load(cast.street, "cases")
    assert [(row["id"], row["state"], row["grid"]) for row in rows] == [(case.pk, "submitted", case.grid.code)]
    # A resident micro-grid: about a block, and no more.
    assert (rows[0]["lng"], rows[0]["lat"]) == (104.123, 30.654)
    assert page(cast.street, "cases/changes", cursor=cursor)[0] == []

    actions.accept_case(case=case.pk, by=cast.lead, at=MONDAY)
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    (changed,), later = page(cast.street, "cases/changes", cursor=cursor)
    assert changed["key"] == case.pk
    assert [(row["id"], row["state"]) for row in changed["rows"]] == [(case.pk, "dispatched")]
    (orders,), _later = page(cast.street, "orders/changes", cursor=cursor)
    assert [(row["case"], row["unit"], row["state"]) for row in orders["rows"]] == [(case.pk, cast.unit.pk, "sent")]
    assert page(cast.street, "ratings/changes", cursor=cursor)[0] == [{"key": case.pk, "rows": []}]
    assert page(cast.street, "cases/changes", cursor=later)[0] == []
    streamed = lines(cast.street, "cases/changes", cursor=cursor)
    assert streamed[:-1] == [changed]
    assert streamed[-1]["end"] is True


def test_what_leaves_the_ground_is_gone_and_what_never_was_there_is_not_told() -> None:
    cast = make_cast()
    case = report(cast)
    rows, cursor = load(cast.worker, "cases")
    assert [row["id"] for row in rows] == [case.pk]
    _rows, elsewhere = load(cast.outsider, "cases")
    actions.accept_case(case=case.pk, grid=cast.place.micros[1].code, by=cast.lead, at=MONDAY)
    assert page(cast.worker, "cases/changes", cursor=cursor)[0] == [{"key": case.pk, "rows": []}]
    assert page(cast.worker, "orders/changes", cursor=cursor)[0] == [{"key": case.pk, "rows": []}]
    assert page(cast.outsider, "cases/changes", cursor=elsewhere)[0] == []
    assert page(cast.outsider, "events")[0] == []


def test_grids_below_one_that_moves_are_told() -> None:
    other = make_street("990101003", totals=2, micros=1)
    staff = make_user(Role.STREET)
    give(staff, PostKind.STREET_STAFF, other.street)
    lead = make_user(Role.TOTAL_LEAD)
    give(lead, PostKind.ROOT_GRID_LEAD, other.totals[0])
    rows, cursor = load(lead, "grids")
    assert {row["code"] for row in rows} == {
        g.code for g in (other.street, other.totals[0], other.comprehensives[0], other.micros[0])
    }
    for grid in (other.comprehensives[0], other.micros[0]):
        Record.objects.create(
            verb="grids.founded", subject_type="grids.grid", subject_id=grid.pk, scope=grid.code, at=MONDAY, actor=staff
        )
    move_grid(grid=other.comprehensives[0], parent=other.totals[1], by=staff, at=MONDAY)
    found, _later = page(lead, "grids/changes", cursor=cursor)
    assert found == [{"key": grid.pk, "rows": []} for grid in (other.comprehensives[0], other.micros[0])]
    assert {row["code"] for row in load(lead, "grids")[0]} == {other.street.code, other.totals[0].code}


def test_events_say_what_happened_and_nobodys_name() -> None:
    cast = make_cast("B")
    case = walk(cast, "verified", channel="phone", text="王大爷家门口堆物", **PRIVATE)
    actions.reveal_reporter(case=case.pk, reason="核实情况", by=cast.street, at=MONDAY)
    found, _cursor = page(cast.street, "events")
    own = [line for line in found if (line["subject"], line["key"]) == ("cases.case", case.pk)]
    verbs = ["reported", "accepted", "dispatched", "signed_in", "completed", "verified"]
    assert [line["verb"] for line in own] == [f"cases.{verb}" for verb in verbs]
    assert own[1]["changes"]["state"] == ["submitted", "accepted"]
    assert own[0]["grid"] == case.grid.code
    streamed = lines(cast.street, "events")
    assert (streamed[:-1], streamed[-1]["end"]) == (found, True)
    everything = str(streamed) + str([load(cast.street, name) for name in ("cases", "orders", "deadlines", "posts")])
    for words in ("王小明", "13800000001", "王大爷", "核实情况", "已清理", cast.unit_staff.full_name):
        assert words not in everything


def test_pages_are_as_long_as_asked_and_meet() -> None:
    cast = make_cast()
    numbers = [report(cast).pk for _n in range(5)]
    whole, _end = page(cast.street, "events", limit=1000)
    api, cursor, found = client_of(cast.street), "", []
    for _n in range(len(whole) + 1):
        answer = api.get(f"{FEED}events/", {"limit": 2, "cursor": cursor}).json()
        found += answer["results"]
        cursor = answer["cursor"]
        if not answer["more"]:
            break
    assert found == whole
    assert {line["key"] for line in found if line["subject"] == "cases.case"} == set(numbers)


def test_a_broken_line_is_gone_on_with() -> None:
    cast = make_cast()
    numbers = [report(cast).pk for _n in range(4)]
    answer = client_of(cast.street).get(f"{FEED}cases.ndjson")
    first = answer["Feed-Cursor"]
    answer.close()
    late = report(cast)
    rows, cursor = load(cast.street, "cases", cursor=first, after=numbers[1])
    assert [row["id"] for row in rows] == [*numbers[2:], late.pk]
    assert cursor == first
    assert [line["key"] for line in page(cast.street, "cases/changes", cursor=cursor)[0]] == [late.pk]
    assert refused(cast.street, "cases.ndjson", after=numbers[1]) == (400, "invalid")


def test_csv_runs_as_no_formula() -> None:
    cast = make_cast()
    bad = make_unit(name="=HYPERLINK(1)")
    answer = client_of(cast.street).get(f"{FEED}units.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="units.csv"'
    rows = list(csv.DictReader(io.StringIO(body(answer).decode())))
    assert {row["id"]: row["name"] for row in rows} == {
        str(bad.pk): "'=HYPERLINK(1)",
        str(cast.unit.pk): cast.unit.name,
    }
    assert {row["is_active"] for row in rows} == {"true"}


def test_every_list_is_read_and_named() -> None:
    cast = make_cast("B")
    walk(cast, "closed")
    contents = client_of(cast.street).get(FEED).json()
    for entry in contents["resources"]:
        rows, _cursor = load(cast.street, entry["name"])
        assert all(sorted(row) == sorted(entry["columns"]) for row in rows)
        names = body(client_of(cast.street).get(entry["csv"])).decode().splitlines()[0].split(",")
        assert names == entry["columns"]


def test_cursors_that_lead_nowhere() -> None:
    cast = make_cast()
    report(cast)
    _rows, cursor = load(cast.street, "cases")
    assert refused(cast.lead, "events/", cursor=cursor) == (410, "other_ground")
    give(cast.street, PostKind.STREET_STAFF, make_street("990101009").street)
    assert refused(cast.street, "cases/changes/", cursor=cursor) == (410, "other_ground")
    for odd in ("²", "W10", "eyJhIjoxfQ", "bnVsbA", "WzEsLTEsMCwiIl0", "*" * 199):
        assert refused(cast.street, "events/", cursor=odd) == (400, "bad_cursor")
    assert refused(cast.street, "cases/changes/") == (400, "invalid")
    assert refused(cast.street, "events/", limit="9" * 30)[0] == 400
    assert refused(cast.street, "nothing.csv") == (404, "not_found")


def test_a_restored_database_is_another_era() -> None:
    cast = make_cast()
    report(cast)
    _rows, cursor = load(cast.street, "cases")
    before, _end = page(cast.street, "events")
    # As after a dump and restore: other numbers of transactions, far above those that are given out from now on.
    with connection.cursor() as sql:
        sql.execute("ALTER TABLE core_record DISABLE TRIGGER USER")
        sql.execute("UPDATE core_record SET txid = '9000000000000'")
        sql.execute("ALTER TABLE core_record ENABLE TRIGGER USER")
    Era.objects.update(place="elsewhere")
    assert refused(cast.street, "cases/changes/", cursor=cursor) == (410, "reload")
    case = report(cast)
    found, _end = page(cast.street, "events")
    assert found[: len(before)] == before
    assert [(line["verb"], line["key"]) for line in found[len(before) :]] == [("cases.reported", case.pk)]
    assert {row["id"] for row in load(cast.street, "cases")[0]} == set(Case.objects.values_list("pk", flat=True))


def test_another_system_needs_the_scope_and_sees_its_ground() -> None:
    cast = make_cast()
    case = report(cast)
    report(cast, grid=make_street("990101008").micros[0].code, by=User.objects.system())
    _client, key = make_client(["feed:read"], grid=cast.place.totals[0])
    _other, without = make_client(["cases:read"], grid=cast.place.totals[0])
    settle()
    api = CheckedClient(headers={"authorization": f"Api-Key {key}"})
    told = [json.loads(line) for line in body(api.get(f"{FEED}cases.ndjson")).splitlines()]
    assert [line["id"] for line in told[:-1]] == [case.pk]
    assert {line["key"] for line in api.get(f"{FEED}events/").json()["results"]} == {case.pk}
    refusal = CheckedClient(headers={"authorization": f"Api-Key {without}"}).get(f"{FEED}events/")
    assert (refusal.status_code, refusal.json()["errors"][0]["code"]) == (403, "scope_missing")
