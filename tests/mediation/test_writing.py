"""Papers say what the file says, in Chinese, with the office's words and the reader's name; as PDF and as DOCX."""

import io
import uuid
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from fontTools.ttLib import TTFont

from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from grids.choices import PostKind
from mediation.actions.templates import write_template
from mediation.choices.papers import OF_SESSION, TemplateKind
from mediation.models import Template
from mediation.reports.parts import PARTS, parts
from mediation.reports.sample import sample_sheet
from mediation.reports.templates import own_text, places
from mediation.reports.values import WORDS
from mediation.reports.writing import as_docx, as_pdf, paper_of
from mediation.rules.templates import can_be_template
from tests.factories import MONDAY, give, make_cast, make_street
from tests.mediation.volumes import docx_words, make_whole, pdf_words

pytestmark = pytest.mark.django_db
KINDS = {kind: session for session, kind in OF_SESSION.items()}


def test_every_kind_of_paper_is_written_from_the_file() -> None:
    place = make_street()
    row, mediator = make_whole(place.micros[0])
    row.change(statement="身份证件已当面核对。")
    reader = mediator.user
    said = {}
    with override("en"):
        for kind in TemplateKind:
            session = row.sessions.filter(kind=KINDS.get(kind, "")).first()
            made = as_pdf(paper_of(kind, row, session=session, at=MONDAY), reader)
            said[kind] = "".join(pdf_words(made))
            assert f"{row.no}{reader.full_name}{reader.username}2026-09-07" in said[kind]
            assert b"/FontFile2" in made
    assert all("{" not in words for words in said.values())
    assert "人民调解卷宗阳光社区人民调解委员会卷名卫生间漏水" in said[TemplateKind.COVER]
    assert "申请人：王春兰，女，58岁，住阳光花园3号楼401室" in said[TemplateKind.APPLICATION]
    assert "代理人：周律师13900001111" in said[TemplateKind.APPLICATION]
    assert "受理方式当事人申请" in said[TemplateKind.REGISTRATION]
    assert "不收取任何费用（第四条）" in said[TemplateKind.NOTICE]
    assert "到场当事人王春兰、李大勇" in said[TemplateKind.RECORD] and "参加人吴法官" in said[TemplateKind.RECORD]
    assert "李大勇：愿意维修。" in said[TemplateKind.RECORD]
    assert "未到场当事人李大勇" in said[TemplateKind.HEARING] and "听证团成员吴法官" in said[TemplateKind.HEARING]
    assert "楼上应当维修并赔偿。" in said[TemplateKind.HEARING]
    assert "履行方式：现场施工履行期限：2026年11月6日前履行完毕。" in said[TemplateKind.AGREEMENT]
    assert "本协议生效日期：2026年9月7日" in said[TemplateKind.AGREEMENT]
    assert "李大勇修好防水层2026年11月6日" in said[TemplateKind.AGREEMENT]
    assert "第二十六条" in said[TemplateKind.WAYS] and "仲裁" in said[TemplateKind.WAYS]
    assert "天花板已干。" in said[TemplateKind.FOLLOW_UP]
    assert "第三十三条" in said[TemplateKind.CONFIRMATION]
    assert "说明如下：身份证件已当面核对。本卷没有作废的材料。" in said[TemplateKind.STATEMENT]


def test_a_docx_reads_back_with_its_mark_and_a_font_of_its_own() -> None:
    row, mediator = make_whole(make_street().micros[0])
    row.parties.filter(name="王春兰").update(address="<b>3号\x0b楼</b>")
    made = as_docx(paper_of(TemplateKind.AGREEMENT, row, at=MONDAY), mediator.user)
    words = docx_words(made)
    assert "人民调解协议书" in words and "住<b>3号楼</b>" in words and "一、李大勇修好防水层。" in words
    assert "住<b>3号" in "".join(pdf_words(as_pdf(paper_of(TemplateKind.AGREEMENT, row, at=MONDAY), mediator.user)))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        head, table = parts.read("word/header1.xml").decode(), parts.read("word/fontTable.xml").decode()
        mixed, types = parts.read("word/fonts/font1.odttf"), parts.read("[Content_Types].xml").decode()
        assert "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" in parts.read("word/settings.xml").decode()
    assert f'string="{row.no} {mediator.user.full_name} {mediator.user.username} 2026-09-07' in head
    assert "obfuscatedFont" in types
    key = uuid.UUID(table.split('w:fontKey="{')[1][:36])
    plain = bytes(one ^ other for one, other in zip(mixed[:32], key.bytes[::-1] * 2, strict=True)) + mixed[32:]
    with TTFont(io.BytesIO(plain)) as font:
        assert {ord(sign) for sign in "调解协议书王春兰Aa9"} <= set(font.getBestCmap())
        assert font["name"].getDebugName(1) == "Noto Sans SC"


