"""What came of cases, as everybody may read it: the list, one result, and how content people were."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.timezone import localdate

from cases.choices import PhotoKind, Score
from cases.models import Case, Category, Publication, Rating, ReleasedPhoto
from cases.queries import PublicationQuerySet
from cases.reports.looks import StepView, five_steps
from cases.reports.spans import next_month
from gridgov.core.calendar import CHINA
from gridgov.core.questions import Result
from grids.models import Grid

LATEST = 3
# Of fewer ratings nothing is told, not even how they were: it would speak about single people.
FEWEST_RATINGS = 5


@dataclass(frozen=True)
class PublicPhoto:
    """A released picture that still looks as it did when it was released."""

    pk: int
    kind: PhotoKind
    width: int
    height: int


@dataclass(frozen=True)
class Published:
    """One result. `steps`: the five, with their days."""

    publication: Publication
    steps: tuple[StepView, ...]
    photos: tuple[PublicPhoto, ...]


@dataclass(frozen=True)
class Satisfaction:
    """`total` ratings by score, the best first, and the `share` of those content in percent; none of it where there are too few."""

    scores: tuple[tuple[Score, int], ...] = ()
    total: int = 0
    share: int | None = None


def people_of(case: Case) -> list[str]:
    """The names of those who have to do with CASE: reporter, handlers, who entered and completed it. Two queries."""
    rows = Case.objects.filter(pk=case.pk).values_list(
        "reporter__name", "reported_by__full_name", "completed_by__full_name"
    )
    names = [name for row in rows for name in row]
    names += case.orders.exclude(handler=None).values_list("handler__full_name", flat=True)
    return [name for name in names if name]


def usual_title(case: Case) -> str:
    """Where, no closer than the comprehensive grid, and the category: what the reporter wrote is no title for everybody."""
    return f"{(case.comprehensive or case.total or case.grid).name} · {case.category.name}"


def latest(code: str) -> list[Result]:
    """The latest results of the grid CODE and all below it. Two queries."""
    rows = Publication.objects.open().at_grid(code).order_by("-closed_at", "-id")[:LATEST]
    found = rows.values_list("case__no", "title", "closed_at")
    return [Result(no, title, localdate(closed_at)) for no, title, closed_at in found]


def published(code: str = "", category: str = "", month: dt.date | None = None) -> PublicationQuerySet:
    """The results that everybody may read, the latest first: of a grid, of a CATEGORY or a group of them, closed in the MONTH."""
    rows: PublicationQuerySet = Publication.objects.open().for_list().order_by("-closed_at", "-id")
    if code:
        rows = rows.at_grid(code)
    if category:
        rows = rows.filter(case__category__code__startswith=category)
    if month is not None:
        rows = rows.closed_in(_first_moment(month), _first_moment(next_month(month)))
    return rows


def _first_moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), CHINA)


def satisfaction(rows: PublicationQuerySet) -> Satisfaction:
    """How content the reporters of the results ROWS were. One query."""
    ratings = Rating.objects.filter(case__in=rows.order_by().values("case"))
    found = dict(ratings.order_by().values_list("score").annotate(Count("pk")))
    counts = {score: found.get(score, 0) for score in Score}
    total = sum(counts.values())
    if total < FEWEST_RATINGS:
        return Satisfaction()
    content = total - counts[Score.UNSATISFIED]
    scores = tuple((score, counts[score]) for score in reversed(Score))
    return Satisfaction(scores, total, round(100 * content / total))


def result_of(no: str) -> Published | None:
    """The result of the case with the number NO; None where everybody may read none. Two queries."""
    publication = Publication.objects.open().for_list().filter(case__no=no).first()
    if publication is None:
        return None
    rows: Iterable[ReleasedPhoto] = publication.photos.select_related("photo")
    photos = tuple(
        PublicPhoto(row.photo_id, PhotoKind(row.photo.kind), row.photo.width, row.photo.height)
        for row in rows
        if row.stamp == row.photo.stamp
    )
    return Published(publication, tuple(five_steps(publication.case)), photos)


def public_places() -> list[tuple[str, str]]:
    """The streets with open pages and their communities, for a choice. One query."""
    streets = Grid.objects.filter(public_page__is_open=True, valid_to=None).order_by().values("tree_id")
    rows = Grid.objects.filter(tree_id__in=streets, level__lte=1, valid_to=None).order_by("tree_id", "lft")
    return list(rows.values_list("code", "name"))


def public_groups() -> list[Category]:
    """The groups of matters that have a public item. One query."""
    return list(Category.objects.filter(children__public=True).distinct().order_by("code"))
