"""Every look into a file is recorded: by whom, at what, and when."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.looking import record_look
from gridgov.core.models import Record
from gridgov.core.records import subject_type
from mediation.models import Mediation

VERB = "mediation.looked"
# A page is opened again and again while one works with it: one record an hour says so. A paper or an export is said each time.
PAGE, ONCE_IN = "file", dt.timedelta(hours=1)


@transaction.atomic
def look_at(*, mediation: Mediation, what: str, by: User, at: dt.datetime) -> None:
    """Record that BY looks at WHAT of MEDIATION ("file" for its page; "paper", "volume", "export" …), whose rows BY reads."""
    if what == PAGE and _looked(mediation, by, at):
        return
    held = Mediation.objects.locked(mediation)
    record_look(VERB, held, by=by, at=at, data={"what": what})


def _looked(mediation: Mediation, by: User, at: dt.datetime) -> bool:
    rows = Record.objects.filter(subject_type=subject_type(mediation), subject_id=mediation.pk, verb=VERB, actor=by)
    return rows.filter(at__gt=at - ONCE_IN, data__what=PAGE).exists()
