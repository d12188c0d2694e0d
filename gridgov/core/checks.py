"""What the tool chest knows of its own health: engines, disk and backup, work that is due, the calendar, the records."""

import datetime as dt
import platform
import shutil
import time
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from redis import Redis
from redis.exceptions import RedisError

from gridgov.core.backup.restoring import BACKUP
from gridgov.core.calendar import loaded_until, runs_out
from gridgov.core.doctor import Finding, State, check
from gridgov.core.errands import last_courier
from gridgov.core.jobs import PULSE_EVERY, last_sweep
from gridgov.core.models import Job, Record
from gridgov.core.records import SEAL, VERIFIED
from gridgov.core.sealing import standing

# A sweep runs each second; the pulse that tells it, every half minute.
SLOW, DEAD = PULSE_EVERY * 2, dt.timedelta(minutes=5)
BEHIND = dt.timedelta(minutes=5)
COUNTED = 1000
# Messages that wait at the broker: one a second comes, and is worth two seconds.
PILED_UP = 30
SKEW_WARN, SKEW_BAD = 2.0, 30.0
FREE_WARN, FREE_BAD = (0.15, 5 << 30), (0.05, 1 << 30)
SEAL_LATE, VERIFY_LATE = dt.timedelta(hours=36), dt.timedelta(days=14)
VERIFY = "manage.py verify_records"
RESEAL = "manage.py reseal"
TRY, TRY_LATE = "manage.py restore --try --from …", dt.timedelta(days=100)
BACKUP_WARN, BACKUP_BAD = dt.timedelta(hours=30), dt.timedelta(days=3)


def ago(moment: dt.datetime, at: dt.datetime) -> str:
    """“3 hours ago”, in the reader's language."""
    return _t("%(time)s ago") % {"time": timesince(moment, at)}


