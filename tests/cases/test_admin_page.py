"""The page of a case: what it shows to whom, what it hides until asked with a reason, reports and pictures."""

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.choices import Role
from cases import actions
from cases.models import Case, Photo
from cases.reports import whole_case
from gridgov.core.models import Record
from tests.cases.desk import desk, page_of, report, verb_of, walk
from tests.factories import Cast, make_cast, make_category, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/cases/case/add/"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[104.0, 30.0], [104.1, 30.0], [104.1, 30.1], [104.0, 30.1], [104.0, 30.0]]],
}
REPORTER = {"reporter_name": "王小明", "reporter_phone": "13912345678"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def picture(colour: str = "red", name: str = "a.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_who_sees_the_page(cast: Cast) -> None:
    case = report(cast)
    seen = {name: desk(getattr(cast, name)).get(page_of(case)).status_code for name in ("street", "lead", "worker")}
    assert seen == {"street": 200, "lead": 200, "worker": 200}
    assert desk(cast.other_worker).get(page_of(case)).status_code == 404
    assert desk(cast.unit_staff).get(page_of(case)).status_code == 404
    assert desk(cast.outsider).get(page_of(case)).status_code == 404
    assert desk(make_user(Role.AUDITOR)).get(page_of(case)).status_code == 403


def test_the_page_is_read_only(cast: Cast) -> None:
    case = report(cast)
    before = Case.objects.filter(pk=case.pk).values().get()
    for client in (desk(cast.street), desk(cast.lead)):
        assert client.post(page_of(case), {"state": "closed", "title": "x"}).status_code == 405
        assert client.post(f"/admin/cases/case/{case.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Case.objects.filter(pk=case.pk).values().get() == before


def test_the_page_costs_the_same_however_long_the_history(cast: Cast) -> None:
    case = walk(cast, "dispatched")
    client = desk(cast.street)
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(case))
    at = timezone.now()
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at)
    for note in ("一", "二", "三"):
        actions.note_progress(case=case.pk, note=note, by=cast.unit_staff, at=at)
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(case))
    assert len(long) == len(short) <= 10


def test_a_case_with_everything_costs_fifteen_queries_at_most(cast: Cast) -> None:
    case, at = walk(cast, "handling", **REPORTER), timezone.now()
    for kind, colour in (("before", "red"), ("after", "blue")):
        actions.add_photo(case=case.pk, kind=kind, upload=picture(colour), by=cast.unit_staff, at=at)
    actions.supervise_case(case=case.pk, text="请说明进展", by=cast.street, at=at)
    actions.ask(
        case=case.pk, kind="extension", reason="等待备件", value=1, unit="natural_day", by=cast.unit_staff, at=at
    )
    counted = {}
    for name in ("street", "lead", "unit_staff", "worker"):
        client = desk(getattr(cast, name))
        client.get(page_of(case))
        with CaptureQueriesContext(connection) as caught:
            client.get(page_of(case))
        counted[name] = len(caught)
    assert counted == {"street": 13, "lead": 13, "unit_staff": 14, "worker": 13}
    day = timezone.localdate(at) + dt.timedelta(days=1)
    team = {"plan": "一事一策", "lead": cast.total_lead.pk, "members": [(cast.worker.pk, "盯现场")]}
    actions.form_team(case=case.pk, **team, review_days=[day], by=cast.street, at=at)  # type: ignore[arg-type]
    client = desk(cast.lead)
    with CaptureQueriesContext(connection) as caught:
        client.get(page_of(case))
    assert len(caught) <= 15


def test_who_did_what_is_named_on_the_whole_page(cast: Cast) -> None:
    """Grids and people are put in their places from one query each: none is left out or changed for another."""
    case = walk(cast, "closed")
    actions.rate_case(case=case.pk, score=3, solved=True, text="", by=cast.street, at=timezone.now())
    whole, plain = whole_case(case.pk, by=cast.street), Case.objects.get(pk=case.pk)
    with CaptureQueriesContext(connection) as caught:
        people = [whole.reported_by, whole.completed_by, whole.rating.by, *(o.sent_by for o in whole.orders.all())]
        places = [whole.street, whole.total, whole.comprehensive, whole.grid]
        orders = [str(order) for order in whole.orders.all()] + [str(whole.lead_order)]
    assert len(caught) == 0
    assert people == [cast.street, cast.unit_staff, cast.street, cast.lead]
    assert places == [plain.street, plain.total, plain.comprehensive, plain.grid]
    assert orders == [str(cast.unit)] * 2
    assert [row.order_id and str(row.order) for row in whole.deadlines.all()] == [
        row.order_id and str(row.order) for row in plain.deadlines.all()
    ]


