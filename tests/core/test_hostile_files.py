"""Files that strangers make to hurt: refused in words, before they unfold, whatever they are called.

What each kind costs at its worst was measured in a process of its own (docs/threats.md, Files).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from cases.actions.pictures import FORMATS, decode
from cases.models import Case
from gridgov.core import pictures
from gridgov.core.errors import Invalid
from gridgov.core.models import Upload
from gridgov.core.sheet import harmless, write_table
from gridgov.core.sheet_lines import lines_of
from grids.actions.groups import clean_copy
from mediation.actions.scans import read_scan
from tests.cases.test_api import upload
from tests.door.residents import open_door, send
from tests.factories import make_cast

SHEET = "xl/worksheets/sheet1.xml"
HEIC = Path(__file__).parent.parent / "data" / "phone.heic"


def picture(kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, kind, **more)
    return out.getvalue()


def swollen_png(side: int) -> bytes:
    """A small PNG that says it were SIDE pixels wide and high."""
    small = picture("PNG")
    head = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def swollen_jpeg(side: int, **more: Any) -> bytes:
    """The same as JPEG: its size stands behind the mark of its frame (SOF0, or SOF2 where it comes in passes)."""
    small = picture("JPEG", **more)
    place = small.index(b"\xff\xc2" if more.get("progressive") else b"\xff\xc0") + 5
    return small[:place] + struct.pack(">HH", side, side) + small[place + 4 :]


DOORS: dict[str, Callable[[bytes], Any]] = {
    "photos of cases": lambda data: decode(io.BytesIO(data)),
    "papers of mediation": read_scan,
    "codes of groups": lambda data: clean_copy(io.BytesIO(data)),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "data",
    [swollen_png(6000), swollen_jpeg(7000, progressive=True), swollen_jpeg(15000)],
    ids=["png", "passes", "jpeg"],
)
def test_a_picture_that_would_fill_the_memory_is_not_unfolded(
    door: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_args: pytest.fail("it was unfolded"))
    with pytest.raises(Invalid) as refused:
        DOORS[door](data)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a<script>alert(1)</script>", picture("GIF"), picture("BMP"), picture("TIFF"), picture("PNG")[:60], b"MZ\x90\x00",
        b"%!PS-Adobe-3.0\n(/etc/passwd) run", b"PK\x03\x04",
    ],
)  # fmt: skip
def test_what_is_no_picture_is_told_by_its_content(door: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        DOORS[door](data)
    assert refused.value.code in {"not_a_photo", "not_a_scan"}


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP", "HEIF"])
def test_damaged_pictures_are_refused_and_never_break_anything(kind: str) -> None:
    second = {"save_all": True, "append_images": [Image.new("RGB", (32, 24))]} if kind == "MPO" else {}
    whole = HEIC.read_bytes() if kind == "HEIF" else picture(kind, **second)
    assert max(pictures.opened(whole, formats=FORMATS, side=32, field="photo", told="no", code="no").size) == 32
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        for data in (whole[:place], whole[:place] + b"\xff" * 8 + whole[place + 8 :]):
            try:
                found = pictures.opened(data, formats=FORMATS, side=32, field="photo", told="no", code="no")
            except Invalid as refused:
                assert refused.code in {"no", "too_large"}
            else:
                assert max(found.size) <= 32


@pytest.mark.django_db
@pytest.mark.usefixtures("own_media")
def test_the_residents_door_keeps_nothing_of_it(settings: Any) -> None:
    cast = open_door(make_cast("B"))
    answer = send(cast, photos=[upload(swollen_png(6000), "猫.jpg")])
    assert answer.status_code == 400
    assert "2500万像素" in answer.content.decode()
    assert Case.objects.count() == Upload.objects.count() == 0
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


# --- sheets ----------------------------------------------------------------------------------------------------------


def workbook(part: str = "", becomes: Callable[[bytes], bytes] = bytes) -> bytes:
    """An XLSX of two lines, with PART of it changed."""
    made, book = io.BytesIO(), Workbook()
    book.active.append(["编码", "名称"])
    book.active.append(["1", "一"])
    book.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, becomes(old.read(info)) if info.filename == part else old.read(info))
    return out.getvalue()


def renamed(book: bytes, part: str, name: str) -> bytes:
    """BOOK with its PART called NAME, and led to by that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            named = name if info.filename == part else info.filename
            new.writestr(named, old.read(info).replace(part.encode(), name.encode()))
    return out.getvalue()


