"""Printed pages: what is put in comes out on numbered pages, with its font."""

import pytest
from reportlab.lib.units import mm
from reportlab.platypus import Table
from reportlab.platypus.doctemplate import LayoutError

from gridgov.core import pdf


def test_a_long_table_runs_over_numbered_pages_with_the_font_inside() -> None:
    rows = [["时间", "说明"], *([f"{n}", "井盖破损 <b>&" * 20] for n in range(60))]
    story = [pdf.text("电子档案", "title"), pdf.facts([("编号", "A1")], pdf.page_width())]
    made = pdf.document(
        [*story, pdf.table(rows, [30 * mm, None])], title="档案", footer="张三", watermark="张三 2026-11-25"
    )
    assert made.startswith(b"%PDF-1.4")
    assert made.count(b"/Type /Page\n") == 4
    assert b"NotoSansSC" in made
    assert b"/FontFile2" in made


def test_words_are_no_markup_and_rare_names_have_their_character() -> None:
    made = pdf.text("<font color=red>䶮</font>\n二行")
    assert made.text == "&lt;font color=red&gt;䶮&lt;/font&gt;<br/>二行"
    face = pdf.pdfmetrics.getFont(pdf.FONT).face
    assert [ord(sign) in face.charToGlyph for sign in "䶮㛃镕堃犇"] == [True] * 5


def test_a_page_on_its_side_is_wider() -> None:
    assert round(pdf.page_width() / mm) == 178
    assert round(pdf.page_width(across=True) / mm) == 265


def test_what_fits_no_page_is_not_called_by_its_words() -> None:
    with pytest.raises(LayoutError, match=r"^a block is larger than its page$") as broken:
        pdf.document([Table([["张三"]], rowHeights=[5000])], title="档案")
    assert broken.value.__suppress_context__
