"""What the desk does with many cases, with results for everybody and with the calendar, done by another system."""

from typing import Any

import pytest

from accounts.choices.clients import SCOPES
from cases import actions
from cases.models import Bulk, Case, Category, Publication
from gridgov.core.models import CalendarDay, Record
from tests.clients.kit import asker, code_of
from tests.factories import MONDAY, Cast, make_client, make_street
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def system(cast: Cast) -> CheckedClient:
    return asker(make_client(list(SCOPES), grid=cast.place.street)[1])


def report(cast: Cast, text: str = "井盖松动") -> Case:
    asked = actions.Report(category=cast.category.code, text=text, grid=cast.place.micros[0].code)
    return actions.report_case(report=asked, by=cast.street, at=MONDAY)


def seen(*cases: Case) -> list[dict[str, int]]:
    return [{"id": case.pk, "version": Case.objects.get(pk=case.pk).version} for case in cases]


def test_many_cases_each_with_its_own_answer(cast: Cast, system: CheckedClient) -> None:
    first, second, third = (report(cast) for _time in range(3))
    for case in (first, second):
        actions.accept_case(case=case, by=cast.street, at=MONDAY)
    asked = {"verb": "dispatch", "cases": seen(first, second, third), "unit": cast.unit.pk, "note": "今日办结"}
    asked["cases"][1]["version"] -= 1  # type: ignore[index,operator]
    asked["cases"].append({"id": 2**62, "version": 1})  # type: ignore[attr-defined]
    told = system.post(f"{API}/bulk-runs/", asked)
    assert told.status_code == 201, told.content
    assert [(line["id"], line["done"]) for line in told.json()["lines"]] == [
        (first.pk, True), (second.pk, False), (third.pk, False),
    ]  # fmt: skip
    assert all(line["words"] for line in told.json()["lines"][1:])
    assert {case.pk: case.state for case in Case.objects.all()} == {
        first.pk: "dispatched", second.pk: "accepted", third.pk: "submitted",
    }  # fmt: skip
    merged = {"verb": "merge", "cases": seen(first, second), "leading": first.no, "reason": "同一处"}
    assert [line["done"] for line in system.post(f"{API}/bulk-runs/", merged).json()["lines"]] == [True]
    urged = system.post(f"{API}/bulk-runs/", {"verb": "urge", "cases": seen(first)}).json()
    assert [line["done"] for line in urged["lines"]] == [True]
    before = Record.objects.count()
    for wrong in (
        {"cases": []}, {"cases": seen(first) * 101}, {"verb": "close"}, {"unit": "x"}, {"own": "nowhere"}, {"cases": [{"id": 1}]},
        {"verb": "merge", "leading": "nosuch"}, {"verb": "merge"}, {"cases": "²"},
    ):  # fmt: skip
        assert system.post(f"{API}/bulk-runs/", {**asked, **wrong}).status_code == 400, wrong
    assert Record.objects.count() == before and Bulk.objects.count() == 3
    stranger = asker(make_client(list(SCOPES), grid=make_street("990101009").street)[1])
    assert stranger.post(f"{API}/bulk-runs/", {"verb": "urge", "cases": seen(first)}).json()["lines"] == []
    assert stranger.get(f"{API}/bulk-runs/{urged['id']}/").status_code == 404


def test_what_waits_and_what_is_solved_at_once(cast: Cast, system: CheckedClient) -> None:
    waits = report(cast)
    found = system.get(f"{API}/cases/queues/").json()
    counts = {queue["name"]: queue["count"] for queue in found["queues"]}
    assert (counts["to-accept"], counts["to-close"]) == (1, 0)
    assert [(place["name"], place["open"]) for place in found["communities"]] == [(cast.place.totals[0].name, 1)]
    listed = system.get(f"{API}/cases/?queue=to-accept").json()["results"]
    assert [row["id"] for row in listed] == [waits.pk]
    assert system.get(f"{API}/cases/?queue=nowhere").status_code == 400
    archived = system.post(f"{API}/cases/{waits.pk}/archive/")
    assert archived.content.startswith(b"%PDF") and Record.objects.filter(verb="cases.printed").count() == 1
    dated = {"category": cast.category.code, "text": "井盖", "occurred_at": "0001-01-01T00:00:00"}
    assert code_of(system.post(f"{API}/cases/", dated)) == (400, "out_of_range")
    worker = asker(make_client(["cases:write"], grid=cast.place.micros[0])[1])
    asked = {"category": cast.category.code, "text": "垃圾已清", "result": "已清运"}
    solved = worker.post(f"{API}/cases/solve/", asked)
    assert (solved.status_code, solved.json()["state"]) == (201, "completed"), solved.content
    assert code_of(worker.post(f"{API}/cases/solve/", {**asked, "result": ""})) == (400, "blank")


