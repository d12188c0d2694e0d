"""Fetching the pictures that a client of Open311 only named."""

import datetime as dt
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core import outgoing
from gridgov.core.errands import After, errand
from gridgov.core.models import Job
from integrations.actions.open311_requests import keep_fetched, note_missed
from integrations.choices.open311 import FETCH, FETCH_SECONDS, FETCH_TRIES


@errand(FETCH, lease=120, attempts=FETCH_TRIES, at_once=4)
def fetch(job: Job, at: dt.datetime) -> After | None:
    """One picture. Who doesn't answer is asked again; in the end, and for what is none or lies where this house sends
    nothing, the record says so."""
    door, case = User.objects.door(), int(str(job.payload["case"]))
    try:
        found = outgoing.send("GET", str(job.payload["url"]), timeout=FETCH_SECONDS, most=settings.PHOTO_MAX_BYTES + 1)
        if found.status >= 500:
            raise outgoing.Failed(_("The server answered %(status)s.") % {"status": found.status})
    except outgoing.Refused as refused:
        return _missed(case, str(refused), door)
    except outgoing.Failed as failed:
        if job.attempts < FETCH_TRIES:
            raise
        return _missed(case, str(failed), door)
    if not found.ok:
        return _missed(case, _("The server answered %(status)s.") % {"status": found.status}, door)
    return partial(_keep, case, found.body, door)


def _keep(case: int, content: bytes, door: User, at: dt.datetime) -> None:
    keep_fetched(case=case, content=content, by=door, at=at)


def _missed(case: int, why: str, door: User) -> After:
    def note(at: dt.datetime) -> None:
        note_missed(case=case, why=why, by=door, at=at)

    return note
