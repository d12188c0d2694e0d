"""Projects as everybody sees them: with what comes next, and without a name."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from volunteers.choices.people import Skill
from volunteers.models import Project, Shift

MOST_SHIFTS = 30


@dataclass(frozen=True)
class Announced:
    """A project with its next shift, if one is planned."""

    project: Project
    shift: Shift | None

    @property
    def skills(self) -> list[str]:
        return [str(Skill(one).label) for one in self.project.skills]


def with_next_shift(projects: Sequence[Project], at: dt.datetime) -> list[Announced]:
    """PROJECTS, each with the next shift that is open; one query."""
    rows = Shift.objects.ahead(at).filter(project__in=[project.pk for project in projects])
    first = {row.project_id: row for row in rows.order_by("project_id", "starts_at", "pk").distinct("project_id")}
    return [Announced(project, first.get(project.pk)) for project in projects]


def next_shifts(project: Project, at: dt.datetime) -> list[Shift]:
    """The next open shifts of PROJECT."""
    return list(Shift.objects.ahead(at).filter(project=project).order_by("starts_at", "pk")[:MOST_SHIFTS])