def test_the_five_steps_and_the_story(cast: Cast) -> None:
    case = walk(cast, "completed")
    answer = desk(cast.street).get(page_of(case))
    steps = [(view.step.value, view.done_at is not None, view.here) for view, _icon in answer.context["steps"]]
    assert steps == [
        ("find", True, False), ("classify", True, False), ("handle", True, False), ("supervise", False, True),
        ("publish", False, False),
    ]  # fmt: skip
    told = [row.verb.value.removeprefix("cases.") for row in answer.context["timeline"]]
    assert told == ["completed", "signed_in", "dispatched", "accepted", "reported"]
    page = answer.content.decode()
    assert 'aria-current="step"' in page and str(cast.unit) in page and "已清理" in page


def test_why_this_deadline_adds_up(cast: Cast) -> None:
    case = walk(cast, "dispatched")
    actions.raise_tier(case=case.pk, tier="C", reason="需街道协调", by=cast.lead, at=timezone.now())
    clocks = desk(cast.street).get(page_of(case)).context["clocks"]
    assert {view.why.deadline.clock for view in clocks} == {"response", "case", "sign_in", "handle"}
    for view in clocks:
        deadline = view.why.deadline
        assert deadline.original_due_at + dt.timedelta(seconds=view.moved) == deadline.due_at
    (own,) = [view for view in clocks if view.why.deadline.clock == "case"]
    assert own.moved == 4 * 24 * 3600


def test_the_map_shows_the_point_and_the_borders_around_it(cast: Cast) -> None:
    case = report(cast)
    assert desk(cast.street).get(page_of(case)).context["map"] is None
    Case.objects.filter(pk=case.pk).update(lng=104.05, lat=30.05)
    cast.place.micros[0].border = SQUARE
    from gridgov.core.geodesy import Outline

    outline = Outline.read(SQUARE)
    type(cast.place.micros[0]).objects.filter(pk=cast.place.micros[0].pk).update(
        border=SQUARE, shape=outline.wkb, box=outline.bounds
    )
    context = desk(cast.street).get(page_of(case)).context
    assert context["big_map"] == "/admin/map/#at=30.05000,104.05000,17"
    shown = context["map"]
    assert shown["point"] == [104.05, 30.05]
    assert [row["code"] for row in shown["borders"]] == [cast.place.micros[0].code]


def test_the_reporter_is_masked_until_revealed_with_a_reason_and_that_is_recorded(cast: Cast) -> None:
    case, client = report(cast, **REPORTER), desk(cast.lead)
    page = client.get(page_of(case)).content.decode()
    assert "王**" in page and "139****5678" in page
    assert "王小明" not in page and "13912345678" not in page
    assert client.post(verb_of(case, "reveal"), {"reason": ""}).status_code == 400
    short = client.post(verb_of(case, "reveal"), {"reason": "看"})
    assert short.status_code == 400 and "13912345678" not in short.content.decode()
    assert not Record.objects.filter(verb="cases.revealed").exists()
    shown = client.post(verb_of(case, "reveal"), {"reason": "回访核实地址"})
    assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
    assert "王小明" in shown.content.decode() and "13912345678" in shown.content.decode()
    row = Record.objects.get(verb="cases.revealed")
    assert (row.actor_id, row.data, row.subject_id) == (cast.lead.pk, {"note": "回访核实地址"}, case.pk)
    after = client.get(page_of(case)).content.decode()
    assert "13912345678" not in after and "回访核实地址" in after
    assert desk(cast.outsider).post(verb_of(case, "reveal"), {"reason": "回访核实地址"}).status_code == 404


def test_the_page_is_not_kept_by_the_browser(cast: Cast) -> None:
    assert "no-store" in desk(cast.lead).get(page_of(report(cast)))["Cache-Control"]


# --- pictures --------------------------------------------------------------------------------------------------------


