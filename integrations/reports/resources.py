"""What other systems may load as whole lists, column by column. Nobody's name, number or words stand among them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from cases.models import Card, Case, Category, Deadline, Order, Photo, Rating
from grids.choices import GridKind, MicroType
from grids.models import Binding, Grid, PartyOrg, Post, Unit

CASE, GRID = "cases.case", "grids.grid"
# About a hundred metres: which block, not which home.
COARSE = 3


@dataclass(frozen=True)
class Resource:
    """A list: its rows as a person sees them, the columns as {name: where they are read}, and the KIND of subject whose
    records tell that its rows have changed; `key` is the column that holds that subject."""

    name: str
    kind: str
    rows: Callable[[User], QuerySet]
    columns: dict[str, str]
    key: str = "pk"


def _of_cases(model: type[Model]) -> Callable[[User], QuerySet]:
    """Rows of MODEL that belong to cases which a person sees."""
    return lambda user: model._default_manager.filter(case__in=Case.objects.visible_to(user))


def _same(*names: str, **more: str) -> dict[str, str]:
    return {**{name: name for name in names}, **more}


def coarse(lng: float | None, lat: float | None, public: bool) -> tuple[float | None, float | None]:
    """A place as other systems are told it: coarse where people live."""
    if public or lng is None or lat is None:
        return lng, lat
    return round(lng, COARSE), round(lat, COARSE)


def is_public(kind: str, micro_type: str) -> bool:
    """Whether a grid is a market, a park, a row of shops: nobody's home lies at a place in it."""
    return kind == GridKind.DEDICATED or micro_type == MicroType.MERCHANT


_CASES = Resource(
    "cases", CASE, Case.objects.visible_to,
    _same(
        "id", "no", "state", "tier", "urgency", "channel", "lng", "lat", "reported_at", "accepted_at", "dispatched_at",
        "signed_at", "completed_at", "verified_at", "closed_at", "started_at", "due_at", "provisional", "breached_at", "card",
        "hold", "hold_until", "reject_reason", "outcome", "round", "rework_count", "excluded", "urged", "extended", "version",
        # The codes of the grids are put in afterwards (integrations.reports.rows).
        category="category__code", street="street_id", total="total_id", comprehensive="comprehensive_id", grid="grid_id",
        merged_into="leading__no",
    ),
)  # fmt: skip
_ORDERS = Resource(
    "orders", CASE, _of_cases(Order),
    _same("id", "part", "whistled", "state", "sent_at", "signed_at", "ended_at", case="case_id", unit="unit_id", grid="grid__code"),
    "case_id",
)  # fmt: skip
_DEADLINES = Resource(
    "deadlines", CASE, _of_cases(Deadline),
    _same(
        "id", "clock", "round", "value", "unit", "started_at", "original_due_at", "due_at", "provisional", "met_at",
        "dropped_at", "breached_at", "paused_at", "paused_seconds", "red_at", case="case_id", order="order_id",
    ),
    "case_id",
)  # fmt: skip
_RATINGS = Resource(
    "ratings",
    CASE,
    _of_cases(Rating),
    _same("score", "solved", "at", "changes", id="case_id", case="case_id"),
    "case_id",
)
_CARDS = Resource(
    "cards", CASE, _of_cases(Card), _same("id", "level", "round", "at", case="case_id", unit="unit_id", grid="grid__code"),
    "case_id",
)  # fmt: skip
_PHOTOS = Resource(
    "photos", CASE, Photo.objects.visible_to,
    _same("id", "kind", "width", "height", "bytes", "at", "taken_at", case="case_id"), "case_id",
)  # fmt: skip
_CATEGORIES = Resource(
    "categories", "cases.category", Category.objects.visible_to,
    _same("id", "code", "level", "name", "name_en", "area", "tier", "urgency", "response_hours", "public", "enabled",
          parent="parent__code"),
)  # fmt: skip
_GRIDS = Resource(
    "grids", GRID, Grid.objects.visible_to,
    _same(
        "id", "code", "kind", "micro_type", "name", "households", "area_m2", "valid_from", "valid_to", parent="parent__code",
        superseded_by="superseded_by__code",
    ),
)  # fmt: skip
_UNITS = Resource(
    "units", "grids.unit", Unit.objects.visible_to,
    _same("id", "name", "kind", "area_prefix", "is_active", "lng", "lat"),
)  # fmt: skip
_POSTS = Resource(
    "posts", "grids.post", Post.objects.visible_to,
    _same("id", "kind", "valid_from", "valid_to", "is_public_contact", grid="grid__code", unit="unit_id", district="area_prefix"),
)  # fmt: skip
_BINDINGS = Resource(
    "bindings", "grids.binding", Binding.objects.visible_to,
    _same("id", "valid_from", "valid_to", post="post_id", unit="post__unit_id", grid="grid__code"),
)  # fmt: skip
_PARTY = Resource(
    "party-orgs", "grids.partyorg", PartyOrg.objects.visible_to,
    _same("id", "kind", "name", "valid_from", "valid_to", parent="parent_id", street="street__code"),
)  # fmt: skip

RESOURCES: dict[str, Resource] = {
    row.name: row
    for row in (
        _CASES, _ORDERS, _DEADLINES, _RATINGS, _CARDS, _PHOTOS, _CATEGORIES, _GRIDS, _UNITS, _POSTS, _BINDINGS, _PARTY,
    )
}  # fmt: skip
# By the kind of subject, whose rows decide who hears of it.
SUBJECTS: dict[str, Resource] = {row.kind: row for row in RESOURCES.values() if row.key == "pk"}


def seen(user: User, kind: str, keys: set[int]) -> set[int]:
    """Those of the subjects KEYS of KIND that USER sees."""
    return set(SUBJECTS[kind].rows(user).filter(Q(pk__in=keys)).order_by().values_list("pk", flat=True))
