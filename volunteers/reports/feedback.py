"""What residents said of activities, in numbers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Count, Sum

from volunteers.choices.honours import LEAST_VOICES, STARRED
from volunteers.choices.work import ShiftState, SignUpState
from volunteers.models import Feedback, Project, Shift, SignUp


@dataclass(frozen=True)
class Voices:
    """How many spoke of something, and how many stars on the mean, to a tenth; none where too few spoke."""

    count: int
    mean: float | None


def has_begun(project: Project, at: dt.datetime) -> bool:
    """Whether a shift of PROJECT has begun that was not cancelled."""
    return Shift.objects.filter(project=project, starts_at__lte=at).exclude(state=ShiftState.CANCELLED).exists()


def voices_of(projects: Iterable[int]) -> dict[int, Voices]:
    """Of the PROJECTS (keys) of which anybody spoke. One query."""
    rows = Feedback.objects.filter(project__in=list(projects)).order_by().values_list("project")
    return {
        pk: Voices(count, round(float(mean), 1) if count >= LEAST_VOICES else None)
        for pk, count, mean in rows.annotate(n=Count("pk"), mean=Avg("stars"))
    }


def residents_of(volunteers: Iterable[int], first: dt.date, last: dt.date) -> dict[int, tuple[int, int]]:
    """For each of VOLUNTEERS: how many spoke, in hundredths of a point (five stars are a hundred points) what they said, of
    the projects in which that volunteer served from FIRST to LAST. Those of whom fewer than LEAST_VOICES spoke are left out.
    """
    served = (
        SignUp.objects.filter(
            volunteer__in=list(volunteers),
            state=SignUpState.SERVED,
            shift__starts_at__date__gte=first,
            shift__starts_at__date__lte=last,
        )
        .order_by()
        .values_list("volunteer", "shift__project")
        .distinct()
    )
    pairs = list(served)
    told = Feedback.objects.filter(project__in={project for _volunteer, project in pairs}).order_by()
    sums = {pk: (n, stars) for pk, n, stars in told.values_list("project").annotate(n=Count("pk"), s=Sum("stars"))}
    found = {}
    for volunteer in {volunteer for volunteer, _project in pairs}:
        heard = [sums[project] for one, project in pairs if one == volunteer and project in sums]
        count, stars = sum(n for n, _s in heard), sum(s for _n, s in heard)
        if count >= LEAST_VOICES:
            found[volunteer] = (count, stars * 10_000 // (count * STARRED[1]))
    return found
