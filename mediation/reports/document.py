"""A paper before it is printed: a title and blocks, the same for PDF and DOCX."""

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Look(Enum):
    HEADING = "heading"
    BODY = "body"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    look: Look = Look.BODY


@dataclass(frozen=True)
class Form:
    """A line of a form: label and what it is, one or two such pairs."""

    cells: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """A table with a head. WIDTHS are shares of the page, 1 together."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Sign:
    """A line to be signed on, or what was drawn there: PICTURE is the name of a file under MEDIA_ROOT."""

    label: str
    name: str
    picture: str = ""
    day: str = ""


Block: TypeAlias = Words | Form | Rows | Sign


@dataclass(frozen=True)
class Document:
    """NO is the volume's number, AT the moment of writing: both stand in the mark of the reader."""

    kind: str
    title: str
    no: str
    at: dt.datetime
    blocks: tuple[Block, ...] = field(default=())