def closed(cast: Cast) -> Case:
    case = report(cast)
    by: Any = {"case": case.pk, "at": MONDAY}
    actions.accept_case(**by, by=cast.street)
    actions.dispatch_case(**by, unit=cast.unit.pk, by=cast.street)
    actions.sign_in_case(**by, by=cast.unit_staff)
    actions.complete_case(**by, result="已换新", by=cast.unit_staff)
    actions.verify_case(**by, by=cast.lead)
    return actions.close_case(**by, reply="井盖已更换", by=cast.street)


def test_results_for_everybody(cast: Cast, system: CheckedClient) -> None:
    Category.objects.update(public=True, needs_photo=False)
    case = closed(cast)
    here, said = f"{API}/cases/{case.pk}", {"title": "井盖已更换", "text": "井盖已更换，请放心通行"}
    assert code_of(system.post(f"{here}/publish/", {**said, "text": "联系13800138000"})) == (400, "personal_data")
    assert not Publication.objects.exists()
    made = system.post(f"{here}/publish/", said)
    assert made.status_code == 200 and made.json()["no"] == case.no, made.content
    listed = system.get(f"{API}/publications/?grid={cast.place.totals[0].code}&category=06").json()["results"]
    assert listed == [made.json()]
    found = system.get(f"{API}/publications/{made.json()['id']}/").json()
    assert (found["photos"], found["address"]) == ([], f"http://testserver/results/{case.no}/")
    assert system.get(f"{API}/publications/?grid=²").json()["results"] == []
    told = system.get(f"{API}/publications/satisfaction/").json()
    assert (told["total"], told["share"]) == (0, None)
    assert system.post(f"{here}/unpublish/", {"reason": "重新核实"}).json()["withdrawn_at"]
    assert system.post(f"{here}/unpublish/", {"reason": "重新核实"}).status_code == 409
    reader = asker(make_client(["cases:read", "cases:write"], grid=cast.place.street)[1])
    assert code_of(reader.post(f"{here}/publish/", said)) == (403, "scope_missing")


def test_the_calendar_and_what_was_done_on_the_grids(cast: Cast, system: CheckedClient) -> None:
    street = cast.place.street.code
    day = {"scope": street, "date": "2026-12-30", "kind": "rest", "name": "街道活动"}
    made = system.post(f"{API}/calendar-days/", day)
    assert made.status_code == 201 and made.json()["windows"] == [], made.content
    assert system.post(f"{API}/calendar-days/", {**day, "scope": ""}).status_code == 403
    assert system.post(f"{API}/calendar-days/", {**day, "scope": "990101002"}).status_code == 403
    for wrong in (
        {"date": "1800-01-01"},
        {"kind": "x"},
        {"windows": [["9", "8"]]},
        {"windows": "²"},
        {"scope": "12"},
        {"name": "\x00"},
    ):
        assert system.post(f"{API}/calendar-days/", {**day, **wrong}).status_code == 400, wrong
    listed = {"days": [day, {**day, "date": "2026-12-31", "kind": "work"}]}
    assert system.post(f"{API}/calendar-days/import/", {**listed, "dry_run": True}).json() == {
        "changed": 1,
        "unchanged": 1,
    }
    assert CalendarDay.objects.filter(scope=street).count() == 1
    assert system.post(f"{API}/calendar-days/import/", listed).json() == {"changed": 1, "unchanged": 1}
    assert system.post(f"{API}/calendar-days/import/", {"days": [day, day]}).status_code == 400
    own = system.get(f"{API}/calendar-days/?scope={street}&year=2026&kind=rest&named=true").json()["results"]
    assert own == [made.json()]
    assert system.get(f"{API}/calendar-days/?year=99999").status_code == 400
    assert system.post(f"{API}/calendar-days/{made.json()['id']}/drop/").status_code == 204
    assert system.post(f"{API}/calendar-days/{made.json()['id']}/drop/").status_code == 404
    field = f"{API}/figures/field/?street={street}"
    (line,) = system.get(field).json()
    assert (line["code"], line["patrols"], set(line["visits"].values())) == (cast.place.totals[0].code, 0, {0})
    assert system.get(f"{API}/figures/field/?street=990101002").status_code == 404
    for wrong in (
        "?street=²",
        "?street=99",
        f"?street={street}&since=2026-02-01&until=2026-01-01",
        f"?street={street}&since=x",
    ):
        assert system.get(f"{API}/figures/field/{wrong}").status_code == 400
    community = asker(make_client(list(SCOPES), grid=cast.place.totals[0])[1])
    assert community.get(field).status_code == 404
