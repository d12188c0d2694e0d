"""Writing a paper: the template that holds, with its places filled in."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import override

from mediation.choices.papers import TemplateKind
from mediation.models import Mediation, Party, Session
from mediation.reports.document import Block, Document, Form, Look, Words
from mediation.reports.parts import PARTS
from mediation.reports.printing import as_pdf
from mediation.reports.templates import places
from mediation.reports.values import WORDS
from mediation.reports.whole import Sheet, whole_file
from mediation.reports.word import as_docx
from mediation.rules.templates import PLACE

__all__ = ["LANGUAGE", "as_docx", "as_pdf", "paper_of", "write"]

# Papers go to parties, courts and the archive: they are Chinese whatever the reader's pages are.
LANGUAGE = "zh-hans"
# To be filled in with a pen.
BLANK = "＿＿＿＿＿＿"
_LOOKS = {"## ": Look.HEADING, ">> ": Look.RIGHT, ">< ": Look.CENTRE}


def paper_of(
    kind: TemplateKind,
    mediation: Mediation,
    *,
    session: Session | None = None,
    party: Party | None = None,
    at: dt.datetime,
) -> Document:
    """The paper of KIND for a file that the reader may see, as it stands AT; of one SESSION, or for one PARTY."""
    file = whole_file(mediation)
    held = next((row for row in file.sessions if session and row.session.pk == session.pk), None)
    return write(kind, Sheet(file, at, held, party))


def write(kind: TemplateKind, sheet: Sheet, body: str = "") -> Document:
    """The paper of KIND about SHEET, by BODY where the office tries a text that doesn't hold yet."""
    with override(LANGUAGE):
        title, blocks = str(kind.label), list[Block]()
        for line in (body or sheet.file.texts[kind]).splitlines():
            if line.startswith("# "):
                title = _filled(line[2:], sheet).strip()
            elif line.strip():
                blocks += _blocks(line, sheet)
        return Document(kind, title, sheet.file.mediation.no, sheet.at, tuple(blocks))


def _blocks(line: str, sheet: Sheet) -> Iterator[Block]:
    """LINE as it is printed: a place alone on it may stand for many blocks."""
    alone = PLACE.fullmatch(line.strip())
    key = _key(alone[1]) if alone else ""
    if key in PARTS:
        yield from PARTS[key](sheet)
    elif line.startswith("|"):
        yield Form(tuple(_cell(cell, place, sheet) for place, cell in enumerate(line.strip().strip("|").split("|"))))
    else:
        look = _LOOKS.get(line[:3], Look.BODY)
        filled = _filled(line if look is Look.BODY else line[3:], sheet)
        for words in filled.splitlines():
            yield Words(words.strip(), look)


def _cell(text: str, place: int, sheet: Sheet) -> str:
    """A value that isn't there leaves room for a pen."""
    return _filled(text.strip(), sheet, "" if place % 2 else BLANK)


def _filled(text: str, sheet: Sheet, blank: str = BLANK) -> str:
    """TEXT with what its places stand for."""
    return PLACE.sub(lambda found: _value(_key(found[1]), sheet) or blank, text)


def _key(name: str) -> str:
    place = places().get(name)
    return place.key if place else ""


def _value(key: str, sheet: Sheet) -> str:
    return WORDS[key](sheet) if key in WORDS else ""
