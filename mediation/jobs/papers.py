"""Files of papers that were never finished."""

import datetime as dt

from gridgov.core.jobs import handler
from gridgov.core.models import Job
from mediation.actions.papers import drop_unnamed


@handler("mediation.drop_unnamed", every=dt.timedelta(days=1))
def drop_unnamed_files(jobs: list[Job], at: dt.datetime) -> None:
    drop_unnamed(at=at)