def _stamp(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@check("database", _("Database"))
def _database(at: dt.datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        size, version = cursor.fetchone()
    words = {"version": version.split()[0], "size": filesizeformat(size)}
    return Finding(State.OK, _t("PostgreSQL %(version)s, %(size)s of data") % words)


@check("clock", _("Clocks of the machines"))
def _clock(at: dt.datetime) -> Finding:
    """The web server's clock against the database's, at the middle of the question's way."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        theirs = float(cursor.fetchone()[0])
    apart = abs(theirs - (before + time.time()) / 2)
    said = _t("Web server and database are %(seconds).1f s apart") % {"seconds": apart}
    if apart < SKEW_WARN:
        return Finding(State.OK, said)
    state = State.BAD if apart >= SKEW_BAD else State.WARN
    return Finding(state, said, _t("Deadlines are as right as these clocks: let both machines follow a time server."))


@check("migrations", _("Shape of the database"))
def _schema(at: dt.datetime) -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        return Finding(State.OK, _t("The database has the shape that this version needs"))
    return Finding(
        State.BAD,
        _t("%(count)d migrations are waiting") % {"count": waiting},
        _t("Bring it up to date, then restart."),
        code="manage.py migrate",
    )


@check("version", _("Version"), reads=False)
def _version(at: dt.datetime) -> Finding:
    parts = {"gridgov": settings.VERSION, "Django": django.get_version(), "Python": platform.python_version()}
    return Finding(State.OK, " · ".join(f"{name} {version}" for name, version in parts.items()))


@check("broker", _("Message broker"), reads=False)
def _broker(at: dt.datetime) -> Finding:
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
        waiting = int(broker.llen("celery"))
    if waiting < PILED_UP:
        return Finding(State.OK, _t("Reached, %(count)d messages wait") % {"count": waiting})
    return Finding(
        State.WARN, _t("Reached, but %(count)d messages wait") % {"count": waiting},
        _t("No worker takes them: see whether the worker process runs."),
    )  # fmt: skip


@check("counts", _("Limits against floods"), reads=False)
def _counts(at: dt.datetime) -> Finding:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as valkey:
            valkey.ping()
    except RedisError:
        return Finding(
            State.WARN, _t("Each process counts alone: limits against floods and guessing let through more"),
            _t("Bring the message broker back. Until then nobody is locked out, and nothing is lost."),
        )  # fmt: skip
    return Finding(State.OK, _t("Counted by all processes together"))


@check("sweep", _("Beat and worker"))
def _sweep(at: dt.datetime) -> Finding:
    return _pulse(
        last_sweep(), at,
        never=_t("Due work was never looked for"),
        well=_t("Due work is looked for all the time"),
        late=_t("Due work was last looked for %(ago)s (%(at)s)"),
        advice=_t("See whether beat and worker run; nothing is lost, jobs wait in the database until they do."),
    )  # fmt: skip


@check("courier", _("Courier"))
def _courier(at: dt.datetime) -> Finding:
    return _pulse(
        last_courier(), at,
        never=_t("No courier ever came by"),
        well=_t("It comes by all the time"),
        late=_t("It last came by %(ago)s (%(at)s)"),
        advice=_t("See whether the courier process runs; what goes outside waits in the database until it does."),
    )  # fmt: skip


def _pulse(last: dt.datetime | None, at: dt.datetime, *, never: str, well: str, late: str, advice: str) -> Finding:
    """What it means that something that comes by all the time came by at LAST."""
    if last is None:
        return Finding(State.BAD, never, advice)
    if at - last <= SLOW:
        return Finding(State.OK, well)
    return Finding(
        State.BAD if at - last > DEAD else State.WARN, late % {"ago": ago(last, at), "at": _stamp(last)}, advice
    )


@check("behind", _("Overdue jobs"))
def _behind(at: dt.datetime) -> Finding:
    late = Job.objects.open().filter(run_at__lt=at - BEHIND).order_by("run_at")[:COUNTED]
    moments = list(late.values_list("run_at", flat=True))
    if not moments:
        return Finding(State.OK, _t("No job waits longer than five minutes"))
    words = {"count": len(moments), "ago": ago(moments[0], at)}
    return Finding(
        State.BAD, _t("%(count)d jobs wait longer than five minutes, the oldest since %(ago)s") % words,
        _t("Start more workers, or see in the worker's log what holds it up."),
    )  # fmt: skip


@check("stuck", _("Stuck jobs"))
def _stuck(at: dt.datetime) -> Finding:
    count = Job.objects.stuck().order_by()[:COUNTED].count()
    if not count:
        return Finding(State.OK, _t("No job was given up"), page="core_job_changelist")
    advice = _t("Read the last error of each; when its cause is gone, try the job again.")
    return Finding(State.BAD, _t("%(count)d jobs were given up") % {"count": count}, advice, "core_job_changelist")


@check("people", _("People's data"))
def _people(at: dt.datetime) -> Finding:
    found = standing()
    words = {"texts": found.texts, "clear": found.clear, "older": found.older, "lost": found.lost}
    if found.lost:
        said = _t("%(lost)d of %(texts)d texts are sealed with a key that is not set here") % words
        advice = _t("Put the key they were sealed with behind the others; until then nobody reads them.")
        return Finding(State.BAD, said, advice, code="GRIDGOV_SECRET_KEYS")
    if found.clear or found.older:
        said = _t("%(clear)d of %(texts)d texts stand in clear, %(older)d are sealed with an older key") % words
        return Finding(State.WARN, said, _t("Seal them; everything goes on meanwhile."), code=RESEAL)
    said = _t("%(texts)d texts are sealed") % words
    if settings.SECRET_KEYS:
        return Finding(State.OK, said)
    advice = _t(
        "They are sealed with the key that signs sessions. Give them keys of their own, kept apart from the database."
    )
    return Finding(State.WARN, said, advice, code="GRIDGOV_SECRET_KEYS")


@check("calendar", _("Work calendar"))
def _calendar(at: dt.datetime) -> Finding:
    today = timezone.localdate(at)
    until = loaded_until(today)
    page, advice = "core_calendarday_year", _t("Load the next year; until then deadlines beyond it are provisional.")
    if until is None or until < today:
        said = _t("No day from today on is loaded") if until is None else _t("Ended on %(day)s") % {"day": until}
        return Finding(State.BAD, said, advice, page)
    said = _t("Loaded up to %(day)s") % {"day": until}
    return Finding(State.WARN, said, advice, page) if runs_out(until, today) else Finding(State.OK, said, page=page)


@check("seal", _("Seal of the records"))
def _seal(at: dt.datetime) -> Finding:
    last = last_of(SEAL)
    advice = _t("The seal is set once a day by a job of its own: see the stuck and the overdue jobs.")
    if last is None:
        first = Record.objects.order_by("id").values_list("at", flat=True).first()
        fresh = first is None or at - first <= SEAL_LATE
        return Finding(State.OK if fresh else State.BAD, _t("Not sealed yet"), "" if fresh else advice)
    said = _t("Sealed %(ago)s (%(at)s)") % {"ago": ago(last.at, at), "at": _stamp(last.at)}
    return Finding(State.BAD, said, advice) if at - last.at > SEAL_LATE else Finding(State.OK, said)


@check("chain", _("Chain of the records"))
def _chain(at: dt.datetime) -> Finding:
    last = last_of(VERIFIED)
    if last is None:
        return Finding(State.UNKNOWN, _t("Never verified"), _t("It is verified every week, or by hand:"), code=VERIFY)
    words = {"rows": last.data["rows"], "ago": ago(last.at, at)}
    if last.data["faults"]:
        words["faults"] = last.data["faults"]
        return Finding(
            State.BAD, _t("%(faults)d faults in %(rows)d records, found %(ago)s") % words,
            _t("Somebody changed records behind the house's back. Keep the backups, tell the auditor; each fault is named by:"),
            code=VERIFY,
        )  # fmt: skip
    said = _t("%(rows)d records held, verified %(ago)s") % words
    late = at - last.at > VERIFY_LATE
    return Finding(State.WARN, said, _t("Verify it by hand:"), code=VERIFY) if late else Finding(State.OK, said)


def last_of(subject: str) -> Record | None:
    """The newest record about SUBJECT, one of the house's own works."""
    return Record.objects.filter(subject_type=subject, subject_id=0).order_by("seq").last()


@check("disk", _("Disk of the photos"), reads=False)
def _disk(at: dt.datetime) -> Finding:
    disk = shutil.disk_usage(folder_of(settings.MEDIA_ROOT))
    return room_left(disk.free, disk.total)


def folder_of(path: Path) -> Path:
    """Where PATH lies, or will: the nearest folder above that is there."""
    return next(one for one in (path, *path.resolve().parents) if one.exists())


def room_left(free: int, total: int, advice: str = "") -> Finding:
    """What is to be said of FREE bytes of TOTAL; ADVICE, where it isn't the photos' disk."""
    said = _t("%(free)s free of %(total)s") % {"free": filesizeformat(free), "total": filesizeformat(total)}
    for state, (share, least) in ((State.BAD, FREE_BAD), (State.WARN, FREE_WARN)):
        if free < least or free < share * total:
            return Finding(state, said, advice or _t("Make room or a bigger disk: without it no photo can be added."))
    return Finding(State.OK, said)


@check("backup", _("Backup"), reads=False)
def _backup(at: dt.datetime) -> Finding:
    stamp: Path | None = settings.BACKUP_STAMP
    if stamp is None:
        return Finding(
            State.UNKNOWN, _t("Nobody told me where to look"),
            _t("Let the backup touch a file when it has ended, and name that file in the setting:"),
            code="GRIDGOV_BACKUP_STAMP",
        )  # fmt: skip
    advice = _t("See what the backup's own log says, and run it.")
    last = last_backup()
    if last is None:
        return Finding(State.BAD, _t("%(file)s is not there: no backup has ended yet") % {"file": stamp}, advice)
    said = _t("Ended %(ago)s (%(at)s)") % {"ago": ago(last, at), "at": _stamp(last)}
    if at - last <= BACKUP_WARN:
        return Finding(State.OK, said)
    return Finding(State.BAD if at - last > BACKUP_BAD else State.WARN, said, advice)


def last_backup() -> dt.datetime | None:
    """When the last backup ended, as its stamp says; None where nobody knows."""
    stamp: Path | None = settings.BACKUP_STAMP
    if stamp is None or not stamp.exists():
        return None
    return dt.datetime.fromtimestamp(stamp.stat().st_mtime, tz=dt.UTC)


@check("restored", _("Backup tried"))
def _tried(at: dt.datetime) -> Finding:
    """Only a backup that was brought back once is known to be one."""
    last = last_of(BACKUP)
    advice = _t("Try the latest one beside the house that runs:")
    if last is None:
        return Finding(State.UNKNOWN, _t("No backup was ever tried"), advice, code=TRY)
    words = {"name": last.data["backup"], "ago": ago(last.at, at)}
    if last.data["faults"]:
        return Finding(State.BAD, _t("%(name)s did not come back whole (%(ago)s)") % words, advice, code=TRY)
    said = _t("%(name)s came back whole (%(ago)s)") % words
    return Finding(State.WARN, said, advice, code=TRY) if at - last.at > TRY_LATE else Finding(State.OK, said)