def test_pictures_before_and_after_stand_side_by_side(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    assert client.get(verb_of(case, "photo")).context["form"]["kind"].initial == "after"
    both = {"kind": "before", "photos": [picture("red"), picture("blue")]}
    assert client.post(verb_of(case, "photo"), both).status_code == 302
    assert client.post(verb_of(case, "photo"), {"kind": "after", "photos": [picture("green")]}).status_code == 302
    answer = client.get(page_of(case))
    assert (len(answer.context["before"]), len(answer.context["after"])) == (2, 1)
    thumbs = re.findall(r'src="(/api/v1/photos/\d+/thumb/)[?]v=\w{8}"', answer.content.decode())
    assert len(thumbs) == 3
    assert desk(cast.outsider).get(thumbs[0]).status_code == 404
    thumb = client.get(thumbs[0])
    assert thumb["Content-Type"] == "image/jpeg"
    assert b"".join(thumb.streaming_content).startswith(b"\xff\xd8")


def test_what_is_no_picture_is_told_and_the_others_are_kept(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    liar = SimpleUploadedFile("b.jpg", b"GIF89a<script>", "image/jpeg")
    answer = client.post(verb_of(case, "photo"), {"kind": "after", "photos": [liar, picture()]})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["photos"])
    assert Photo.objects.filter(case=case).count() == 1
    same = client.post(verb_of(case, "photo"), {"kind": "after", "photos": [picture()]})
    assert same.status_code == 409
    assert Photo.objects.filter(case=case).count() == 1


def test_completing_asks_for_the_picture_the_category_needs(cast: Cast) -> None:
    cast.category.needs_photo = True
    cast.category.save()
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    given = {"result": "已清理", "outcome": "solved"}
    without = client.post(verb_of(case, "complete"), given)
    assert (without.status_code, list(without.context["form"].errors)) == (400, ["photos"])
    assert client.post(verb_of(case, "complete"), {**given, "photos": [picture()]}).status_code == 302
    case.refresh_from_db()
    assert (case.state, [photo.kind for photo in case.photos.all()]) == ("completed", ["after"])


# --- reporting -------------------------------------------------------------------------------------------------------


def test_a_report_becomes_a_case_and_leads_to_its_page(cast: Cast) -> None:
    given = {
        "category": "0602", "text": "楼道里堆了很多纸箱", "channel": "phone", "place": "滨河路18号",
        "grid": cast.place.micros[0].code, "reporter_name": "王小明", "reporter_phone": "13912345678",
        "photos": [picture()],
    }  # fmt: skip
    answer = desk(cast.street).post(ADD, given)
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(case))
    assert (case.state, case.channel, case.place, case.grid) == (
        "submitted", "phone", "滨河路18号", cast.place.micros[0],
    )  # fmt: skip
    assert (case.reporter.name, case.reporter.phone) == ("王小明", "13912345678")
    assert [photo.kind for photo in case.photos.all()] == ["before"]


def test_a_worker_need_not_name_the_own_grid(cast: Cast) -> None:
    client = desk(cast.worker)
    form = client.get(ADD).context["form"]
    assert form["channel"].initial == "grid_worker"
    assert client.post(ADD, {"category": "0602", "text": "楼道堆物", "channel": "grid_worker"}).status_code == 302
    assert Case.objects.get().grid == cast.place.micros[0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"), ({"category": ""}, "category"), ({"category": "9999"}, "category"),
        ({"grid": "990101009001001001"}, "grid"), ({"lng": "104", "lat": "30", "grid": ""}, "lng"),
        ({"tier": "A"}, "tier"), ({"reporter_phone": "无"}, "reporter_phone"), ({"lng": "200", "lat": "3"}, "lng"),
    ],
)  # fmt: skip
def test_a_wrong_report_comes_back_with_what_was_typed(cast: Cast, wrong: dict[str, str], field: str) -> None:
    given = {"category": "0602", "text": "楼道堆物", "channel": "phone", "grid": cast.place.micros[0].code, **wrong}
    answer = desk(cast.lead).post(ADD, given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert answer.context["form"]["channel"].value() == "phone"
    assert not Case.objects.exists()


def test_units_may_report_and_admin_hands_may_not(cast: Cast) -> None:
    assert desk(cast.unit_staff).get(ADD).status_code == 200
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        client = desk(make_user(role))
        assert client.get(ADD).status_code == 403
        assert client.post(ADD, {"category": "0602", "text": "x"}).status_code == 403
    assert not Case.objects.exists()


def test_the_form_offers_the_matter_list_in_groups_and_only_what_is_in_use(cast: Cast) -> None:
    make_category("0701", "C", enabled=False)
    make_category("0702", "C")
    choices = desk(cast.lead).get(ADD).context["form"].fields["category"].choices
    assert [group if isinstance(rows, str) else [code for code, _label in rows] for group, rows in choices] == [
        "", ["0602"], ["0702"],
    ]  # fmt: skip


def test_grids_are_suggested_from_the_own_scope(cast: Cast) -> None:
    url = "/admin/cases/case/grids/?q="
    code = cast.place.micros[0].code
    assert [row["code"] for row in desk(cast.worker).get(url + code).json()["grids"]] == [code]
    assert desk(cast.other_worker).get(url + code).json()["grids"] == []
    by_name = desk(cast.street).get(url + cast.place.micros[1].name).json()["grids"]
    assert [row["code"] for row in by_name] == [cast.place.micros[1].code]
    assert desk(make_user(Role.AUDITOR)).get(url + code).status_code == 403
