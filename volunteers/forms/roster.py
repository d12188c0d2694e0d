"""Lists of volunteers under the national record's names: reading, the empty one, and a line of what stands."""

import datetime as dt
import re
from typing import Any

from django.utils.timezone import localdate

from gridgov.core.masking import mask_name, mask_phone
from gridgov.core.sheet import Cells, Sheet, code_of, date_of, read_rows, text_of, write_table
from volunteers.actions import VolunteerLine
from volunteers.forms.national import columns, examples, own_of, word_of
from volunteers.models import Volunteer

REQUIRED = ("name", "phone", "born_on", "grid", "consented")
# Of these an import takes no notice: they follow from the others, or from the ledgers.
_OURS = ("state", "minutes", "applied_on", "grid_name")


def read_roster(content: bytes, name: str) -> Sheet[VolunteerLine]:
    """A list of volunteers. Raises Invalid if it is none."""
    return read_rows(content, name, columns(), REQUIRED, _row)


def template(ending: str) -> bytes:
    """A list to fill in, with a line that shows how, and one of a minor."""
    asked = {field: words for field, words in columns().items() if field not in _OURS}
    return write_table(examples(asked), asked, title="volunteers", ending=ending)


def headings() -> list[str]:
    return [heading for heading, _also in columns().values()]


def line_of(row: Volunteer, *, full: bool) -> list[Any]:
    """ROW (`for_list`) under `headings`; who it is masked, unless FULL. Hours are told in halves."""
    name, phone = (str, str) if full else (mask_name, mask_phone)
    balance = getattr(row, "balance", None)
    told = {
        "no": row.no, "national_no": row.national_no, "name": name(row.name), "phone": phone(row.phone),
        "born_on": row.born_on and (f"{row.born_on:%Y-%m-%d}" if full else f"{row.born_on:%Y}"), "nickname": row.nickname,
        "kind": word_of("kind", row.kind), "employer": row.employer, "grid": row.grid.code, "grid_name": row.grid.name,
        "skills": " ".join(word_of("skills", skill) for skill in row.skills), "guardian_name": name(row.guardian_name),
        "guardian_phone": phone(row.guardian_phone), "state": row.get_state_display(),
        "minutes": balance.minutes // 30 / 2 if balance else 0, "applied_on": f"{localdate(row.applied_at):%Y-%m-%d}",
        "consented": word_of("consented", "yes" if row.consent else "no"),
    }  # fmt: skip
    return [told[field] or "" for field in columns()]


def _row(cells: Cells) -> VolunteerLine:
    return VolunteerLine(
        no=cells.text("no"),
        name=cells.text("name"),
        phone=cells.text("phone"),
        born_on=cells.read("born_on", _day, None),
        grid_code=cells.read("grid", code_of, ""),
        nickname=cells.text("nickname"),
        kind=cells.read("kind", _kind, ""),
        employer=cells.text("employer"),
        skills=cells.read("skills", _skills, ()),
        national_no=cells.read("national_no", code_of, ""),
        guardian_name=cells.text("guardian_name"),
        guardian_phone=cells.text("guardian_phone"),
        consented=cells.read("consented", _consented, False),
    )


def _day(cell: Any) -> dt.date | None:
    return date_of(cell) if text_of(cell) else None


def _kind(cell: Any) -> str:
    said = text_of(cell)
    return own_of("kind", said) if said else ""


def _skills(cell: Any) -> tuple[str, ...]:
    said = re.split(r"[\s,;/\uff0c\uff1b\u3001]+", text_of(cell))
    return tuple(own_of("skills", word) for word in said if word)


def _consented(cell: Any) -> bool:
    said = text_of(cell)
    return bool(said) and own_of("consented", said) == "yes"
