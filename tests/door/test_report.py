"""A resident reports: no account, a number and a code, once for each form, and nothing of anybody else's."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import shape

from accounts.choices import Role
from accounts.models import User
from cases.choices import CaseState, Channel, PhotoKind
from cases.models import Case, Photo, Reporter
from door.choices import CONSENT, SlipKind
from door.models import Slip
from gridgov.core.models import Record
from grids import actions as grid_actions
from grids.models import Grid
from tests.cases.test_api import upload
from tests.door.residents import TEXT, numbers_of, open_door, pictures, send, write
from tests.factories import MONDAY, Cast, make_cast, make_category, make_street
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def test_the_first_screen_tells_the_numbers_before_anything_else(cast: Cast) -> None:
    for page in ("/r/", "/r/report/", f"/r/report/?g={cast.place.micros[0].code}"):
        said = Client().get(page).content.decode()
        for number in ("110", "119", "120", "122"):
            assert f'href="tel:{number}"' in said
        main = said[said.index("<main>") :]
        assert main.index('href="tel:110"') < main.index("<section", 10) if "<section" in main else True


def test_a_report_is_a_case_of_the_grid_and_hands_out_number_and_code(cast: Cast) -> None:
    answer = send(cast, photos=pictures(2), item=cast.category.code)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    case = Case.objects.get()
    number, code = numbers_of(answer)
    assert number == case.no
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", code)
    assert (case.channel, case.state, case.text) == (Channel.SNAPSHOT, CaseState.SUBMITTED, TEXT)
    assert (case.grid, case.category, case.place) == (cast.place.micros[0], cast.category, cast.place.micros[0].name)
    assert case.reported_by == User.objects.door()
    assert list(Photo.objects.values_list("kind", flat=True)) == [PhotoKind.BEFORE] * 2
    assert Reporter.objects.get(case=case).anonymous
    slip = Slip.objects.get()
    assert (slip.case, slip.kind, slip.consent, slip.expires_at) == (case, SlipKind.REPORT, "", None)
    assert code.replace("-", "") != slip.code_digest
    assert Record.objects.filter(verb="cases.reported", subject_id=case.pk).count() == 1
    assert Record.objects.get(verb="door.slip_given").subject_id == slip.pk


def test_the_same_form_sent_twice_is_one_report_with_one_answer(cast: Cast) -> None:
    key = str(uuid.uuid4())
    first, second = (send(cast, key=key, photos=pictures(1)) for _ in range(2))
    assert numbers_of(first) == numbers_of(second)
    assert Case.objects.count() == Slip.objects.count() == Photo.objects.count() == 1


def test_the_same_form_with_other_words_is_told(cast: Cast) -> None:
    key = str(uuid.uuid4())
    send(cast, key=key)
    again = send(cast, key=key, text="还有一处")
    assert again.status_code == 422
    assert "还有一处" in again.content.decode()
    assert f'value="{key}"' not in again.content.decode()
    assert Case.objects.count() == Slip.objects.count() == 1


def test_two_forms_are_two_reports(cast: Cast) -> None:
    first, second = (send(cast) for _ in range(2))
    assert numbers_of(first)[0] != numbers_of(second)[0]
    assert numbers_of(first)[1] != numbers_of(second)[1]


def test_contact_is_kept_with_consent_and_without_it_not_at_all(cast: Cast) -> None:
    refused = send(cast, name="王大爷", phone="13900001111")
    assert refused.status_code == 400
    assert "王大爷" in refused.content.decode()
    assert Case.objects.count() == Slip.objects.count() == 0
    send(cast, name="王大爷", phone="13900001111", consent="1")
    reporter, slip = Reporter.objects.get(), Slip.objects.get()
    assert (reporter.name, reporter.phone, reporter.anonymous) == ("王大爷", "13900001111", False)
    assert (slip.consent, slip.consented_at, slip.name) == (CONSENT, slip.made_at, "")
    assert "13900001111" not in str(list(Record.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("phone", ["1", "abc", "=1+1 39000011", "1" * 21])
def test_what_is_no_phone_is_told(cast: Cast, phone: str) -> None:
    assert send(cast, phone=phone, consent="1").status_code == 400
    assert Case.objects.count() == 0


def test_what_is_no_photo_keeps_the_report_out_and_the_words_in_the_form(cast: Cast) -> None:
    answer = send(cast, photos=[upload(b"<svg onload=alert(1)>")])
    assert answer.status_code == 400
    assert TEXT in answer.content.decode()
    assert Case.objects.count() == Slip.objects.count() == Photo.objects.count() == 0
    assert send(cast, photos=pictures(7)).status_code == 400
    assert Case.objects.count() == 0


def test_who_names_no_item_gets_one_by_the_words(cast: Cast) -> None:
    lamp = make_category("0402", "C", name="路灯不亮", keywords=["路灯"], public=True)
    send(cast, text="小区门口路灯不亮了三天", m="other")
    assert Case.objects.get().category == lamp
    # An item of another group is none of this form's.
    send(cast, m=lamp.code[:2], item=cast.category.code, text="路灯又不亮")
    assert Case.objects.order_by("pk").last().category == lamp


def test_a_point_is_kept_beside_the_grid_of_the_plate(cast: Cast) -> None:
    send(cast, lng="116.40", lat="39.90", crs="GCJ02")
    case = Case.objects.get()
    assert (case.grid, case.source_crs, case.source_point) == (cast.place.micros[0], "GCJ02", [116.40, 39.90])
    assert (case.lng, case.lat) != (116.40, 39.90)


def test_places_are_chosen_by_links_down_to_the_micro_grid(cast: Cast) -> None:
    street, total, comprehensive = cast.place.street, cast.place.totals[0], cast.place.comprehensives[0]
    first = Client().get("/r/report/").content.decode()
    assert f"?in={total.code}" in first
    assert f"?g={street.code}" in first
    assert f"?in={comprehensive.code}" in Client().get(f"/r/report/?in={total.code}").content.decode()
    last = Client().get(f"/r/report/?in={comprehensive.code}").content.decode()
    for micro in cast.place.micros:
        assert f"?g={micro.code}" in last


def test_a_phone_tells_which_grid_it_stands_in(cast: Cast) -> None:
    micro = cast.place.micros[0]
    draw(micro, square())
    lng, lat = shape(square()).representative_point().coords[0]
    answer = Client().post("/r/locate/", {"lng": lng, "lat": lat, "crs": "WGS84"})
    assert (answer.status_code, answer["Location"]) == (302, f"/r/report/?g={micro.code}")
    for lng, lat in ((0, 0), (999, 999), ("nan", 1), ("", ""), ("²", "\x00")):
        assert Client().post("/r/locate/", {"lng": lng, "lat": lat}).status_code == 404


def test_a_street_that_has_not_opened_takes_nothing(cast: Cast) -> None:
    other = make_street("990101009")
    page = Client().get(f"/r/report/?g={other.micros[0].code}")
    assert page.status_code == 404
    assert send(cast, g=other.micros[0].code).status_code == 404
    assert other.street.name not in Client().get("/r/").content.decode()
    assert Case.objects.count() == 0


def test_matters_that_touch_people_are_no_tile_but_can_be_written(cast: Cast) -> None:
    make_category("0804", "B", name="婚姻家庭纠纷", sensitive=True, public=True)
    said = Client().get(f"/r/report/?g={cast.place.micros[0].code}").content.decode()
    assert "m=06" in said
    assert "m=08" not in said
    assert "m=other" in said


def kept_in(answer: Any) -> list[str]:
    return re.findall(r'name="uploads" value="([^"]+)"', answer.content.decode())


def test_photos_outlive_a_form_that_is_shown_once_more(cast: Cast) -> None:
    key = str(uuid.uuid4())
    refused = send(cast, key=key, phone="13900001111", photos=pictures(2))
    assert refused.status_code == 400
    kept = kept_in(refused)
    assert len(kept) == 2
    again = send(cast, key=key, phone="1", consent="1", uploads=kept)
    assert (again.status_code, kept_in(again)) == (400, kept)
    sent = {"key": key, "phone": "13900001111", "consent": "1", "uploads": kept}
    first, second = (send(cast, **sent) for _ in range(2))
    assert numbers_of(first) == numbers_of(second)
    assert Photo.objects.count() == 2


def test_photos_of_another_form_are_nobodys(cast: Cast) -> None:
    kept = kept_in(send(cast, phone="13900001111", photos=pictures(1)))
    assert send(cast, uploads=kept).status_code == 409
    for value in ("²", "\x00", "photos:", "photos:1", "x" * 500):
        assert send(cast, uploads=[value]).status_code in {200, 409}
    assert Photo.objects.count() == 0


def test_what_sounds_alike_is_shown_while_somebody_writes(cast: Cast) -> None:
    case = write(cast, text="三栋消防通道堆满纸箱，根本走不过去")
    asked = {"g": cast.place.micros[0].code, "m": "other", "text": "消防通道堆满纸箱，走不过去，着火了怎么办"}
    answer = Client().post("/r/near/", asked)
    said = answer.content.decode()
    assert "/r/me-too/?case=" in said
    assert case.no not in said
    assert 'href="tel:119"' in said
    assert "/r/me-too/" not in Client().post("/r/near/", {**asked, "text": "路灯"}).content.decode()
    assert Client().post("/r/near/", {"g": "²"}).status_code == 404


@pytest.mark.parametrize("value", ["²", "\x00", "9" * 4000, "", "<b>"])
def test_nonsense_while_writing_is_never_an_error(cast: Cast, value: str) -> None:
    asked = {"g": cast.place.micros[0].code, "m": "06", "text": "纸箱"}
    for field in asked:
        assert Client().post("/r/near/", {**asked, field: value}).status_code in {200, 404}


def test_the_gas_companys_number_is_told_first(cast: Cast) -> None:
    grid_actions.set_public_page(street=cast.place.street, is_open=True, gas_phone="96777", by=cast.street, at=MONDAY)
    said = Client().get(f"/r/report/?g={cast.place.micros[0].code}").content.decode()
    assert 'href="tel:96777"' in said


# --- me too ----------------------------------------------------------------------------------------------------------


def ticket_in(answer: Any) -> str:
    found = re.search(r"/r/me-too/\?case=([^\"]+)\"", answer.content.decode())
    assert found
    return found[1].replace("%3A", ":")


def test_what_is_open_nearby_is_shown_without_a_word_of_its_own(cast: Cast) -> None:
    case = write(cast, place="幸福里3栋", name="李四", phone="13900002222", consent="1")
    said = Client().get(f"/r/report/?g={cast.place.micros[0].code}&m=06").content.decode()
    assert "/r/me-too/?case=" in said
    for own in (case.no, case.title, TEXT, "幸福里3栋", "李四", "13900002222"):
        assert own not in said


def test_me_too_joins_with_a_code_of_its_own(cast: Cast) -> None:
    case = write(cast)
    ticket = ticket_in(Client().get(f"/r/report/?g={cast.place.micros[0].code}&m=06"))
    assert Client().get("/r/me-too/", {"case": ticket}).status_code == 200
    key = str(uuid.uuid4())
    first, second = (Client().post("/r/me-too/", {"case": ticket, "key": key}) for _ in range(2))
    assert numbers_of(first) == numbers_of(second)
    assert Case.objects.count() == 1
    slip = Slip.objects.get(kind=SlipKind.ME_TOO)
    assert (slip.case, slip.name) == (case, "")
    said = Client().get(f"/r/report/?g={cast.place.micros[0].code}&m=06").content.decode()
    assert "另有1人" in said


def test_one_person_joins_once(cast: Cast, settings: Any) -> None:
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "joins": (4, 5)}
    reporter, joiner = Client(), Client()
    asked = {"g": cast.place.micros[0].code, "m": cast.category.code[:2], "text": TEXT, "key": str(uuid.uuid4())}
    assert reporter.post("/r/report/", asked).status_code == 200
    ticket = ticket_in(joiner.get(f"/r/report/?g={cast.place.micros[0].code}&m=06"))

    def join(client: Client, **more: str) -> tuple[int, bool, int]:
        answer = client.post("/r/me-too/", {"case": ticket, "key": str(uuid.uuid4()), **more})
        joined = Slip.objects.filter(kind=SlipKind.ME_TOO).count()
        return answer.status_code, "每人只计一次" in answer.content.decode(), joined

    key = str(uuid.uuid4())
    assert [join(joiner, key=key), join(joiner, key=key), join(joiner)] == [
        (200, False, 1),
        (200, False, 1),
        (409, True, 1),
    ]
    again = joiner.get("/r/me-too/", {"case": ticket})
    assert (again.status_code, '<p class="notice" role="alert">您已计入本件' in again.content.decode()) == (200, True)
    assert joiner.cookies["door_joined"]["httponly"] and joiner.cookies["door_joined"]["path"] == "/r/"
    # Nor does whoever reported it; nor, with a new browser each time, a whole network without measure.
    joiner.cookies["door_joined"] = "made.up"
    assert join(reporter) == (409, True, 1)
    proof = joiner.post("/r/me-too/", {"case": ticket, "key": str(uuid.uuid4())})
    assert (proof.status_code, 'name="proof_token"' in proof.content.decode()) == (429, True)
    shut = joiner.post("/r/me-too/", {"case": ticket, "key": str(uuid.uuid4())})
    assert (shut.status_code, ">今天您所在网络" in shut.content.decode()) == (409, True)
    assert Slip.objects.filter(kind=SlipKind.ME_TOO).count() == 1


def test_who_takes_it_back_may_join_anew(cast: Cast) -> None:
    write(cast)
    client = Client()
    ticket = ticket_in(client.get(f"/r/report/?g={cast.place.micros[0].code}&m=06"))
    number, code = numbers_of(client.post("/r/me-too/", {"case": ticket, "key": str(uuid.uuid4())}))
    client.post("/r/follow/", {"number": number, "code": code})
    assert client.post("/r/follow/mine/withdraw/").status_code == 200
    assert client.post("/r/me-too/", {"case": ticket, "key": str(uuid.uuid4())}).status_code == 200
    assert Slip.objects.filter(kind=SlipKind.ME_TOO, withdrawn_at=None).count() == 1


def test_a_ticket_is_not_made_up_and_an_ended_case_is_not_joined(cast: Cast) -> None:
    case = write(cast)
    ticket = ticket_in(Client().get(f"/r/report/?g={cast.place.micros[0].code}&m=06"))
    for made_up in ("", "1", str(case.pk), f"{ticket}x", "²", "\x00"):
        assert Client().post("/r/me-too/", {"case": made_up}).status_code == 409
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED)
    assert Client().post("/r/me-too/", {"case": ticket}).status_code == 409
    assert not Slip.objects.filter(kind=SlipKind.ME_TOO).exists()


# --- nonsense --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["g", "m", "item", "text", "place", "lng", "lat", "crs", "name", "phone", "consent", "key"]
)
@pytest.mark.parametrize("value", ["²", "\x00", "9" * 400, "-1", "nan", "<script>", "٣٣", "1e999", " "])
def test_nonsense_is_never_an_error(cast: Cast, field: str, value: str) -> None:
    assert send(cast, **{field: value}).status_code < 500
    assert Client().get("/r/report/", {field: value, "g": cast.place.micros[0].code}).status_code < 500
    assert Client().get("/r/report/", {"in": value}).status_code < 500
    assert Client().get("/r/privacy/", {"g": value}).status_code < 500


def test_the_door_account_never_signs_in() -> None:
    door = User.objects.door()
    assert (door.role, door.is_active, User.objects.able().filter(pk=door.pk).exists()) == (Role.SYSTEM, False, False)


def test_an_ended_grid_sends_to_the_choice(cast: Cast) -> None:
    micro = cast.place.micros[0]
    Grid.objects.filter(pk=micro.pk).update(valid_to="2021-01-01")
    assert Client().get(f"/r/report/?g={micro.code}").status_code == 404
    assert send(cast).status_code == 404
    assert Case.objects.count() == 0


def test_how_many_queries_a_page_asks(cast: Cast) -> None:
    for _ in range(2):
        write(cast)
    micro = cast.place.micros[0].code

    def asked(call: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert call().status_code == 200
        return len(queries)

    pages = ("/r/", "/r/report/", f"/r/report/?g={micro}", f"/r/report/?g={micro}&m=06", "/r/follow/")
    assert [asked(lambda page=page: Client().get(page)) for page in pages] == [1, 4, 5, 6, 0]
    assert asked(lambda: send(cast, photos=pictures(2))) == 30
