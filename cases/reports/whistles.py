"""How fast the units that are called to a case report in."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from cases.reports.behind import counted_rows
from cases.reports.narrowing import Asked, Narrowed


class Median(Aggregate):
    """The middle of a group; of an even number the mean of the two in the middle."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class ReportInTimes:
    """How a unit answers the whistle. `due` are the calls whose limit is over or that were answered; of these `in_time`
    were answered within it. Calls that were excused or withdrawn before an answer count nowhere."""

    unit: int
    name: str
    called: int
    reported: int
    median: dt.timedelta | None
    in_time: int
    due: int

    @property
    def share(self) -> float | None:
        """None where nothing is due yet: no figure is better than a made-up one."""
        return self.in_time / self.due if self.due else None


def report_in_times(asked: Asked, narrowed: Narrowed, at: dt.datetime) -> list[ReportInTimes]:
    """For each unit that was whistled for in the period, as it stands AT. A unit sees its own. One query."""
    took = ExpressionWrapper(F("met_at") - F("started_at"), output_field=DurationField())
    whistles = counted_rows("whistled", asked, narrowed, at)
    rows = whistles.order_by("order__unit__name").values("order__unit", "order__unit__name").annotate(
        called=Count("pk"),
        reported=Count("pk", filter=Q(met_at__lte=at)),
        median=Median(took, output_field=DurationField(), filter=Q(met_at__lte=at)),
        in_time=Count("pk", filter=Q(met_at__lte=at) & Q(met_at__lte=F("due_at"))),
        due=Count("pk", filter=Q(met_at__lte=at) | Q(due_at__lt=at)),
    )  # fmt: skip
    return [
        ReportInTimes(
            row["order__unit"], row["order__unit__name"], row["called"], row["reported"], row["median"], row["in_time"],
            row["due"],
        )
        for row in rows
    ]  # fmt: skip
