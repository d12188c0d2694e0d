"""Volunteers and squads at the desk and by API: masked until somebody says why, in scope, and lists that come and go."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import User
from gridgov.core.models import Record
from gridgov.core.rows import BadRows
from tests.cases.desk import desk
from tests.clients.kit import asker, code_of
from tests.factories import MONDAY, Cast, make_client
from tests.openapi import client_of
from tests.volunteers.people import make_volunteer
from volunteers import actions
from volunteers.forms.national import columns
from volunteers.forms.roster import read_roster, template
from volunteers.jobs.people import forget_people
from volunteers.models import Squad, Volunteer

pytestmark = pytest.mark.django_db
DESK, API = "/admin/volunteers/volunteer/", "/api/v1/volunteers/"


def test_the_roster_masks_and_a_reason_reveals(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0], name="李志愿", phone="13900001234", national_no="110000123")
    client = desk(cast.lead)
    for address in (DESK, f"{DESK}{row.pk}/change/"):
        said = client.get(address).content.decode()
        assert "李**" in said and "139****1234" in said
        assert "李志愿" not in said and "13900001234" not in said
    # Who knows a name or a number in full finds whose it is; by parts nobody is found.
    for term, there in (
        ("李志愿", True),
        ("13900001234", True),
        (row.no, True),
        ("志愿", False),
        ("1234", False),
        ("²", False),
    ):
        assert (f">{row.no}<" in client.get(DESK, {"q": term}).content.decode()) is there, term
    reveal = f"{DESK}{row.pk}/do/reveal/"
    assert client.post(reveal, {"reason": ""}).status_code == 400
    assert not Record.objects.filter(verb="volunteers.revealed").exists()
    assert "13900001234" in client.post(reveal, {"reason": "电话通知排班"}).content.decode()
    told = Record.objects.get(verb="volunteers.revealed")
    assert (told.actor, told.data) == (cast.lead, {"note": "电话通知排班"})
    assert desk(cast.outsider).get(f"{DESK}{row.pk}/change/").status_code == 302
    assert desk(cast.outsider).post(reveal, {"reason": "好奇"}).status_code == 404
    assert desk(cast.worker).get(DESK).status_code == 403


def test_reviewing_correcting_and_a_new_password_at_the_desk(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0], state="applied")
    client, do = desk(cast.lead), f"{DESK}{row.pk}/do/"
    client.post(f"{do}accept/")
    given = {"kind": "resident", "grid": cast.place.micros[1].code, "phone": "13900000055", "national_no": "N1"}
    assert client.post(f"{do}correct/", {**given, "grid": "990101002001001001"}).status_code == 400
    assert (
        client.post(f"{do}correct/", {**given, "born_on": "2015-01-01"}).status_code == 400
    )  # a minor, and no guardian
    assert client.post(f"{do}correct/", given).status_code == 302
    kept = Volunteer.objects.select_related("user").get(pk=row.pk)
    assert (kept.name, kept.phone, kept.grid, kept.user.phone) == (
        row.name,
        "13900000055",
        cast.place.micros[1],
        "13900000055",
    )
    assert "13900000055" not in str(list(Record.objects.values_list("data", flat=True)))
    client.post(f"{do}training/", {"trained_on": "2026-09-01", "insured_until": "2027-08-31"})
    assert Volunteer.objects.get(pk=row.pk).insured_until == dt.date(2027, 8, 31)
    said = client.post(f"{do}password/", {"sure": "on"}).content.decode()
    account = User.objects.get(pk=row.user_id)
    assert any(account.check_password(word) for word in said.replace("<", ">").split(">") if len(word) == 14)
    assert client.post(f"{do}password/", {}).status_code == 400


def test_squads_at_the_desk(cast: Cast) -> None:
    client, page = desk(cast.lead), "/admin/volunteers/squad/"
    form = {"kind": "one_plus_five", "name": "红枫队", "grid": cast.place.comprehensives[0].pk, "lead": "worker"}
    assert client.post(f"{page}add/", form).status_code == 200
    assert not Squad.objects.exists()
    assert client.post(f"{page}add/", {**form, "micros": [cast.place.micros[0].pk]}).status_code == 302
    squad, rows = Squad.objects.get(), [make_volunteer(cast.place.micros[0]) for _ in range(2)]
    assert [micro.code for micro in squad.micros.all()] == [cast.place.micros[0].code]
    do = f"{page}{squad.pk}/do/"
    assert client.post(f"{do}add/", {"numbers": "V9999"}).status_code == 400
    client.post(f"{do}add/", {"ticked": [rows[0].pk], "numbers": rows[1].no.lower()})
    assert squad.members.count() == 2
    said = client.get(f"{page}{squad.pk}/change/").content.decode()
    assert "人数不足" in said and rows[0].nickname in said and rows[0].name not in said
    client.post(f"{do}remove/", {"member": squad.members.first().pk})
    assert squad.members.current().count() == 1
    change = {"name": "枫叶队", "lead": "lead", "micros": [cast.place.micros[1].pk]}
    assert client.post(f"{do}change/", change).status_code == 302
    for gap, there in (("short", True), ("over", False), ("no_lead", False), ("no_micro", False), ("²", True)):
        assert ("枫叶队" in client.get(page, {"gap": gap}).content.decode()) is there, gap
    board = client.get(f"{page}board/").content.decode()
    assert cast.place.totals[0].name in board and "1 / 2" in board
    assert desk(cast.worker).get(f"{page}board/").status_code == 403


def test_other_systems_read_no_names_without_scope_purpose_and_record(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0], name="李志愿", phone="13900001234")
    _client, raw = make_client(["volunteers:read"], grid=cast.place.street)
    reader = asker(raw)
    for answer in (reader.get(API), reader.get(f"{API}{row.pk}/"), reader.get(f"{API}?skill=care&grid=99")):
        assert answer.status_code == 200
        assert "李志愿" not in answer.content.decode() and "13900001234" not in answer.content.decode()
    reveal, reason = f"{API}{row.pk}/reveal/", {"reason": "核对保险"}
    assert code_of(reader.post(reveal, reason, format="json", headers={"X-Purpose": "handling"})) == (
        403,
        "scope_missing",
    )
    assert reader.post(f"{API}{row.pk}/pause/", {}, format="json").status_code == 403
    given = {"grid": cast.place.street, "purposes": ["handling"]}
    _client, raw = make_client(["volunteers:personal"], **given)
    assert asker(raw).post(reveal, reason, format="json").status_code == 403
    answer = asker(raw).post(reveal, reason, format="json", headers={"X-Purpose": "handling"})
    assert (answer.json()["phone"], answer["Cache-Control"]) == ("13900001234", "no-store")
    assert Record.objects.filter(verb="volunteers.revealed").count() == 1


def test_verbs_of_volunteers_and_squads_by_api(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0], state="applied")
    api = client_of(cast.street)
    do = f"{API}{row.pk}/"
    assert api.post(f"{do}review/", {"accepted": False}, format="json").status_code == 400
    assert api.post(f"{do}review/", {"accepted": True}, format="json").json()["state"] == "active"
    assert api.post(f"{do}pause/", {}, format="json").json()["state"] == "paused"
    assert api.post(f"{do}resume/", {}, format="json").json()["minutes"] == 0
    form = {
        "kind": "one_plus_five", "name": "红枫队", "grid": cast.place.totals[0].code, "lead": "worker",
        "micros": [cast.place.micros[0].code],
    }  # fmt: skip
    squads = "/api/v1/squads/"
    for bad in (
        {"grid": "990101002"},
        {"micros": ["1"]},
        {"lead": "nobody"},
        {"lead": "outsider"},
        {"kind": "grid_team2"},
    ):
        assert api.post(squads, {**form, **bad}, format="json").status_code == 400
    made = api.post(squads, form, format="json").json()
    assert (made["gaps"], made["strength"], made["members"]) == (["short"], 0, [])
    one = f"{squads}{made['id']}/"
    assert api.post(f"{one}add/", {"volunteers": ["V0"]}, format="json").status_code == 400
    assert api.post(f"{one}add/", {"volunteers": [row.no]}, format="json").json()["members"][0]["no"] == row.no
    assert [line["id"] for line in api.get(squads, {"gap": "short", "ended": "false"}).json()["results"]] == [
        made["id"]
    ]
    assert api.get(squads, {"gap": "over"}).json()["results"] == []
    assert client_of(row.user).get(one).status_code == 200  # who stands in it reads it
    assert client_of(row.user).post(f"{one}end/", {}, format="json").status_code == 403
    assert api.post(f"{one}remove/", {"volunteer": row.no}, format="json").json()["strength"] == 0
    assert api.post(f"{one}remove/", {"volunteer": row.no}, format="json").status_code == 400
    assert api.post(f"{one}end/", {}, format="json").json()["ended_on"]
    assert api.post(f"{do}leave/", {"reason": "搬家"}, format="json").json()["state"] == "left"


def test_a_list_comes_in_after_a_dry_run_and_goes_out_masked_or_with_a_reason(cast: Cast) -> None:
    client, micro = desk(cast.street), cast.place.micros[0].code
    known = make_volunteer(cast.place.micros[0], skills=[])
    heads = [columns()[name][0] for name in ("no", "name", "phone", "born_on", "grid", "skills", "consented", "guardian_name",
                                             "guardian_phone")]  # fmt: skip
    grown = ["", "王一一", "13900000021", "1980-01-02", micro, "助老 巡逻", "是", "", ""]
    child = ["", "王二二", "13900000022", "2013-01-02", micro, "", "是", "王一一", "13900000021"]
    change = [known.no, "", "", "", "", "法律", "是", "", ""]

    def send(*lines: list[str], dry: bool = False) -> Any:
        content = tablib.Dataset(*lines, headers=heads).export("xlsx")
        file = SimpleUploadedFile("志愿者.xlsx", content)
        return client.post(f"{DESK}import/", {"file": file, **({"dry_run": "on"} if dry else {})})

    bad = [
        [*child[:7], "", ""], [*grown[:4], "990101002001001001", *grown[5:]], [*grown[:5], "飞行", *grown[6:]],
        [*grown[:6], "否", "", ""], ["V0", *change[1:]],
    ]  # fmt: skip
    refused = send(grown, *bad)
    assert refused.status_code == 400
    said = refused.content.decode().replace(" ", "")
    assert [line for line in range(2, 8) if f"第{line}行" in said] == [3, 4, 5, 6, 7]
    assert send(grown, child, change, dry=True).status_code == 200
    assert Volunteer.objects.count() == 1
    assert send(grown, child, change).status_code == 302
    new = Volunteer.objects.get(name="王一一")
    assert (new.state, new.user, new.skills, new.balance.points) == ("active", None, ["care", "patrol"], 0)
    known.refresh_from_db()
    assert known.skills == ["legal"]
    # Sent again, it changes nothing; and who came in by a list gets an account with the first password.
    send(grown, child, change)
    assert Volunteer.objects.count() == 3
    password = actions.give_password(volunteer=new, by=cast.street, at=MONDAY)
    new.refresh_from_db()
    assert (new.user.username, new.user.is_active, new.user.check_password(password)) == (new.no, True, True)

    assert client.post(f"{DESK}export/", {"ending": "xlsx", "full": "on"}).status_code == 400
    for asked, phone in (({}, "139****0021"), ({"full": "on", "reason": "报送全国系统"}, "13900000021")):
        assert client.post(f"{DESK}export/", {"ending": "xlsx", **asked}).status_code == 302
        download = client.get("/admin/accounts/download/").content.decode()
        assert "志愿者名册" in download
        made = Record.objects.filter(verb="accounts.download_asked").latest("id")
        assert made.data["asked"]["reason"] == asked.get("reason", "")
        answer = client.get(f"/admin/accounts/download/{made.subject_id}/file/")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        lines = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
        assert list(lines[1]) == [heading for heading, _also in columns().values()]
        assert phone in [line[3] for line in lines]
    assert desk(cast.worker).get(f"{DESK}export/").status_code == 403


def test_what_a_list_leaves_empty_stays_and_who_is_gone_is_not_changed(cast: Cast) -> None:
    micro = cast.place.micros[0]
    rider = make_volunteer(micro, kind="new_employment", employer="蓝骑士")
    gone = make_volunteer(micro, state="left", skills=["care"])

    def take(**values: Any) -> object:
        line = {"name": "", "phone": "", "born_on": None, "grid_code": micro.code, "consented": True, **values}
        return actions.import_volunteers(rows=[actions.VolunteerLine(**line)], by=cast.street, at=MONDAY)

    assert take(no=rider.no, national_no="N77", skills=("legal",)).changed == 1  # type: ignore[attr-defined]
    rider.refresh_from_db()
    assert (rider.kind, rider.employer, rider.national_no) == ("new_employment", "蓝骑士", "N77")
    changes = Record.objects.get(verb="volunteers.corrected").data["changes"]
    assert changes == {"national_no": "…", "skills": ["[]", "['legal']"]}
    assert take(no=gone.no, skills=("care",)).unchanged == 1  # type: ignore[attr-defined]
    new = {"no": "", "name": "王一一", "phone": "13900000021", "born_on": MONDAY.date().replace(year=1990)}
    for bad in (
        {"no": gone.no, "skills": ("legal",)},
        {**new, "kind": "new_employment", "employer": "蓝" * 49},
        {
            **new,
            "born_on": MONDAY.date().replace(year=2013),
            "guardian_name": "王" * 49,
            "guardian_phone": "13900000022",
        },
    ):
        with pytest.raises(BadRows):
            take(**bad)
    assert (Volunteer.objects.count(), Volunteer.objects.get(pk=gone.pk).skills) == (2, ["care"])


def test_the_empty_list_is_one_that_is_read() -> None:
    sheet = read_roster(template("csv"), "x.csv")
    assert (len(sheet.rows), sheet.faults, sheet.rows[1].guardian_name != "") == (2, [], True)


def test_who_is_no_longer_here_is_forgotten_in_time(cast: Cast) -> None:
    gone, here, asked = (make_volunteer(cast.place.micros[0], employer="蓝骑士", skills=["care"]) for _ in range(3))
    left = {"volunteer": gone, "by": gone.user, "at": MONDAY}
    actions.leave_volunteering(**left)
    later = MONDAY + dt.timedelta(days=3 * 365)
    forget_people([], later - dt.timedelta(seconds=1))
    gone.refresh_from_db()
    assert gone.name
    forget_people([], later)
    for row in (gone, here):
        row.refresh_from_db()
    account = User.objects.get(pk=gone.user_id)
    assert (gone.name, gone.nickname, gone.phone, gone.born_on, gone.skills, gone.forgotten_at) == (
        "",
        "",
        "",
        None,
        [],
        later,
    )
    assert (account.full_name, account.phone, account.is_active) == (gone.no, "", False)
    assert here.name
    # Who has left may ask for it earlier; nobody else is forgotten.
    client = desk(cast.street)
    forget = f"{DESK}{asked.pk}/do/forget/"
    assert client.post(forget, {"sure": "on"}).status_code == 409
    actions.leave_volunteering(volunteer=asked, by=cast.street, at=MONDAY)
    client.post(forget, {"sure": "on"})
    asked.refresh_from_db()
    assert (asked.name, asked.forgotten_at is None) == ("", False)
    assert client.post(f"{DESK}{asked.pk}/do/reveal/", {"reason": "看看"}).status_code == 409
