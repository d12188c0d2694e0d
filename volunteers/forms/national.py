"""The names of the national record of volunteers (全国志愿服务信息系统; data elements as in MZ/T 061-2015), which are data:
volunteers/data/national_record.csv says how its columns are headed, national_words.csv how it calls what we have words for.
An office whose template heads them otherwise changes the files and nothing else."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from gridgov.core.sheet import Columns

_DATA = Path(__file__).parents[1] / "data"


def _lines(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _split(also: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in also.split(";") if word)


@cache
def columns() -> Columns:
    """Field → (heading, other headings that are understood), in the order of the file."""
    return {line["field"]: (line["heading"], _split(line["also"])) for line in _lines("national_record.csv")}


def examples(fields: Iterable[str]) -> list[tuple[str, ...]]:
    """Two lines under FIELDS that show how a list is filled in: of somebody grown up, and of a minor."""
    lines = {line["field"]: line for line in _lines("national_record.csv")}
    return [tuple(lines[field][who] for field in fields) for who in ("example", "minor")]


@cache
def _words(field: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    lines = [line for line in _lines("national_words.csv") if line["field"] == field]
    return {line["own"]: (line["word"], _split(line["also"])) for line in lines}


def word_of(field: str, own: str) -> str:
    """How the national record calls OWN; our own word where it has none."""
    return _words(field).get(own, (own, ()))[0]


def own_of(field: str, said: str) -> str:
    """What we call what the record calls SAID. Raises ValueError."""
    wanted = said.strip().lower()
    for own, (word, also) in _words(field).items():
        if wanted in {own, word.lower(), *also}:
            return own
    raise ValueError(_("“%(text)s” is none of: %(words)s.") % {"text": said, "words": " ".join(_all(field))})


def _all(field: str) -> Iterable[str]:
    return (word for word, _also in _words(field).values())
