"""What the doctor looks for inside the engines and the settings: room for connections, transactions that never end, rows that wait
for vacuum, what Valkey does when it is full, whether static files are there and the house is asked by HTTPS alone."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from redis import Redis

from gridgov.core.checks import room_left
from gridgov.core.doctor import Finding, State, check

CONNECTIONS_WARN, CONNECTIONS_BAD = 0.8, 0.95
LONG_WARN, LONG_BAD = 15 * 60.0, 2 * 3600.0
# Dead rows: a share of the table, and so many at least. Two thousand million transactions are the end; vacuum begins at 200 million.
DEAD_SHARE, DEAD_LEAST = 0.3, 50_000
AGE_WARN, AGE_BAD = 400_000_000, 1_200_000_000
VALKEY_FULL = 0.8


def _row(sql: str, *args: float) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchone()


@check("connections", _("Connections to the database"))
def _connections(at: dt.datetime) -> Finding:
    used, most = _row(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    )
    return connections_left(used, most)


def connections_left(used: int, most: int) -> Finding:
    """What is to be said of USED connections of MOST."""
    said = _t("%(used)d of %(most)d in use") % {"used": used, "most": most}
    if used < CONNECTIONS_WARN * most:
        return Finding(State.OK, said)
    advice = _t("When none is left nobody gets in: raise max_connections, or put PgBouncer between (docs/scaling.md).")
    return Finding(State.BAD if used >= CONNECTIONS_BAD * most else State.WARN, said, advice)


@check("transactions", _("Long transactions"))
def _transactions(at: dt.datetime) -> Finding:
    """The oldest transaction of this database, whoever has it open, but for vacuum's own."""
    found = _row(
        "SELECT pid, extract(epoch FROM clock_timestamp() - xact_start), application_name FROM pg_stat_activity"
        " WHERE datname = current_database() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
        " AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1"
    )
    return open_since(*found) if found else Finding(State.OK, _t("None is open for long"))


