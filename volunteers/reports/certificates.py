"""What stands on papers, whose they are, and whether a code is that of one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Sum

from grids.models import Grid
from grids.queries import path_to
from volunteers.choices.honours import STARS, CertificateState
from volunteers.models import Certificate, HoursEntry, Issuer, Volunteer
from volunteers.rules.certificates import hours_of, next_star, stars_of


@dataclass(frozen=True)
class Standing:
    """Hours in steps of a half, stars, and the hours of the next star (none where all are reached)."""

    hours: float
    stars: int
    next_at: int | None

    @property
    def shown(self) -> str:
        return "★" * self.stars + "☆" * (len(STARS) - self.stars)


def standing_of(minutes: int) -> Standing:
    return Standing(hours_of(minutes), stars_of(minutes), next_star(minutes))


def issuer_for(grid: Grid) -> Issuer | None:
    """Who signs for papers of volunteers on GRID: the nearest above, up to the street."""
    found: Issuer | None = Issuer.objects.nearest(one.pk for one in path_to(grid.code))
    return found


def service_of(volunteer: Volunteer, first: dt.date, last: dt.date) -> tuple[int, list[dict[str, Any]]]:
    """Minutes from FIRST to LAST by the ledger, and what they were spent on: {"title", "first", "last", "hours"} of each
    project, in the order of their days; those whose hours were taken back whole are left out. Two queries."""
    rows = HoursEntry.objects.filter(volunteer=volunteer, day__gte=first, day__lte=last).order_by()
    minutes = rows.aggregate(sum=Sum("minutes"))["sum"] or 0
    by_project = rows.values_list("sign_up__shift__project", "sign_up__shift__project__title")
    told = by_project.annotate(n=Sum("minutes"), first=Min("day"), last=Max("day")).order_by("first", "last")
    lines = [
        {"title": title or "", "first": since.isoformat(), "last": until.isoformat(), "hours": hours_of(spent)}
        for _pk, title, spent, since, until in told
        if spent > 0
    ]
    return minutes, lines


@dataclass(frozen=True)
class Verified:
    """What everybody reads of a certificate whose code is shown: no name."""

    certificate: Certificate

    @property
    def is_good(self) -> bool:
        return self.certificate.state == CertificateState.ISSUED

    @property
    def hours(self) -> float | None:
        minutes = self.certificate.said.get("minutes")
        return None if minutes is None else hours_of(minutes)


def verified(code: str) -> Verified | None:
    """The certificate of CODE, however it was typed; None if there is none: forged, or mistyped."""
    plain = "".join(code.split()).replace("-", "").upper()
    row = Certificate.objects.filter(code=plain).for_list().first() if plain.isascii() and plain.isalnum() else None
    return Verified(row) if row is not None else None


def in_publicity(on: dt.date) -> list[tuple[str, list[Certificate]]]:
    """The honours that stand open on that day by the name of their street, the first to end first. Two queries."""
    rows = list(Certificate.objects.in_publicity(on).for_list().order_by("public_until", "pk"))
    trees = {row.volunteer.grid.tree_id for row in rows}
    streets = Grid.objects.filter(parent=None, tree_id__in=trees).order_by("code").values_list("tree_id", "name")
    return [(name, [row for row in rows if row.volunteer.grid.tree_id == tree]) for tree, name in streets]
