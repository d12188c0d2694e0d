"""The file becomes a volume (归档): complete, or with a statement that says what is missing and why."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from mediation.actions.taking import take, write_down
from mediation.choices.files import FileState
from mediation.models import Mediation
from mediation.reports.completeness import missing
from mediation.rules.filing import check_filing


@transaction.atomic
def file_volume(
    *, mediation: Mediation | int, retention: str, statement: str = "", by: User, at: dt.datetime
) -> Mediation:
    """File it, to be kept for RETENTION. Raises Invalid (`incomplete`) where something required is missing and no STATEMENT
    says why; Conflict while mediation is not over."""
    row = take(mediation, by, "file")
    lacks = [gap for gap in missing(row) if gap.required]
    check_filing(retention, statement, [gap.words for gap in lacks]).insist()
    changes = row.change(
        state=FileState.FILED, filed_at=at, filed_by=by, retention=retention, statement=statement.strip(),
        version=row.version + 1,
    )  # fmt: skip
    write_down("mediation.filed", row, changes, by=by, at=at, lacks=[gap.kind for gap in lacks])
    return row
