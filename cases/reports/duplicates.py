"""Cases that may be the same matter: near in place, time, category and words, each with the reasons for thinking so."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from cases.choices import OPEN_STATES, CaseState
from cases.models import Case, Category
from cases.reports.wording import houses, place_names
from gridgov.core.geodesy import metres_between
from gridgov.core.search import pairs, runs
from grids.choices import GridKind
from grids.models import Grid

# Closed longer ago than this, it is no duplicate but a matter that came back.
CLOSED_WITHIN = dt.timedelta(days=14)
# The newest cases of the community that are looked through: read off the index of its list, whatever lies behind.
LOOKED_THROUGH = 400
# Metres at which nearness ends, and beyond which even the same name means another place.
FAR, OUT_OF_SIGHT = 300.0, 800.0
# What each likeness weighs, and how much of it makes a case worth showing.
PLACE, MATTER, WORDS, AGE = 0.35, 0.3, 0.3, 0.05
SAME_GROUP = 0.4
ENOUGH = 0.5
_COLUMNS = (
    "pk", "no", "title", "text", "place", "state", "category__code", "category__name", "category__keywords", "lng", "lat",
    "comprehensive", "grid", "reported_at", "leading",
)  # fmt: skip


@dataclass(frozen=True)
class Similar:
    """A case that BY sees. Where it was merged, its leading case stands here and `through` is the merged one's number."""

    pk: int
    no: str
    title: str
    state: str
    category: str
    category_name: str
    place: str
    reported_at: dt.datetime
    score: float
    reasons: tuple[str, ...]
    metres: int | None = None
    through: str = ""

    @property
    def state_name(self) -> str:
        return str(CaseState(self.state).label)


@dataclass(frozen=True)
class Matter:
    """What is compared: a report or a case."""

    text: str
    place: str = ""
    category: str = ""
    point: tuple[float, float] | None = None
    comprehensive: int | None = None
    grid: int | None = None
    reported_at: dt.datetime | None = None
    keywords: tuple[str, ...] = ()


def similar_to(case: Case, *, by: User, at: dt.datetime, limit: int = 5) -> list[Similar]:
    """Cases that may be the same matter as CASE, which comes with its category and its grids."""
    path = [step for step in (case.street, case.total, case.comprehensive, case.grid) if step is not None]
    return similar_cases(
        text=case.text, place=case.place, category=case.category.code, path=path,
        point=None if case.lng is None or case.lat is None else (case.lng, case.lat), by=by, at=at,
        reported_at=case.reported_at, but=case.pk, limit=limit,
    )  # fmt: skip


def similar_cases(
    *, text: str, path: Sequence[Grid], by: User, at: dt.datetime, category: str = "", place: str = "",
    point: tuple[float, float] | None = None, reported_at: dt.datetime | None = None, but: int | None = None, limit: int = 5,
) -> list[Similar]:  # fmt: skip
    """Open cases, and those closed lately, in the community of PATH (the grids from the street down) that may be the
    same matter, the likeliest first; only what BY sees, without the case BUT. Two queries, three with merged ones."""
    if not path or not text.strip():
        return []
    level = {grid.kind: grid for grid in path}
    lead = level.get(GridKind.COMPREHENSIVE) or level.get(GridKind.DEDICATED)
    keywords = Category.objects.filter(code=category).values_list("keywords", flat=True).first() if category else None
    asked = Matter(
        text, place, category, point, lead.pk if lead else None, path[-1].pk, reported_at or at, tuple(keywords or ())
    )
    rows = [row for row in _around(level, by, at) if row["pk"] != but]
    found = [one for row, one in zip(rows, _compared(asked, rows), strict=True) if one is not None]
    found = _lead(found, {row["pk"]: row["leading"] for row in rows if row["leading"]}, by, but)
    return sorted(found, key=lambda one: (-one.score, -one.pk))[:limit]


def _around(level: dict[str, Grid], by: User, at: dt.datetime) -> list[dict[str, Any]]:
    """The newest cases of the community that are open, merged, or closed lately."""
    total = level.get(GridKind.TOTAL)
    near = Case.objects.filter(total=total) if total else Case.objects.filter(street=level[GridKind.STREET], total=None)
    newest = near.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    lately = Q(state__in=OPEN_STATES) | Q(state__in=(CaseState.CLOSED, CaseState.MERGED))
    rows = Case.objects.visible_to(by).filter(lately, pk__in=newest)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=at - CLOSED_WITHIN))
    return list(rows.order_by("-pk").values(*_COLUMNS))


def _compared(asked: Matter, rows: Sequence[dict[str, Any]]) -> list[Similar | None]:
    """Each of ROWS as a similar case, or None where too little is alike."""
    texts = [set(pairs(row["text"])) for row in rows]
    own = set(pairs(asked.text))
    spread = Counter(pair for text in [*texts, own] for pair in text)
    rarity = {pair: math.log((2 + len(rows)) / count) for pair, count in spread.items()}
    return [_compare(asked, row, own, text, rarity) for row, text in zip(rows, texts, strict=True)]


