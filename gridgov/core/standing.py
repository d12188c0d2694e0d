"""What the tool chest tells a monitor: queues, pulses, calendar, seal, backup, disk, and how full the database is."""

import datetime as dt
import shutil

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from gridgov.core.calendar import loaded_until
from gridgov.core.checks import folder_of, last_backup, last_of
from gridgov.core.doctor import State, examine
from gridgov.core.errands import last_courier
from gridgov.core.gauges import Read, gauge, one, seconds_since
from gridgov.core.jobs import CHORES, ERRANDS, SWEEP, kinds_of, last_sweep
from gridgov.core.models import Job
from gridgov.core.records import SEAL, VERIFIED

STATES = {State.OK: 0.0, State.UNKNOWN: 0.5, State.WARN: 1.0, State.BAD: 2.0, State.BROKEN: 3.0}
QUEUES = (("house", SWEEP), ("chores", CHORES), ("errands", ERRANDS))
# Tables that grow with the cases; of them the share of dead rows matters.
HOT = ("cases_case", "cases_deadline", "cases_order", "core_job", "core_record", "accounts_notice", "cases_ledgerentry")


@gauge("gridgov_build_info", "1, with the version that answers", ("version",))
def _version(at: dt.datetime) -> Read:
    return [((settings.VERSION,), 1.0)]


@gauge("gridgov_jobs_due", "Jobs that are due and not done, by queue", ("queue",))
def _due(at: dt.datetime) -> Read:
    for queue, task in QUEUES:
        due = Job.objects.open().filter(run_at__lte=at, kind__in=list(kinds_of(task))).order_by()
        yield (queue,), float(due.count())


@gauge("gridgov_jobs_lag_seconds", "How long the oldest due job has been waiting, by queue", ("queue",))
def _lag(at: dt.datetime) -> Read:
    for queue, task in QUEUES:
        due = Job.objects.open().filter(run_at__lte=at, kind__in=list(kinds_of(task)))
        yield (queue,), seconds_since(due.aggregate(first=Min("run_at"))["first"], at)


@gauge("gridgov_jobs_stuck", "Jobs that were given up and wait for a person, by kind", ("kind",))
def _stuck(at: dt.datetime) -> Read:
    found = Job.objects.stuck().order_by().values_list("kind").annotate(n=Count("pk"))
    return [((kind,), float(n)) for kind, n in found] or [(("none",), 0.0)]


@gauge("gridgov_sweep_age_seconds", "When due jobs were last looked for (beat and worker; give or take 30 s)")
def _sweep(at: dt.datetime) -> Read:
    last = last_sweep()
    return one(None if last is None else seconds_since(last, at))


@gauge("gridgov_courier_age_seconds", "When a courier last came by (give or take 30 s)")
def _courier(at: dt.datetime) -> Read:
    last = last_courier()
    return one(None if last is None else seconds_since(last, at))


@gauge("gridgov_calendar_days_left", "Days from today on for which the work calendar is loaded")
def _calendar(at: dt.datetime) -> Read:
    today = timezone.localdate(at)
    until = loaded_until(today)
    return one(max(0, (until - today).days) if until else 0)


@gauge("gridgov_seal_age_seconds", "When the records were last sealed")
def _seal(at: dt.datetime) -> Read:
    last = last_of(SEAL)
    return one(None if last is None else seconds_since(last.at, at))


@gauge("gridgov_record_faults", "Faults in the chain of records that the last verification found")
def _faults(at: dt.datetime) -> Read:
    last = last_of(VERIFIED)
    return one(None if last is None else float(last.data["faults"]))


@gauge("gridgov_backup_age_seconds", "When the last backup ended (GRIDGOV_BACKUP_STAMP)")
def _backup(at: dt.datetime) -> Read:
    ended = last_backup()
    return one(None if ended is None else seconds_since(ended, at))


@gauge("gridgov_disk_free_bytes", "Free room where the photos lie, on the machine that answers")
def _free(at: dt.datetime) -> Read:
    return one(float(shutil.disk_usage(folder_of(settings.MEDIA_ROOT)).free))


@gauge("gridgov_disk_size_bytes", "Size of the disk where the photos lie")
def _size(at: dt.datetime) -> Read:
    return one(float(shutil.disk_usage(folder_of(settings.MEDIA_ROOT)).total))


@gauge("gridgov_database_size_bytes", "Size of the database")
def _database(at: dt.datetime) -> Read:
    return one(_asked("SELECT pg_database_size(current_database())"))


@gauge("gridgov_database_connections", "Connections to the database server, all databases together")
def _connections(at: dt.datetime) -> Read:
    return one(_asked("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"))


@gauge("gridgov_database_connections_limit", "How many connections the database server allows")
def _limit(at: dt.datetime) -> Read:
    return one(_asked("SELECT current_setting('max_connections')::int"))


@gauge("gridgov_database_longest_transaction_seconds", "Age of the oldest open transaction in this database")
def _longest(at: dt.datetime) -> Read:
    return one(
        _asked(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    )


@gauge("gridgov_table_dead_rows", "Dead rows that wait for vacuum, by table", ("table",))
def _dead(at: dt.datetime) -> Read:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_dead_tup FROM pg_stat_user_tables WHERE relname = ANY(%s) ORDER BY 1", [list(HOT)]
        )
        return [((name,), float(dead)) for name, dead in cursor.fetchall()]


@gauge(
    "gridgov_doctor_state",
    "The doctor's findings: 0 in order, 0.5 not known, 1 look at it, 2 act now, 3 check failed",
    ("check",),
)
def _doctor(at: dt.datetime) -> Read:
    return [((result.check.name,), STATES[result.finding.state]) for result in examine(at=at)]


def _asked(sql: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])
