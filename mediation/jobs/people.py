"""Terms of committees that end."""

import datetime as dt

from gridgov.core.jobs import handler
from gridgov.core.models import Job
from mediation.actions.committees import tell_terms


@handler("mediation.terms", every=dt.timedelta(hours=12))
def warn_of_terms(jobs: list[Job], at: dt.datetime) -> None:
    tell_terms(at=at)
