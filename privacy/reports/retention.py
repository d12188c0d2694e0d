"""Every kind of data with its term, when its job ran last, what it struck out, and what would go today."""

import datetime as dt
from dataclasses import dataclass

from gridgov.core import keeping
from gridgov.core.keeping import Ahead, Kind
from gridgov.core.models import Record
from privacy.models import Term


@dataclass(frozen=True)
class Line:
    """A kind as the page of retention shows it. `days` is the term in force, None where it is said in words; `changed` what the
    office has set; `ran_at` when it ran last, `struck` the latest run that struck something out, `ahead` a dry run."""

    kind: Kind
    days: int | None
    changed: Term | None
    ran_at: dt.datetime | None
    struck: Record | None
    ahead: Ahead | None


def retention(at: dt.datetime, *, dry: bool = False) -> list[Line]:
    """All kinds; with what would go AT where it is a DRY run, which costs two queries for each that goes by itself."""
    changed = {term.kind: term for term in Term.objects.select_related("by")}
    ran = keeping.last_runs()
    struck: dict[str, Record] = {}
    for record in keeping.runs().order_by("subject_id", "-id").distinct("subject_id"):
        struck[record.data["kind"]] = record
    return [_line(kind, changed, ran, struck, at, dry) for kind in keeping.kinds()]


def _line(
    kind: Kind,
    changed: dict[str, Term],
    ran: dict[str, dt.datetime],
    struck: dict[str, Record],
    at: dt.datetime,
    dry: bool,
) -> Line:
    term = changed.get(kind.follows or kind.name)
    return Line(
        kind, term.days if term else kind.term.days, term, ran.get(kind.name),
        struck.get(kind.name), keeping.ahead(kind, at) if dry and kind.going else None,
    )  # fmt: skip