def _compare(
    asked: Matter, row: dict[str, Any], own: set[str], text: set[str], rarity: dict[str, float]
) -> Similar | None:
    """ROW beside what is ASKED. Nothing is alike that lies elsewhere, or is another matter in other words."""
    nearness, metres, where = _place(asked, row)
    code = row["category__code"]
    same = 1.0 if code == asked.category else SAME_GROUP if asked.category and code[:2] == asked.category[:2] else 0.0
    shared = own & text
    alike = _weight(shared, rarity) / max(min(_weight(own, rarity), _weight(text, rarity)), 1e-9)
    days = abs((asked.reported_at - row["reported_at"]).total_seconds()) / 86400 if asked.reported_at else 0.0
    score = PLACE * nearness + MATTER * same + WORDS * min(alike * 2, 1) + AGE * math.exp(-days / 7)
    if not nearness or not (same or alike >= 0.3) or score < ENOUGH:
        return None
    reasons = where
    if same:
        reasons.append(_("same category") if same == 1 else _("same group of matters"))
    if said := _both_say(asked, row, shared, rarity):
        reasons.append(_("both say %(words)s") % {"words": said})
    return Similar(
        row["pk"], row["no"], row["title"], row["state"], code, row["category__name"], row["place"], row["reported_at"],
        round(min(score, 1.0), 4), tuple(reasons), metres,
    )  # fmt: skip


def _weight(words: Iterable[str], rarity: dict[str, float]) -> float:
    return sum(rarity[word] for word in words)


def _place(asked: Matter, row: dict[str, Any]) -> tuple[float, int | None, list[str]]:
    """(0–1, metres, in words): by the two points and by the names of the places, whichever says more; without either by
    the grids. Two points out of each other's sight are two places, whatever they are called."""
    metres = None
    if asked.point and row["lng"] is not None:
        metres = round(metres_between(asked.point, (row["lng"], row["lat"])))
        if metres > OUT_OF_SIGHT:
            return 0.0, metres, []
    said = [] if metres is None else [_("%(metres)d m apart") % {"metres": metres}]
    nearness = 0.0 if metres is None else max(1 - metres / FAR, 0.0)
    mine, theirs = place_names(asked.place), place_names(row["place"])
    both = [name for name in mine if name in theirs]
    if both:
        elsewhere = both[0] == mine[-1] and houses(asked.place) and houses(row["place"])
        named = 0.4 if elsewhere else 1.0 if len(both[0]) > len(mine[-1]) else 0.7
        return max(nearness, named), metres, [*said, _("both at %(place)s") % {"place": both[0]}]
    if metres is not None or (mine and theirs):
        return nearness, metres, said
    if asked.grid == row["grid"]:
        return 0.6, None, [_("same grid")]
    same = asked.comprehensive is not None and asked.comprehensive == row["comprehensive"]
    return (0.4, None, [_("same comprehensive grid")]) if same else (0.0, None, [])


def _both_say(asked: Matter, row: dict[str, Any], shared: set[str], rarity: dict[str, float]) -> str:
    """Up to three words that stand in both, quoted: key words of the category, then the rarest runs in common."""
    words = [word for word in asked.keywords if word in asked.text and word in row["text"]]
    runs_shared: list[str] = []
    for run in runs(asked.text):
        current = ""
        for i in range(len(run) - 1):
            if run[i : i + 2] in shared:
                current = current + run[i + 1] if current else run[i : i + 2]
            elif current:
                runs_shared.append(current)
                current = ""
        runs_shared += [current] if current else []
    real = [run for run in runs_shared if run in row["text"]]
    real.sort(key=lambda run: -_weight(pairs(run), rarity))
    for run in real:
        if not any(run in word or word in run for word in words):
            words.append(run)
    return "".join(f"“{word}”" for word in words[:3])


def _lead(found: list[Similar], leading: dict[int, int], by: User, but: int | None) -> list[Similar]:
    """FOUND with the leading case in the place of each merged one; once each, and only where BY sees it."""
    wanted = {leading[one.pk] for one in found if one.pk in leading} - {but}
    rows = Case.objects.visible_to(by).filter(pk__in=wanted).values(*_COLUMNS) if wanted else ()
    leads = {row["pk"]: row for row in rows}
    best: dict[int, Similar] = {}
    for one in sorted(found, key=lambda one: -one.score):
        row = leads.get(leading.get(one.pk, 0))
        if one.pk in leading and row is None:
            continue
        shown = one if row is None else replace(
            one, pk=row["pk"], no=row["no"], title=row["title"], state=row["state"], category=row["category__code"],
            category_name=row["category__name"], place=row["place"], reported_at=row["reported_at"], through=one.no,
        )  # fmt: skip
        best.setdefault(shown.pk, shown)
    return list(best.values())