def ends(more: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", more + b"</sheetData>")


def test_a_workbook_is_read_whatever_it_says_of_its_size() -> None:
    far = workbook(SHEET, ends(b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'))
    assert lines_of(far, "a.xlsx", most=10) == [(1, ("编码", "名称")), (2, ("1", "一"))]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbook("xl/styles.xml", lambda part: part + b" " * (49 << 20)), "a.xlsx"),
        (workbook(SHEET, ends(b"<row>" + b"<c><v>1</v></c>" * 5000 + b"</row>")), "a.xlsx"),
        (workbook(SHEET, ends(b"<row>" + b"<x:c><v>1</v></x:c>" * 5000 + b"</row>")), "a.xlsx"),
        (
            renamed(
                workbook(SHEET, ends(b"<row>" + b"<c><v>1</v></c>" * 5000 + b"</row>")), SHEET, "xl/worksheets/a.png"
            ),
            "a.xlsx",
        ),
        (workbook(SHEET, ends(b"<row><c><v>1</v></c></row>" * 20)), "a.xlsx"),
        (workbook(SHEET, lambda part: b'<!DOCTYPE a [<!ENTITY a "ha">]>' + part), "a.xlsx"),
        (workbook(SHEET, lambda part: b'\xef\xbb\xbf<?xml version="1.0" encoding="cp037"?>' + part), "a.xlsx"),
        (workbook(SHEET, lambda part: part.decode().encode("utf-16")), "a.xlsx"),
        (b"PK\x03\x04 no zip", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx"),
        (b"a," * 5000, "a.csv"),
        (b"a\n" * 5000, "a.csv"),
        (b'a,"' + b"x" * 200_000 + b'"', "a.csv"),
        (b"\xff\xfe\xff\xff", "a.csv"),
        (workbook(), "a.xls"),
        (b"a,b", "a.html"),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        lines_of(content, name, most=10)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", "\x07=1"]
)
def test_no_text_becomes_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'") and "\x07" not in harmless(cell)
    columns = {"name": ("名称", ())}
    made = write_table([(cell,)], columns, title="t", ending="xlsx")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read(SHEET)
    (_heads, line) = lines_of(write_table([(cell,)], columns, title="t", ending="csv"), "a.csv", most=10)
    assert line[1][0].startswith("'")


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(*objects: bytes) -> bytes:
    """A PDF of OBJECTS, the first being its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n" % (len(objects) + 1) + table + end


CATALOGUE, PAGES = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def page(more: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]%s>>" % more


def drawing(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)


BRANCHES = [b"<</Type/Pages/Count 1/Kids[%s]>>" % b" ".join([b"%d 0 R" % number] * 10) for number in range(3, 15)]
TWICE = zlib.compress(zlib.compress(b"0 " * (40 << 20)))
THICK = zlib.compress(b"0 " * (20 << 20), 9)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(CATALOGUE, *BRANCHES, page()), "pages"),
        (pdf(CATALOGUE, b"<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]>>", page()), "pages"),
        (pdf(CATALOGUE, PAGES, page(b"/Contents 4 0 R"), drawing(TWICE, b"/FlateDecode/FlateDecode")), "damaged"),
        (pdf(CATALOGUE, b"<</Type/Pages/Count 3/Kids[3 0 R 3 0 R 3 0 R]>>", page(b"/Contents 4 0 R"), drawing(THICK)), "damaged"),
        (pdf(CATALOGUE, PAGES, page(b"/CropBox[0 0 0 0]")), "pages"),
        (pdf(CATALOGUE, PAGES, page(b"/AA<</O<</S/JavaScript/JS(app.alert(1))>>>>")), "not_plain"),
        (pdf(CATALOGUE, PAGES, page(b"/Annots[<</Subtype/Link/A<</S/Launch/F(cmd.exe)>>>>]")), "not_plain"),
        (pdf(CATALOGUE, PAGES, page(b"/Annots[<</Subtype/FileAttachment>>]")), "not_plain"),
        (pdf(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>", PAGES, page()), "not_plain"),
        (b"%PDF-1.7\n", "damaged"),
    ],
)  # fmt: skip
def test_a_pdf_that_hurts_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_scan(data)
    assert refused.value.code == code


def test_a_plain_pdf_with_a_link_is_taken() -> None:
    link = b"/Annots[<</Subtype/Link/A<</S/URI/URI(https://example.cn)>>>>]"
    assert read_scan(pdf(CATALOGUE, PAGES, page(link))).pages == 1
