"""Printed parts and the leaves of scanned PDF, bound into one.

A leaf is laid under its page as a picture is: its signs are copied as they stand and never read, so that it costs next to nothing, and
what else a PDF may hold (links, notes, forms, scripts) stays outside.
"""

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, RectangleObject
from reportlab.platypus import Flowable

_LEAF = NameObject("/Leaf")


class Begin(Flowable):  # type: ignore[misc]
    """Where a piece begins: a bookmark TITLE, and TOLD of the page."""

    def __init__(self, title: str, told: Callable[[int], None]) -> None:
        super().__init__()
        self.title, self.told = title, told

    def wrap(self, *_room: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        page = self.canv.getPageNumber()
        self.canv.bookmarkPage(f"p{page}")
        self.canv.addOutlineEntry(self.title, f"p{page}")
        self.told(page)


class Hole(Flowable):  # type: ignore[misc]
    """An empty page for leaf number LEAF (from 0) of the PDF at PATH. Once drawn, it knows its `page` (from 1) and `box`."""

    def __init__(self, path: Path, leaf: int) -> None:
        super().__init__()
        self.path, self.leaf = path, leaf
        self.page, self.box = 0, (0.0, 0.0, 0.0, 0.0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, height - 1
        return self.width, self.height

    def draw(self) -> None:
        left, foot = self.canv.absolutePosition(0, 0)
        self.page, self.box = self.canv.getPageNumber(), (left, foot, self.width, self.height)


def count_pages(made: bytes) -> int:
    return len(PdfReader(io.BytesIO(made)).pages)


def bound(parts: Sequence[bytes], holes: Sequence[Hole], *, of: int) -> bytes:
    """PARTS behind one another, the HOLES in part number OF filled."""
    writer, first = PdfWriter(), 0
    for number, part in enumerate(parts):
        if number == of:
            first = len(writer.pages)
        writer.append(io.BytesIO(part))
    opened: dict[Path, PdfReader] = {}
    for hole in holes:
        if hole.path not in opened:
            opened[hole.path] = PdfReader(io.BytesIO(hole.path.read_bytes()))
        _lay(writer, writer.pages[first + hole.page - 1], opened[hole.path].pages[hole.leaf], hole.box)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _lay(writer: PdfWriter, page: PageObject, leaf: PageObject, box: tuple[float, float, float, float]) -> None:
    """LEAF under what stands on PAGE, as large as fits BOX, upright."""
    said = leaf.get_contents()
    form = DecodedStreamObject()
    form.set_data(b"" if said is None else said.get_data())
    form.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): RectangleObject(leaf.cropbox),
        NameObject("/Resources"): _of(leaf, "/Resources").clone(writer),
    })  # fmt: skip
    named = _of(page, "/Resources")
    drawn = DictionaryObject(_of(named, "/XObject"))
    drawn[_LEAF] = writer._add_object(form.flate_encode())
    named[NameObject("/XObject")] = drawn
    under = DecodedStreamObject()
    under.set_data(b"q %s cm /Leaf Do Q\n" % " ".join(f"{one:.5f}" for one in _fitted(leaf, box)).encode())
    old = page.raw_get("/Contents")
    over = list(old.get_object()) if isinstance(old.get_object(), ArrayObject) else [old]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(under), *over])


def _of(holder: DictionaryObject, name: str) -> DictionaryObject:
    """What HOLDER keeps under NAME; an empty one where nothing is."""
    found: Any = holder.get(name)
    return found.get_object() if found is not None else DictionaryObject()


def _fitted(leaf: PageObject, box: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The matrix that turns LEAF upright and puts it into the middle of BOX."""
    crop, turns = leaf.cropbox, (leaf.rotation // 90) % 4
    wide, high = float(crop.width), float(crop.height)
    across, up = (high, wide) if turns % 2 else (wide, high)
    scale = min(box[2] / across, box[3] / up)
    cos, sin = (scale * round(part(-turns * math.pi / 2)) for part in (math.cos, math.sin))
    mid_x, mid_y = float(crop.left) + wide / 2, float(crop.bottom) + high / 2
    return (
        cos, sin, -sin, cos,
        box[0] + box[2] / 2 - cos * mid_x + sin * mid_y, box[1] + box[3] / 2 - sin * mid_x - cos * mid_y,
    )  # fmt: skip