def test_the_last_text_of_the_street_holds_there_and_nowhere_else() -> None:
    place, other = make_street(), make_street("990101002")
    row, mediator = make_whole(place.micros[0])
    text = {"kind": TemplateKind.NOTICE, "by": mediator.user, "at": MONDAY}
    Template.objects.create(street=other.street, body="# 别处\n不在这里", **text)
    assert paper_of(TemplateKind.NOTICE, row, at=MONDAY).title == "人民调解当事人权利义务告知书"
    Template.objects.create(street=None, body="# 各处告知书\n{当事人}", **text)
    assert paper_of(TemplateKind.NOTICE, row, at=MONDAY).title == "各处告知书"
    for title in ("旧告知书", "告知书"):
        Template.objects.create(street=place.street, body=f"# {title}\n{{当事人}}：", **text)
    party = row.parties.get(name="李大勇")
    paper = paper_of(TemplateKind.NOTICE, row, party=party, at=MONDAY)
    assert (paper.title, [block.text for block in paper.blocks]) == ("告知书", ["李大勇："])


def test_a_text_needs_a_title_and_places_that_are_known_and_stand_where_they_may() -> None:
    """Those of the house are judged alike."""
    assert {place.key for place in places().values()} == {*WORDS, *PARTS}
    for kind in TemplateKind:
        assert can_be_template(own_text(kind), places(), parts())
    refused = {
        "没有标题": "no_title", "# 题\n{谁}": "unknown_place", "# 题\n{委员会": "unknown_place", "# 题\n见{签名}": "crowded_place",
        "# 题\n" + "长" * 20000: "too_long",
    }  # fmt: skip
    for body, code in refused.items():
        verdict = can_be_template(body, places(), parts())
        assert verdict.refusal and verdict.refusal.code == code


def test_the_street_office_changes_a_text_with_a_preview_and_nobody_else_does() -> None:
    cast = make_cast()
    client = Client()
    client.force_login(cast.street)
    address = reverse("admin:mediation_template_write", args=["notice"])
    assert "{调解员}" in client.get(address).content.decode()
    assert client.get(reverse("admin:mediation_template_changelist")).status_code == 200
    tried = client.post(address, {"body": "# 试写\n{委员会}告知{当事人}。", "preview": "1"})
    assert tried["Content-Type"] == "application/pdf" and "试写" in "".join(pdf_words(tried.content))
    bad = client.post(address, {"body": "# 试写\n{谁}"})
    assert (bad.status_code, Template.objects.count()) == (400, 0) and "{谁}" in bad.content.decode()
    assert client.post(address, {"body": "# 本街告知书\n{当事人}："}).status_code == 302
    row = Template.objects.get()
    assert (row.street, row.kind, row.body, row.by) == (
        cast.place.street,
        "notice",
        "# 本街告知书\n{当事人}：",
        cast.street,
    )
    assert Record.objects.get(verb="mediation.template_written").data == {"kind": "notice"}
    assert client.get(reverse("admin:mediation_template_write", args=["x"])).status_code == 404
    with pytest.raises(Forbidden):
        write_template(street=cast.place.street, kind="notice", body="# 题", by=cast.outsider, at=MONDAY)
    client.force_login(cast.total_lead)
    assert client.post(address, {"body": "# 题"}).status_code == 403
    assert Template.objects.count() == 1


def test_an_office_of_several_streets_chooses_whose_text_it_changes() -> None:
    cast, other, foreign = make_cast(), make_street("990101003").street, make_street("990101004").street
    give(cast.street, PostKind.STREET_STAFF, other)
    client = Client()
    client.force_login(cast.street)
    shelf, address = (
        reverse("admin:mediation_template_changelist"),
        reverse("admin:mediation_template_write", args=["notice"]),
    )
    page = client.get(shelf, {"street": other.code}).content.decode()
    assert all(f'href="?street={code}"' in page for code in (cast.place.street.code, other.code))
    assert f'{address}?street={other.code}"' in page
    answer = client.post(f"{address}?street={other.code}", {"body": "# 彼街告知书"})
    assert answer["Location"] == f"{shelf}?street={other.code}"
    assert Template.objects.get().street == other
    assert client.get(address, {"street": foreign.code}).status_code == 404


def test_the_preview_has_something_to_say_at_every_place() -> None:
    sheet = sample_sheet(MONDAY)
    with override("zh-hans"):
        assert [key for key, told in WORDS.items() if not told(sheet)] == []
        assert [key for key, part in PARTS.items() if not list(part(sheet))] == []
