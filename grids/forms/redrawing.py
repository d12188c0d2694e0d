"""The forms of splitting and merging: first where to cut or what to join, then the names and what goes where."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import Invalid
from gridgov.core.forms import put_on
from gridgov.core.geodesy import DIGITS, Outline
from grids.actions import Part
from grids.choices import MOST_PARTS
from grids.models import Grid
from grids.reports import Moving, cut, gather, geojson_of, shape_of, stored

if TYPE_CHECKING:
    from shapely.geometry import LineString

MAX_LINES, MAX_POINTS = 20, 2000
NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?")


@dataclass(frozen=True)
class Draft:
    """Ground that is to be a grid: its border, if the old one has one, and the codes of the grids below that it takes."""

    border: dict[str, Any] | None
    children: tuple[str, ...] = ()


def read_lines(text: str) -> "list[LineString]":
    """Lines from GeoJSON (LineString or MultiLineString), or from one line of text each: lng,lat lng,lat …
    Raises Invalid."""
    from shapely.geometry import LineString

    said = text.strip()
    try:
        rows = _from_geojson(json.loads(said)) if said.startswith("{") else _from_words(said)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Invalid(
            _t("This is no line. Draw one, or enter its points: longitude,latitude …"), field="line"
        ) from None
    if len(rows) > MAX_LINES or sum(map(len, rows)) > MAX_POINTS:
        raise Invalid(_t("At most %(count)d points.") % {"count": MAX_POINTS}, field="line")
    return [LineString(row) for row in rows]


def _from_geojson(given: Any) -> list[list[tuple[float, float]]]:
    if given["type"] not in {"LineString", "MultiLineString"}:
        raise ValueError(given["type"])
    rows = given["coordinates"] if given["type"] == "MultiLineString" else [given["coordinates"]]
    return [_points(row) for row in rows]


def _from_words(said: str) -> list[list[tuple[float, float]]]:
    rows = [[float(number) for number in NUMBER.findall(row)] for row in said.splitlines() if row.strip()]
    return [_points(list(zip(row[::2], row[1::2], strict=True))) for row in rows]


def _points(row: Any) -> list[tuple[float, float]]:
    """Two points or more, none twice in a row. Raises ValueError."""
    found: list[tuple[float, float]] = []
    for lng, lat, *_height in row:
        place = (round(float(lng), DIGITS), round(float(lat), DIGITS))
        if not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
            raise ValueError(place)
        if place not in found[-1:]:
            found.append(place)
    if len(found) < 2:
        raise ValueError(row)
    return found


class CutForm(forms.Form):
    """Where GRID is cut: along a line, or by saying which of the grids below goes to which part."""

    line = forms.CharField(
        label=_("line of the cut"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Drawn on the map, or its points: longitude,latitude longitude,latitude …, one line a row."),
    )

    def __init__(self, *args: Any, grid: Grid, children: Sequence[Grid], **kwargs: Any) -> None:
        self.grid, self.children = grid, children
        super().__init__(*args, **kwargs)
        if grid.shape is None:
            del self.fields["line"]
        parts = [("", "—"), *((str(n), _t("part %(n)d") % {"n": n}) for n in range(1, MOST_PARTS + 1))]
        for child in children:
            label = f"{child.name} · {child.code}"
            self.fields[f"part_{child.pk}"] = forms.ChoiceField(label=label, choices=parts, required=False)
        if grid.shape is None and not children:
            self.fields["count"] = forms.IntegerField(
                label=_("number of parts"), min_value=2, max_value=MOST_PARTS, initial=2
            )
        put_on(self)

    def cells(self) -> list[Any]:
        return [self[f"part_{child.pk}"] for child in self.children]

    def drafts(self) -> list[Draft]:
        """The parts. Raises Invalid."""
        given = self.cleaned_data
        if "count" in given:
            return [Draft(None)] * int(given["count"])
        chosen = {child: given[f"part_{child.pk}"] for child in self.children}
        if any(chosen.values()):
            return self._by_choice(chosen)
        if not given.get("line"):
            raise Invalid(_t("Draw where to cut, or say which grid goes to which part."), field="line")
        return self._by_line(read_lines(given["line"]))

    def _by_choice(self, chosen: Mapping[Grid, str]) -> list[Draft]:
        if missing := [child.name for child, part in chosen.items() if not part]:
            raise Invalid(_t("Say of “%(name)s” too where it goes.") % {"name": missing[0]})
        groups = [
            [child for child in chosen if chosen[child] == part] for part in sorted(set(chosen.values()), key=int)
        ]
        if len(groups) < 2:
            raise Invalid(_t("At least two parts are needed."))
        codes = [tuple(child.code for child in group) for group in groups]
        if self.grid.shape is None:
            return [Draft(None, group) for group in codes]
        bare = [child.name for child in chosen if child.shape is None]
        if bare:
            raise Invalid(_t("“%(name)s” has no border. Draw it first.") % {"name": bare[0]})
        shapes = gather(stored(self.grid.shape), [[stored(child.shape) for child in group] for group in groups])
        return [Draft(geojson_of(shape), group) for shape, group in zip(shapes, codes, strict=True)]

    def _by_line(self, lines: "list[LineString]") -> list[Draft]:
        cells = {child.code: stored(child.shape) for child in self.children if child.shape is not None}
        if bare := [child.name for child in self.children if child.shape is None]:
            raise Invalid(_t("“%(name)s” has no border: say which part it goes to.") % {"name": bare[0]})
        shapes = cut(stored(self.grid.shape), lines, cells)
        inside = [
            tuple(code for code, cell in cells.items() if shape.covers(cell.representative_point())) for shape in shapes
        ]
        return [Draft(geojson_of(shape), codes) for shape, codes in zip(shapes, inside, strict=True)]


class _RedrawForm(forms.Form):
    on = forms.DateField(
        label=_("effective from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today: at once. A later day: it is planned, and carried out when the day begins."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def _name_part(self, n: int, name: str, code: str, households: int | None = None) -> None:
        self.fields[f"name_{n}"] = forms.CharField(label=_("name"), max_length=64, initial=name)
        self.fields[f"code_{n}"] = forms.CharField(
            label=_("grid code"), required=False, max_length=18, widget=forms.TextInput(attrs={"placeholder": code})
        )
        self.fields[f"households_{n}"] = forms.IntegerField(
            label=_("households"), required=False, min_value=0, max_value=100_000, initial=households
        )

    def _part(self, n: int, **more: Any) -> Part:
        given = self.cleaned_data
        named = {"name": given[f"name_{n}"], "code": given[f"code_{n}"], "households": given[f"households_{n}"]}
        return Part(**named, **more)


class SplitForm(_RedrawForm):
    """Names, posts and the day of a split into DRAFTS; of what hangs on the grid, each post goes on where it is ticked."""

    def __init__(self, *args: Any, drafts: Sequence[Draft], found: Moving, codes: Sequence[str], **kwargs: Any) -> None:
        self.drafts, self.posts = drafts, found.posts
        super().__init__(*args, **kwargs)
        (grid,) = found.grids
        numbers = [(str(n), _t("part %(n)d") % {"n": n}) for n in range(1, len(drafts) + 1)]
        for n, code in enumerate(codes, 1):
            self._name_part(n, f"{grid.name}-{n}"[-64:], code)
        for post in found.posts:
            self.fields[f"post_{post.pk}"] = forms.MultipleChoiceField(
                label=str(post), choices=numbers, required=False, initial=[n for n, _label in numbers],
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.fields["rest"] = forms.ChoiceField(label=_("cases without a place go to"), choices=numbers, initial="1")
        self.initial.setdefault("on", timezone.localdate())
        put_on(self)

    def post_rows(self) -> list[tuple[Any, Any]]:
        return [(post, self[f"post_{post.pk}"]) for post in self.posts]

    def part_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "n": n,
                "draft": draft,
                "name": self[f"name_{n}"],
                "code": self[f"code_{n}"],
                "size": self[f"households_{n}"],
            }
            for n, draft in enumerate(self.drafts, 1)
        ]

    def given(self) -> dict[str, Any]:
        """What `split_grid` wants to know."""
        parts = []
        for n, draft in enumerate(self.drafts, 1):
            without = tuple(post.pk for post in self.posts if str(n) not in self.cleaned_data[f"post_{post.pk}"])
            parts.append(self._part(n, border=draft.border, children=draft.children, without=without))
        rest = int(self.cleaned_data["rest"]) - 1
        return {"parts": parts, "rest": rest, "on": self.cleaned_data["on"], "seen": self.cleaned_data["seen"]}


class MergeForm(_RedrawForm):
    """Name and day of what several grids become; each post goes on unless its tick is taken away."""

    def __init__(self, *args: Any, found: Moving, code: str, **kwargs: Any) -> None:
        self.posts = found.posts
        super().__init__(*args, **kwargs)
        counted = [grid.households for grid in found.grids if grid.households is not None]
        self._name_part(1, found.grids[0].name, code, sum(counted) if counted else None)
        for post in found.posts:
            self.fields[f"post_{post.pk}"] = forms.BooleanField(label=str(post), required=False, initial=True)
        self.initial.setdefault("on", timezone.localdate())
        put_on(self)

    def post_rows(self) -> list[tuple[Any, Any]]:
        return [(post, self[f"post_{post.pk}"]) for post in self.posts]

    def given(self) -> dict[str, Any]:
        """What `merge_grids` wants to know."""
        without = [post.pk for post in self.posts if not self.cleaned_data[f"post_{post.pk}"]]
        part = self._part(1)
        named = {"name": part.name, "code": part.code, "households": part.households}
        return {**named, "without": without, "on": self.cleaned_data["on"], "seen": self.cleaned_data["seen"]}


def read_drafts(text: str) -> list[Draft]:
    """Parts as the page carried them from the first step to the second. Raises Invalid for anything else: the action
    judges borders and codes, here only their shape counts."""
    try:
        rows = json.loads(text)
        found = [
            Draft(Outline.read(row["border"]).geojson if row["border"] else None, tuple(map(str, row["children"])))
            for row in rows
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Invalid(_t("Begin again with where to cut.")) from None
    if not 2 <= len(found) <= MOST_PARTS:
        raise Invalid(_t("A grid is split into 2 to %(most)d parts.") % {"most": MOST_PARTS})
    return found


def write_drafts(drafts: Sequence[Draft]) -> str:
    return json.dumps([{"border": draft.border, "children": draft.children} for draft in drafts])


def lies_in(draft: Draft, point: tuple[float, float] | None) -> bool:
    from shapely import intersects_xy

    return point is not None and draft.border is not None and bool(intersects_xy(shape_of(draft.border), *point))
