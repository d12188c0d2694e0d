"""The lines of a CSV or XLSX that somebody brings, within bounds: some kilobytes of it may unfold into gigabytes.

An XLSX is a zip of XML. Its parts are measured and looked through as bytes before anything makes objects of them: how much they
unfold to, how many cells stand in a row, whether they define entities.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid

FORMATS = ("csv", "xlsx")
MAX_COLUMNS = 200
# Whoever leaves so many lines empty has come to the end.
MAX_BLANK = 2000
# Of an XLSX: its parts, what they unfold to in bytes, and how many different texts it holds.
MAX_PARTS, MAX_UNFOLDED, MAX_TEXTS = 500, 48 * 2**20, 300_000
_PIECE = 2**20
_LAST_ROW = 2**20
# A row or a cell begins, a text begins, something is defined; whatever the prefix.
_ROW_OR_CELL = re.compile(rb"<(?:[^\s<>/:!?]+:)?(row|c)[\s/>]")
_TEXT = re.compile(rb"<(?:[^\s<>/:!?]+:)?si[\s/>]")
_DEFINED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
_UTF8 = b"\xef\xbb\xbf"
_LONGEST_TAG = 64

Line = tuple[int, Sequence[Any]]


def lines_of(content: bytes, name: str, *, most: int) -> list[Line]:
    """The number and the cells of each line of CONTENT that says something, the first being the headings; CSV (UTF-8 with or
    without BOM, or GBK) or XLSX by the ending of NAME. Raises Invalid for what is neither, and for more than MOST lines."""
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise Invalid(_("Only CSV and XLSX files are read."), field="file")
    found: list[Line] = []
    last = 1
    try:
        for number, line in enumerate(_xlsx(content) if ending == "xlsx" else _csv(content), start=1):
            cells = _trimmed(line)
            if cells or number == 1:
                found.append((number, cells))
                last = number
            elif number - last > MAX_BLANK:
                break
            if len(found) > most + 1:
                raise Invalid(_("The list has more than %(max)d rows.") % {"max": most}, field="file")
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises what it pleases
        words = {"format": ending.upper(), "reason": str(error)[:120]}
        raise Invalid(_("This is no readable %(format)s file (%(reason)s).") % words, field="file") from error
    return found or [(1, ())]


def _trimmed(line: Sequence[Any]) -> Sequence[Any]:
    """LINE up to the last cell that says something."""
    width = len(line)
    while width and line[width - 1] in {None, ""}:
        width -= 1
    return line[:width]


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    for line in csv.reader(io.StringIO(_decoded(content), newline="")):
        if len(line) > MAX_COLUMNS:
            raise _too_wide()
        yield line


def _decoded(content: bytes) -> str:
    """CSV from Chinese Excel is GBK, from everywhere else UTF-8."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("The file is neither UTF-8 nor GBK text."), field="file")


def _xlsx(content: bytes) -> Iterator[Sequence[Any]]:
    """The rows of the sheet that was open when the workbook was kept."""
    from openpyxl import load_workbook  # with NumPy behind it: 17 MB of every process that only might read such a file

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        _insist_on_size(packed)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.active
        sheet.reset_dimensions()  # what the file says of its own size
        heads = _trimmed(next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS, values_only=True), ()))
        yield heads
        if heads:  # what stands beside the headings belongs to no column
            yield from sheet.iter_rows(min_row=2, max_row=_LAST_ROW, max_col=len(heads), values_only=True)
    finally:
        book.close()


def _insist_on_size(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    # No part unfolds to more than is said here: zipfile stops there.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
        raise Invalid(
            _("This workbook unfolds to more than %(max)d MB.") % {"max": MAX_UNFOLDED >> 20},
            code="too_large",
            field="file",
        )
    for part in parts:
        with packed.open(part) as file:
            _look_through(file)


def _look_through(file: Any) -> None:
    """Raises Invalid for a part of XML that is not what spreadsheets write, or too wide. What is read as a sheet stands in the
    workbook, whatever the part is called: so XML is told by how it begins."""
    texts = wide = 0
    rest = b""
    begun = file.read(_PIECE).removeprefix(_UTF8)
    said = begun.lstrip(b"\xff\xfe\0 \t\r\n")
    if said and not said.startswith(b"<"):
        return
    while piece := begun or file.read(_PIECE):
        begun = b""
        if not rest and (named := _ENCODING.match(piece)) and named[1].lower() not in {b"utf-8", b"us-ascii"}:
            raise ValueError("encoding")
        if b"\0" in piece:
            raise ValueError("encoding")
        # A tag that the cut falls into is found with the next piece.
        cut = piece.rfind(b"<", max(0, len(piece) - _LONGEST_TAG))
        whole, rest = rest + (piece if cut < 0 else piece[:cut]), b"" if cut < 0 else piece[cut:]
        if _DEFINED.search(whole):
            raise ValueError("DOCTYPE")
        texts += len(_TEXT.findall(whole))
        for tag in _ROW_OR_CELL.findall(whole):
            wide = 0 if tag == b"row" else wide + 1
            if wide > MAX_COLUMNS:
                raise _too_wide()
        if texts > MAX_TEXTS:
            raise Invalid(_("This workbook holds too many texts."), code="too_large", field="file")


def _too_wide() -> Invalid:
    return Invalid(_("The list has more than %(max)d columns.") % {"max": MAX_COLUMNS}, code="too_large", field="file")
