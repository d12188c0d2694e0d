"""The desk from the agreement to the volume: by the buttons of the file's page."""

import base64
import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from mediation.choices.files import FileState, Outcome
from mediation.models import Agreement, Mediation, Signature, Task
from tests.factories import make_user
from tests.mediation.agreed import Told, drawn, make_told
from tests.mediation.people import make_party, make_session

pytestmark = pytest.mark.django_db
NAME = "data:image/png;base64," + base64.b64encode(drawn()).decode()


class Desk:
    """The page of one file, as the person who is signed in works it."""

    def __init__(self, told: Told) -> None:
        self.url = f"/admin/mediation/mediation/{told.file.pk}/"
        self.client = Client()

    def enter(self, user: Any) -> "Desk":
        self.client.force_login(user)
        return self

    def page(self) -> str:
        return self.client.get(f"{self.url}change/").content.decode()

    def form(self, verb: str, query: str = "") -> Any:
        return self.client.get(f"{self.url}do/{verb}/{query}", headers={"X-Fragment": "1"})

    def do(self, verb: str, **given: Any) -> int:
        """What the form offers by itself, with GIVEN in place of it."""
        shown = self.form(verb).context["form"]
        offered = {name: shown.get_initial_for_field(field, name) for name, field in shown.fields.items()}
        kept = {name: value for name, value in offered.items() if value not in (None, [])}
        answer = self.client.post(f"{self.url}do/{verb}/", {**kept, **given}, headers={"X-Fragment": "1"})
        if answer.status_code != 204:
            self.refusal = answer.content.decode()
        return answer.status_code


def test_from_the_agreement_to_the_volume(told_now: Told) -> None:
    told, today = told_now, timezone.localdate().isoformat()
    desk = Desk(told).enter(told.by)
    words = {"form": "written", "content": "楼上修缮防水。", "manner": "", "deadline": today}
    tasks = {"tasks-party": [told.parties[1].pk] * 2, "tasks-what": ["修好防水层", ""], "tasks-due": [today, ""]}
    assert desk.do("write_agreement", **words, **tasks) == 400
    assert "《人民调解法》第二十九条" in desk.refusal and not Agreement.objects.exists()
    assert desk.do("write_agreement", **{**words, "manner": "自行施工。"}, **tasks | {"tasks-due": ["soon", ""]}) == 400
    assert (
        desk.do("write_agreement", **{**words, "manner": "自行施工。"}, **tasks | {"tasks-what": ["修\0", ""]}) == 400
    )
    assert desk.do("write_agreement", **{**words, "manner": "自行施工。"}, **tasks) == 204
    assert Task.objects.get().what == "修好防水层"
    assert "楼上修缮防水" in desk.form("sign").content.decode()
    for party in told.parties:
        assert desk.do("sign", who=f"party:{party.pk}", drawn=NAME, how="screen") == 204
    assert desk.do("sign", who=f"party:{party.pk}", drawn=NAME, how="screen") == 400
    assert "do/withdraw_text/" in desk.page()
    assert desk.do("withdraw_text", reason="金额写错") == 204
    page = desk.page()
    assert "金额写错" in page and "do/withdraw_text/" not in page and "do/sign/" not in page
    assert desk.do("write_agreement", **{**words, "manner": "自行施工。"}, **tasks) == 204
    for party in told.parties:
        assert desk.do("sign", who=f"party:{party.pk}", drawn=NAME, how="screen") == 204
    assert desk.do("sign", who=f"mediator:{told.mediator.pk}", how="scan") == 400
    scan = SimpleUploadedFile("a.png", drawn(), "image/png")
    assert desk.do("sign", who=f"mediator:{told.mediator.pk}", how="scan", scan=scan) == 204
    assert desk.do("sign", who="seal", how="screen") == 400
    assert "drawn" not in desk.enter(told.director).form("sign", "?who=seal").context["form"].fields
    assert desk.do("sign", who="seal", how="screen", drawn=NAME) == 204
    assert not Signature.objects.standing().get(by_whom="seal").file and "系统用印" in desk.page()
    assert (Signature.objects.standing().count(), Mediation.objects.get().outcome) == (4, Outcome.AGREED_WRITTEN)
    desk.enter(told.by)
    assert "修好防水层" in desk.page()
    assert desk.do("perform", task=Task.objects.get().pk, state="done", done_on=today) == 204
    assert desk.do("follow_up", performance="done", satisfaction="satisfied") == 204
    assert desk.do("ask_court", court="某区人民法院") == 204
    assert desk.do("file", retention="long", statement="") == 400 and "身份证明" in desk.refusal
    assert desk.do("ruling", confirmed="yes", court_no="某1号") == 204
    assert desk.do("file", retention="long", statement="身份证件已当面核对。") == 204
    page = desk.page()
    assert Mediation.objects.get().state == FileState.FILED and "身份证件已当面核对" in page


def test_the_record_is_signed_from_its_session(told_now: Told) -> None:
    told = told_now
    held = make_session(told.file, told.mediator, starts_at=told.file.accepted_at)
    held.attendances.create(party=told.parties[0], came=True)
    desk = Desk(told).enter(told.by)
    shown = desk.form("sign_record", f"?session={held.pk}").context["form"]
    given = {"session": held.pk, "digest": shown.initial["digest"], "drawn": NAME, "how": "screen"}
    assert len(shown.fields["who"].choices) == 2 and "effective_on" not in shown.fields
    assert desk.do("sign_record", **given, who=f"party:{told.parties[0].pk}") == 204
    held.change(record="改过。")
    assert desk.do("sign_record", **given, who=f"mediator:{told.mediator.pk}") == 409
    for odd in ("²", "\0", "9" * 30, "0"):
        assert desk.do("sign_record", **{**given, "session": odd}, who=f"mediator:{told.mediator.pk}") in {400, 409}
    assert Signature.objects.count() == 1


def test_the_page_reads_a_file_once(told_now: Told, django_assert_num_queries: Any) -> None:
    desk = Desk(told_now).enter(told_now.director)
    told_now.write(at=timezone.now(), deadline=timezone.localdate(), tasks=[])
    for more in range(2):
        held = make_session(told_now.file, told_now.mediator, starts_at=told_now.file.accepted_at)
        held.attendances.create(party=make_party(told_now.file), came=True)
        desk.page()
        with django_assert_num_queries(28):
            assert desk.page().count("双方到场") == more + 1


def test_nobody_else_does_anything(told_now: Told) -> None:
    desk = Desk(told_now)
    for role in (Role.MEDIATOR, Role.STREET):
        desk.enter(make_user(role))
        for verb in (
            "write_agreement", "withdraw_text", "sign", "sign_record", "perform", "follow_up", "ask_court", "ruling", "file",
        ):  # fmt: skip
            assert desk.form(verb).status_code == 404
            assert desk.client.post(f"{desk.url}do/{verb}/", {}).status_code == 404
    assert not Agreement.objects.exists()


@pytest.fixture
def told_now() -> Told:
    """Accepted a week ago by the clock of the wall: the desk's forms speak of today."""
    began = timezone.now() - dt.timedelta(days=7)
    return make_told(applied_at=began, accepted_at=began, due_at=began + dt.timedelta(days=30))
