"""What is looked after without anybody asking."""

import datetime as dt

from django.utils.timezone import localtime

from accounts.actions import (
    add_calls,
    drop_begun,
    drop_calls,
    drop_entry_passes,
    drop_sessions,
    drop_tries,
    gather_notices,
    make_download,
    notify,
)
from accounts.actions.downloads import KIND as DOWNLOAD
from accounts.choices import NOTICE_CALENDAR, NoticeKind, Role
from accounts.models import Notice, User
from gridgov.core import calls, keeping
from gridgov.core.calendar import loaded_until, runs_out
from gridgov.core.jobs import handler
from gridgov.core.models import Job


@handler("accounts.calendar_watch", every=dt.timedelta(days=1))
def warn_before_the_calendar_ends(jobs: list[Job], at: dt.datetime) -> None:
    """Tell the system hand, who alone loads the nation's days, when the calendar's last days have come; once for each end."""
    today = localtime(at).date()
    last = loaded_until(today)
    if last is None or not runs_out(last, today):
        return
    people = User.objects.able().filter(role=Role.SYSTEM_ADMIN)
    notices = [
        Notice(
            user=user,
            kind=NoticeKind.SYSTEM,
            key=f"calendar:{last}",
            text=NOTICE_CALENDAR,
            params={"last": last.isoformat()},
            at=at,
        )
        for user in people
    ]
    notify(notices, at=at)


@handler("accounts.digest", every=dt.timedelta(minutes=1))
def bring_out_what_was_held(jobs: list[Job], at: dt.datetime) -> None:
    """A standing job and not one a person and morning: a notice whose transaction ends after its moment is found in the
    next minute all the same, and verbs that tell somebody something need not promise anything."""
    gather_notices(at=at)


@handler(DOWNLOAD, lease=600)
def write_downloads(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """One part of each; what is not at its end goes on at once."""
    by = User.objects.system()
    return {job.pk: at for job in jobs if not make_download(download=int(job.key), by=by, at=at)}


@handler("accounts.tidy_downloads", every=dt.timedelta(hours=1))
def tidy_downloads(jobs: list[Job], at: dt.datetime) -> None:
    """Files are kept a week."""
    keeping.run("accounts.download", by=User.objects.system(), at=at)


@handler("accounts.tidy_entry_passes", every=dt.timedelta(hours=1))
def tidy_entry_passes(jobs: list[Job], at: dt.datetime) -> None:
    """A link that is too old is refused for its age; its nonce need not be known any more."""
    drop_entry_passes(at=at)


@handler("accounts.tidy_sessions", every=dt.timedelta(hours=1))
def tidy_sessions(jobs: list[Job], at: dt.datetime) -> None:
    """The log of who came in is kept half a year, wrong tries and second factors that were begun as long as they count."""
    drop_sessions(at=at)
    drop_tries(at=at)
    drop_begun(at=at)


@handler("accounts.calls", every=dt.timedelta(minutes=1))
def add_up_calls(jobs: list[Job], at: dt.datetime) -> None:
    """What other systems asked for in the last minute. A worker that dies here loses that minute's counts and nothing else."""
    add_calls(calls=calls.taken())


@handler("accounts.tidy_calls", every=dt.timedelta(days=1))
def tidy_calls(jobs: list[Job], at: dt.datetime) -> None:
    """Counts are kept a year and a month."""
    drop_calls(at=at)
