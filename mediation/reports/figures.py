"""What mediation was in a period: by committee, kind of dispute and grid. Counts, and no word of any file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import make_aware

from gridgov.core.calendar import CHINA
from grids.models import Grid
from grids.reports.parts import parts_of
from mediation.choices.deeds import Confirmation, Performance
from mediation.choices.files import AGREED, FileState, Outcome
from mediation.choices.people import DisputeKind
from mediation.models import Committee, FollowUp, Mediation, Task

# 调解成功率 is of disputes that were mediated: who refuses or withdraws wasn't.
MEDIATED = frozenset({*AGREED, Outcome.FAILED, Outcome.TERMINATED})
BAD = (Performance.PARTIAL, Performance.NONE)


@dataclass(frozen=True)
class Counts:
    """`came` in, were `accepted` and `ended` in the period; the rest is of those that ended: `mediated` to an end, of which
    `agreed` (`oral` by word of mouth), `in_time`, `people` concerned; of the agreed ones `performed` and `unperformed` (what
    isn't due yet is neither), `followed` up and found `relapsed`, `confirmed` by the court. `open` are those running today."""

    came: int = 0
    accepted: int = 0
    ended: int = 0
    mediated: int = 0
    agreed: int = 0
    oral: int = 0
    in_time: int = 0
    people: int = 0
    performed: int = 0
    unperformed: int = 0
    followed: int = 0
    relapsed: int = 0
    confirmed: int = 0
    open: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def success(self) -> int | None:
        return percent(self.agreed, self.mediated)

    @property
    def performance(self) -> int | None:
        return percent(self.performed, self.performed + self.unperformed)

    @property
    def relapse(self) -> int | None:
        return percent(self.relapsed, self.followed)

    @property
    def punctuality(self) -> int | None:
        return percent(self.in_time, self.ended)


@dataclass(frozen=True)
class Line:
    """What is counted: a grid or a kind by its `code`, a committee by its key."""

    code: str
    name: str
    counts: Counts


@dataclass(frozen=True)
class MediationFigures:
    """The period from `first` to `last`, both counted, on a ground: all together, and three ways to part it."""

    first: dt.date
    last: dt.date
    total: Counts
    committees: list[Line]
    kinds: list[Line]
    grids: list[Line]


def percent(part: int, whole: int) -> int | None:
    """None where there is nothing to speak of."""
    return None if whole == 0 else round(100 * part / whole)


def mediation_figures(
    top: Grid, first: dt.date, last: dt.date, committees: Iterable[int] | None = None
) -> MediationFigures:
    """What was mediated on the grid TOP and below it from FIRST to LAST; by COMMITTEES (keys) alone where they are given.
    Kinds in their order, committees and grids in that of the grids' codes. Six queries."""
    files = Mediation.objects.filter(grid__in=Grid.objects.under(top).order_by().values("pk")).order_by()
    if committees is not None:
        files = files.filter(committee__in=committees)
    cells = _cells(files, first, last)
    there = Committee.objects.filter(pk__in={key[1] for key in cells}).order_by("grid__code", "pk")
    kinds = {key[2] for key in cells}
    return MediationFigures(
        first=first,
        last=last,
        total=sum(cells.values(), Counts()),
        committees=_lines(cells, 1, [(str(pk), name, [pk]) for pk, name in there.values_list("pk", "name")]),
        kinds=_lines(cells, 2, [(kind.value, str(kind.label), [kind.value]) for kind in DisputeKind if kind in kinds]),
        grids=_lines(cells, 0, [(part.code, part.name, part.keys) for part in parts_of(top)]),
    )


Key = tuple[int, int, str]


def _lines(cells: dict[Key, Counts], place: int, wanted: Iterable[tuple[str, str, Iterable[Any]]]) -> list[Line]:
    """WANTED are (code, name, what the part of the key at PLACE may be)."""
    found = []
    for code, name, values in wanted:
        own = frozenset(values)
        found.append(Line(code, name, sum((counts for key, counts in cells.items() if key[place] in own), Counts())))
    return found


def _cells(files: QuerySet[Mediation], first: dt.date, last: dt.date) -> dict[Key, Counts]:
    """By (grid, committee, kind). Four queries, each of the rows that its index finds."""
    start, end = _midnight(first), _midnight(last + dt.timedelta(days=1))
    found: dict[Key, Counts] = {}

    def add(rows: QuerySet[Mediation], names: Sequence[str]) -> None:
        for row in rows.values_list("grid", "committee", "kind", *names):
            key, values = (row[0], row[1], row[2]), dict(zip(names, row[3:], strict=True))
            found[key] = found.get(key, Counts()) + Counts(**{name: value or 0 for name, value in values.items()})

    def one(rows: QuerySet[Mediation], name: str) -> None:
        add(_grouped(rows).annotate(**{name: Count("pk")}), [name])

    one(files.filter(applied_at__gte=start, applied_at__lt=end), "came")
    one(files.filter(accepted_at__gte=start, accepted_at__lt=end), "accepted")
    one(files.filter(state=FileState.RUNNING), "open")
    over = files.filter(ended_at__gte=start, ended_at__lt=end, accepted_at__isnull=False)
    sums = _over_sums()
    add(_grouped(over.annotate(**_marks(last))).annotate(**sums), list(sums))
    return found


def _grouped(rows: QuerySet[Mediation]) -> Any:
    return rows.values("grid", "committee", "kind")


def _marks(last: dt.date) -> dict[str, Any]:
    """What is asked of each file that ended: whether something was to be done, wasn't done, isn't due yet; and how it went on."""
    tasks = Task.objects.filter(mediation=OuterRef("pk"))
    told = FollowUp.objects.filter(mediation=OuterRef("pk"))
    undone = Q(state__in=BAD) | Q(state=Performance.OPEN, due_on__lte=last)
    return {
        "was_due": Exists(tasks),
        "was_undone": Exists(tasks.filter(undone)),
        "was_early": Exists(tasks.filter(state=Performance.OPEN, due_on__gt=last)),
        "was_told": Exists(told),
        "was_told_undone": Exists(told.filter(performance__in=BAD)),
        "was_relapsed": Exists(told.filter(relapsed=True)),
    }


def _over_sums() -> dict[str, Any]:
    agreed = Q(outcome__in=AGREED)
    # Without items of its own an agreement was performed at once, unless a follow-up says otherwise.
    bad = Q(was_undone=True) | Q(was_due=False, was_told_undone=True)
    return {
        "ended": Count("pk"),
        "mediated": Count("pk", filter=Q(outcome__in=MEDIATED)),
        "agreed": Count("pk", filter=agreed),
        "oral": Count("pk", filter=Q(outcome=Outcome.AGREED_ORAL)),
        "in_time": Count("pk", filter=Q(ended_at__lte=F("due_at"))),
        "people": Sum("people"),
        "performed": Count("pk", filter=agreed & ~bad & Q(was_early=False)),
        "unperformed": Count("pk", filter=agreed & bad),
        "followed": Count("pk", filter=agreed & Q(was_told=True)),
        "relapsed": Count("pk", filter=agreed & Q(was_relapsed=True)),
        "confirmed": Count("pk", filter=agreed & Q(agreement__confirmation=Confirmation.CONFIRMED)),
    }


def _midnight(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time()), CHINA)
