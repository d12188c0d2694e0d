"""Notices in the office's own words: who may, what may stand in them, and that they are read at no cost."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts import actions
from accounts.choices import DESK_ROLES, NOTICE_DIGEST, NoticeKind, Role
from accounts.choices.wording import PLACE, PLACES, all_templates, as_kept, as_written, samples
from accounts.models import Notice, NoticeText, User
from cases.choices import NOTICE_NEAR, NOTICE_ORDER
from gridgov.core.errors import Forbidden, Invalid
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.factories import make_user
from tests.house.source import ROOMS
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/noticetext/"
BY_TEXT = {one.text: one for one in all_templates().values()}
ORDER = BY_TEXT[NOTICE_ORDER]
FORM = f"{LIST}word/?notice={ORDER.key}&language=zh-hans"


def street() -> User:
    return make_user(Role.STREET)


def put(user: User, text: str = NOTICE_ORDER, **params: Any) -> Notice:
    given = {"no": "2026090700001", "title": "路灯不亮", **params}
    key = str(Notice.objects.count())
    return Notice.objects.create(user=user, kind="order", key=key, text=text, params=given, at=timezone.now())


def reword(wording: str, text: str = NOTICE_ORDER, language: str = "zh-hans") -> NoticeText:
    return actions.reword_notice(
        template=BY_TEXT[text], language=language, wording=wording, by=User.objects.system(), at=timezone.now()
    )


def test_every_notice_of_the_house_can_be_reworded() -> None:
    """Each constant NOTICE_… of the rooms is among the templates, and each of its places has a name and a sample."""
    root, said = Path(__file__).parent.parent.parent, set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").startswith("NOTICE_"):
                    said |= {
                        n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant) and "%(" in str(n.value)
                    }
    assert said == set(BY_TEXT) and len(said) > 40
    assert {name for text in said for name in PLACE.findall(text)} == set(PLACES)
    assert all("%" not in text % samples(BY_TEXT[text]) or text == NOTICE_NEAR for text in said)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_is_what_is_kept(language: str) -> None:
    with override(language):
        assert len({str(place.label) for place in PLACES.values()}) == len(PLACES)
        for text in BY_TEXT:
            assert as_kept(as_written(text)) == text
    assert as_kept("{no} 100% {nonsense}") == "%(no)s 100%% {nonsense}"


def test_the_inbox_and_the_api_tell_it_in_the_offices_words() -> None:
    user = make_user(Role.WORKER)
    put(user)
    reword("新任务%(no)s:%(title)s,请速签收,完成率100%%")
    with override("zh-hans"):
        assert str(Notice.objects.visible_to(user).get()) == "新任务2026090700001:路灯不亮,请速签收,完成率100%"
    with override("en"):
        assert str(Notice.objects.visible_to(user).get()).startswith("Case 2026090700001 “路灯不亮” has come to you")
    assert "新任务2026090700001:路灯不亮" in desk(user).get("/admin/accounts/notice/").content.decode()
    client = client_of(user)
    texts = [
        row["text"] for row in client.get("/api/v1/notices/", headers={"accept-language": "zh-hans"}).json()["results"]
    ]
    assert texts == ["新任务2026090700001:路灯不亮,请速签收,完成率100%"]


def test_the_digest_and_its_lines_are_reworded_too() -> None:
    user = make_user(Role.WORKER)
    digest = Notice.objects.create(
        user=user,
        kind=NoticeKind.DIGEST,
        key="d",
        text=NOTICE_DIGEST,
        params={"kinds": {"order": 2}},
        at=timezone.now(),
    )
    line = put(user)
    Notice.objects.filter(pk=line.pk).update(digest=digest)
    reword("昨夜%(count)s条", text=NOTICE_DIGEST)
    reword("新任务%(no)s")
    with override("zh-hans"):
        found = Notice.objects.visible_to(user).for_detail().get(pk=digest.pk)
        assert (str(found), [str(one) for one in found.lines.all()]) == ("昨夜2条", ["新任务2026090700001"])


def test_words_of_ones_own_cost_no_query() -> None:
    user = make_user(Role.WORKER)
    client = desk(user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/admin/accounts/notice/")
        return len(caught)

    put(user)
    plain = cost()
    reword("新任务%(no)s")
    put(user)
    put(user)
    assert cost() == plain


def test_the_office_rewords_and_takes_it_back_and_both_are_recorded() -> None:
    user = street()
    client = desk(user)
    assert client.get(FORM).status_code == 200
    answer = client.post(FORM, {"wording": "新任务{案件编号}：{标题}"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?language=zh-hans")
    row = NoticeText.objects.get()
    assert (row.text, row.language, row.wording) == (NOTICE_ORDER, "zh-hans", "新任务%(no)s：%(title)s")
    page = client.get(LIST).content.decode()
    assert "新任务{案件编号}：{标题}" in page and page.count("st-chip-done") == 1
    assert "新任务{案件编号}：{标题}" in client.get(FORM).content.decode()  # and in its history
    client.post(FORM, {"wording": "whatever stands there", "reset": "1"})
    row.refresh_from_db()
    assert row.wording == ""
    rows = Record.objects.filter(verb="accounts.notice_reworded").order_by("pk")
    assert [one.data["changes"]["wording"] for one in rows] == [
        ["", "新任务%(no)s：%(title)s"], ["新任务%(no)s：%(title)s", ""],
    ]  # fmt: skip
    assert {one.actor_id for one in rows} == {user.pk}


def test_the_houses_own_words_are_none_of_ones_own() -> None:
    client = desk(street())
    shown = client.get(FORM).context["own"]
    client.post(FORM, {"wording": shown})
    assert NoticeText.objects.get().wording == ""
    assert not Record.objects.filter(verb="accounts.notice_reworded").exists()


@pytest.mark.parametrize(
    "wrong", ["新任务{不知道}", "新任务{单位名称}{案件编号}", "{}", "", "   ", "长" * 201, "x{案件编号", "a}"]
)
def test_a_place_that_is_none_is_refused_and_nothing_changes(wrong: str) -> None:
    answer = desk(street()).post(FORM, {"wording": wrong})
    if wrong in {"x{案件编号", "a}"}:  # a single brace is a brace
        assert answer.status_code == 302
        return
    assert answer.status_code == 400
    assert "wording" in answer.context["form"].errors
    assert wrong.strip() in answer.content.decode()
    assert not NoticeText.objects.exists()


def test_without_the_number_it_is_kept_and_warned_of() -> None:
    client = desk(street())
    answer = client.post(FORM, {"wording": "有新任务，请签收"}, follow=True)
    assert [str(message.level_tag) for message in answer.context["messages"]] == ["success", "warning"]
    assert answer.content.decode().count("st-chip-warn") == 1


def test_in_a_dialog_the_form_comes_alone() -> None:
    client, head = desk(street()), {"X-Fragment": "1"}
    assert "<html" not in client.get(FORM, headers=head).content.decode()
    answer = client.post(FORM, {"wording": "新任务{案件编号}"}, headers=head)
    assert (answer.status_code, answer["X-Go"]) == (204, f"{LIST}?language=zh-hans")


def test_who_may_not_reads_or_doesnt() -> None:
    reads = {Role.STREET, Role.SYSTEM_ADMIN, Role.TOTAL_LEAD, Role.COMPREHENSIVE_LEAD, Role.WORKER, Role.UNIT_STAFF}
    writes = {Role.STREET, Role.SYSTEM_ADMIN}
    for role in sorted(DESK_ROLES - writes):
        client = desk(make_user(role))
        assert client.get(LIST).status_code == (200 if role in reads else 403), role
        assert client.get(FORM).status_code == 403, role
        assert client.post(FORM, {"wording": "x{案件编号}"}).status_code == 403, role
    assert Client().get(LIST).status_code == 302
    assert not NoticeText.objects.exists()
    with pytest.raises(Forbidden):
        actions.reword_notice(
            template=ORDER, language="en", wording="x", by=make_user(Role.WORKER), at=timezone.now()
        )  # fmt: skip
    with pytest.raises(Invalid):
        reword("x", language="de")


@pytest.mark.parametrize(
    "query", ["", "?notice=x", "?notice=²", f"?notice={ORDER.key}&language=xx", "?language=zh-hans"]
)
def test_odd_addresses_do_not_exist(query: str) -> None:
    assert desk(street()).get(f"{LIST}word/{query}").status_code == 404


def test_a_list_in_either_language_is_searched() -> None:
    client = desk(street())
    found = client.get(f"{LIST}?language=en&q=whistle").content.decode()
    assert re.findall(r'data-notice="(\w+)"', found) and "Whistle" in found
    assert "No notice" in client.get(f"{LIST}?q=zzz", headers={"accept-language": "en"}).content.decode()
    assert client.get(f"{LIST}?language=xx").status_code == 404
    assert client.get(f"{LIST}1/change/").status_code == 302
