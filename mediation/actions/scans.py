"""Pictures and PDF that come into a file: read, made harmless, kept where only the room's own views find them."""

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from cases.actions.pictures import FORMATS
from gridgov.core.errors import Invalid
from gridgov.core.pictures import opened
from mediation.choices.deeds import MOST_PAGES, PAPER_BYTES

JPEG, PDF = "image/jpeg", "application/pdf"
_ENDINGS = {JPEG: "jpg", PDF: "pdf"}
# Bytes of drawing on all pages of one PDF; pictures on them are not counted.
MOST_UNFOLDED = 100 * 2**20
# A page of A4 with two hundred dots an inch: small print stays legible.
LONGEST_SIDE = 2400
FOLDER = "mediation"
# What a scanner never writes, and what a reader of the volume must not be surprised by.
_ALIVE = ("/OpenAction", "/AA", "/AcroForm")
_CARRIED = ("/JavaScript", "/EmbeddedFiles")
_LEADS = ("/GoTo", "/URI")
_PLAYS = ("/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound", "/Widget", "/3D")


@dataclass(frozen=True)
class Scan:
    """A file fit to be kept, with the number of its pages."""

    content: bytes
    mime: str
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_scan(data: bytes) -> Scan:
    """DATA as a picture (encoded anew, without what hides in it) or as a plain PDF. Raises Invalid at the field `file`."""
    if len(data) > PAPER_BYTES:
        size = PAPER_BYTES // 2**20
        raise _refused(_("A file may have at most %(size)s MB.") % {"size": size}, "too_large")
    return _pdf(data) if data.startswith(b"%PDF-") else _picture(data)


def keep(scan: Scan) -> str:
    """Write SCAN under a name that says nothing; the name, below MEDIA_ROOT."""
    name = f"{FOLDER}/{uuid.uuid4()}.{_ENDINGS[scan.mime]}"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(scan.content)
    path.chmod(0o600)
    return name


def drop(name: str) -> None:
    """Take away what `keep` wrote under NAME."""
    (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)


def kept_between(first: dt.datetime, last: dt.datetime) -> Iterator[str]:
    """The names of what `keep` wrote between these moments."""
    for path in (Path(settings.MEDIA_ROOT) / FOLDER).glob("*.*"):
        if path.is_file() and first.timestamp() <= path.stat().st_mtime < last.timestamp():
            yield f"{FOLDER}/{path.name}"


def _picture(data: bytes) -> Scan:
    told = _("This is neither a picture nor a PDF, or it is damaged.")
    found = opened(data, formats=FORMATS, side=LONGEST_SIDE, field="file", told=told, code="not_a_scan")
    upright = found.convert("RGBA")
    # What was drawn on a screen has no paper behind it yet; a fresh image carries no place and no comment.
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=85, optimize=True)
    return Scan(out.getvalue(), JPEG, 1)


def _pdf(data: bytes) -> Scan:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise _refused(_("The PDF is locked by a password."), "locked")
        pages = _leaves(reader)
        if 0 < pages <= MOST_PAGES:
            alive = [*_living(reader), *(one for page in reader.pages for one in _living_on(page))]
            fit = _can_be_laid(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise _refused(_("This PDF is damaged."), "damaged") from None
    if not 0 < pages <= MOST_PAGES or not fit:
        raise _refused(_("A PDF may have 1 to %(most)s pages.") % {"most": MOST_PAGES}, "pages")
    if alive:
        told = _("This PDF carries forms, scripts or files. Scan the paper, or print it into a plain PDF.")
        raise _refused(told, "not_plain")
    return Scan(data, PDF, pages)


def _leaves(reader: PdfReader) -> int:
    """How many pages there are; more than MOST_PAGES are not counted to the end. A tree that names its branches over and over
    has more of them than can ever be walked."""
    found, steps = 0, 0
    ahead: list[Any] = [reader.root_object["/Pages"]]
    while ahead and found <= MOST_PAGES and steps <= 10 * MOST_PAGES:
        node: Any = ahead.pop().get_object()
        steps += 1
        kids = node.get("/Kids")
        found += kids is None
        ahead.extend([] if kids is None else list(kids.get_object())[: MOST_PAGES + 1])
    return MOST_PAGES + 1 if ahead else found


def _living(reader: PdfReader) -> Iterator[Any]:
    """What in the PDF is more than pages to look at."""
    root = reader.root_object
    yield from (name for name in _ALIVE if name in root)
    names = root.get("/Names")
    yield from (name for name in _CARRIED if names is not None and name in names.get_object())


def _living_on(page: PageObject) -> Iterator[Any]:
    """The same of one page: what it does when it is opened, and notes that do more than lead somewhere."""
    if "/AA" in page:
        yield "/AA"
    for note in page.get("/Annots", ()):
        said = note.get_object()
        does = said.get("/A")
        if does is not None and does.get_object().get("/S") not in _LEADS:
            yield "/A"
        if "/AA" in said or said.get("/Subtype") in _PLAYS:
            yield said.get("/Subtype")


def _can_be_laid(pages: Iterable[PageObject]) -> bool:
    """Whether the volume can show PAGES: they have room, and their signs can be unfolded (pypdf has bounds for one page)."""
    unfolded = 0
    for page in pages:
        content = page.get_contents()
        unfolded += len(content.get_data()) if content is not None else 0
        if unfolded > MOST_UNFOLDED:
            raise ValueError("its pages unfold into more than any scan has")
        if any(box.width <= 0 or box.height <= 0 for box in (page.mediabox, page.cropbox)):
            return False
    return True


def _refused(told: str, code: str) -> Invalid:
    return Invalid(told, code=code, field="file")