def open_since(pid: int, seconds: float, name: str) -> Finding:
    """What is to be said of the oldest transaction, open for SECONDS by the program NAME."""
    if seconds < LONG_WARN:
        return Finding(State.OK, _t("None is open for long"))
    words = {"pid": pid, "name": name, "minutes": int(seconds // 60)}
    said = _t("Process %(pid)d (%(name)s) has had one open for %(minutes)d minutes") % words
    advice = _t("It keeps dead rows and perhaps locks. If it is nobody's backup, end it:")
    code = f"SELECT pg_terminate_backend({pid})"
    return Finding(State.BAD if seconds >= LONG_BAD else State.WARN, said, advice, code=code)


@check("vacuum", _("Dead rows and vacuum"))
def _vacuum(at: dt.datetime) -> Finding:
    age, switched_on = _row(
        "SELECT age(datfrozenxid), current_setting('autovacuum') = 'on' FROM pg_database WHERE datname = current_database()"
    )
    worst = _row(
        "SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables"
        " WHERE n_dead_tup > %s AND n_dead_tup > %s * n_live_tup ORDER BY n_dead_tup DESC LIMIT 1",
        DEAD_LEAST,
        DEAD_SHARE,
    )
    return rows_left_behind(age, worst, switched_on)


def rows_left_behind(age: int, worst: tuple[str, int, int] | None, switched_on: bool) -> Finding:
    """What is to be said of a database whose oldest unfrozen row is AGE transactions old, and of its WORST table (name, dead, alive)."""
    if age >= AGE_WARN:
        said = _t("Vacuum has not come round for %(count)d million transactions") % {"count": age // 1_000_000}
        state = State.BAD if age >= AGE_BAD else State.WARN
        return Finding(
            state,
            said,
            _t("At two thousand million the database stops writing. Run in a quiet hour:"),
            code="VACUUM (FREEZE)",
        )
    if not switched_on:
        return Finding(State.WARN, _t("Autovacuum is switched off"), _t("Switch it on:"), code="autovacuum = on")
    if worst:
        words = {"table": worst[0], "dead": worst[1], "alive": worst[2]}
        said = _t("%(table)s holds %(dead)d dead rows beside %(alive)d") % words
        return Finding(
            State.WARN,
            said,
            _t("See whether a long transaction holds vacuum up, then:"),
            code=f"VACUUM ANALYZE {worst[0]}",
        )
    return Finding(State.OK, _t("Vacuum keeps up"))


@check("database_disk", _("Disk of the database"))
def _database_disk(at: dt.datetime) -> Finding:
    """Known only where the database lies on this machine, and tells where."""
    told = _row(
        "SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END"
    )[0]
    if not told or not Path(told).exists():
        return Finding(
            State.UNKNOWN, _t("It lies on another machine, or doesn't say where"), _t("Watch its disk there.")
        )
    disk = shutil.disk_usage(told)
    return room_left(disk.free, disk.total, _t("Make room or a bigger disk: without it nothing can be written."))


@check("valkey_memory", _("Memory of the broker"), reads=False)
def _valkey(at: dt.datetime) -> Finding:
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as valkey:
        info: dict[str, Any] = valkey.info("memory")
    return memory_of(int(info["used_memory"]), int(info["maxmemory"]), str(info["maxmemory_policy"]))


def memory_of(used: int, most: int, policy: str) -> Finding:
    """What is to be said of USED bytes of MOST (0: no limit) where POLICY says what goes when it is full."""
    said = _t("%(used)s in use, when full: %(policy)s") % {"used": filesizeformat(used), "policy": policy}
    if most and policy != "noeviction":
        advice = _t("It would throw messages and counts away, and limits against guessing with them:")
        return Finding(State.BAD, said, advice, code="maxmemory-policy noeviction")
    if most and used > VALKEY_FULL * most:
        return Finding(
            State.WARN, said, _t("Give it more memory, or see in the overdue jobs why messages stay."), code="maxmemory"
        )
    return Finding(State.OK, said)


@check("static", _("Static files"), reads=False)
def _static(at: dt.datetime) -> Finding:
    if settings.WHITENOISE_USE_FINDERS:
        return Finding(State.OK, _t("Taken from where they lie in the source"))
    names = getattr(staticfiles_storage, "hashed_files", {})
    missing = [name for name in list(names.values())[:2000] if not staticfiles_storage.exists(name)]
    if names and not missing:
        return Finding(State.OK, _t("%(count)d collected, named after their content") % {"count": len(names)})
    said = _t("%(count)d are missing") % {"count": len(missing)} if names else _t("None were collected")
    return Finding(
        State.BAD,
        said,
        _t("Pages come without their looks. Collect them, then restart:"),
        code="manage.py collectstatic",
    )


@check("https", _("Encrypted access"), reads=False)
def _https(at: dt.datetime) -> Finding:
    return by_https(
        secure=settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE,
        debug=settings.DEBUG,
        origins=[*settings.CSRF_TRUSTED_ORIGINS, settings.PUBLIC_ORIGIN],
        proxies=settings.PROXIES,
    )


def by_https(*, secure: bool, debug: bool, origins: list[str], proxies: int) -> Finding:
    """What is to be said of a house whose cookies are SECURE, or not."""
    if debug:
        return Finding(
            State.BAD,
            _t("Debug pages show whatever is asked for"),
            _t("Never in production; leave out:"),
            code="GRIDGOV_DEBUG",
        )
    plain = [origin for origin in origins if origin.startswith("http://")]
    if not secure:
        return Finding(
            State.WARN, _t("Cookies go without encryption"),
            _t("Fine on one's own machine. Elsewhere let a proxy speak TLS, and set:"), code="GRIDGOV_HTTPS=1",
        )  # fmt: skip
    if plain:
        return Finding(
            State.BAD,
            _t("Named without encryption: %(origins)s") % {"origins": ", ".join(plain)},
            _t("Name it by https://."),
        )
    if proxies < 1:
        return Finding(
            State.WARN, _t("No proxy of our own is counted, so all visitors have its address"), code="GRIDGOV_PROXIES=1"
        )
    return Finding(State.OK, _t("Cookies go by HTTPS alone"))
