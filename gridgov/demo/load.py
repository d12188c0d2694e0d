"""Loading the demo: the street one shows, and the district one measures. Each in one transaction: all of it, or nothing."""

import datetime as dt
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from cases.actions import learn_suggestions

from . import keys, plan
from .bulk import write_history
from .cast import Cast
from .disclosed import disclose
from .disputes import mediate
from .enact import booked, enact
from .exchanged import exchange
from .fieldwork import rounds
from .founding import Progress, found, load_tables
from .history import SHANGHAI
from .many_volunteers import write_volunteers
from .mediation import seat_committees
from .parts import Plan
from .privacy import protect
from .released import release
from .resources import take_stock
from .together import together
from .volunteers import USERNAME, enlist

YEAR = dt.timedelta(days=365)
# The map stands a while before the first case; a sample of the year before finds it, too.
FOUNDED_BEFORE = dt.timedelta(days=60)
STREET_CASES = 3000
DISTRICT_CASES = 1_000_000
TABLES = ("accounts_user", "grids_grid", "grids_post", "grids_unit", "grids_binding", "grids_partyorg", "cases_case", "cases_reporter",
          "cases_order", "cases_deadline", "cases_ledgerentry", "cases_card", "cases_rating",
          "cases_supervision", "core_record", "core_job",
          "volunteers_volunteer", "volunteers_balance", "volunteers_member", "volunteers_shift", "volunteers_signup",
          "volunteers_hoursentry", "resources_resource", "resources_service")  # fmt: skip


def load_demo_street(
    *, cases: int = STREET_CASES, seed: int = 1, at: dt.datetime | None = None, folder: Path | None = None,
    progress: Progress = print,
) -> Path | None:  # fmt: skip
    """The demo street and its town, CASES of history that end AT (now), and the 45 samples. Into a database without grids.

    With FOLDER, the accounts one signs in with get passwords, and the answer is the path of their table there.
    """
    now = (at or timezone.now()).astimezone(SHANGHAI).replace(microsecond=0)
    drawn = plan.demo(seed)
    with transaction.atomic():
        passwords = keys.new_passwords() if folder else {}
        _found(drawn, passwords, now, progress)
        cast = Cast(drawn)
        samples = booked(drawn, now)
        free = write_history(
            drawn,
            cast,
            cases,
            start=now - YEAR,
            end=now,
            seed=seed,
            progress=progress,
            leave=[row.at for row in samples],
        )
        entered: dict[str, int] = {}
        for number, (row, key) in enumerate(zip(samples, free, strict=True)):
            enact(drawn, cast, row, number=number, key=key, now=now, entered=entered)
        together(cast, entered, now)
        progress(f"样例案件 {len(samples)}/{len(samples)}")
        _finish()
        learn_suggestions(by=User.objects.system(), at=now)
        disclose(by=User.objects.system(), at=now)
        rounds(now)
        release(by=User.objects.system(), at=now)
        exchange(at=now)
        take_stock(now)
        enlist(now, passwords.get(USERNAME))
        progress("志愿服务")
        progress(f"人民调解 {mediate(seat_committees(now, passwords), now)} 卷")
        protect(now)
        return keys.write_keys(folder, passwords) if folder else None


def load_district(
    *, cases: int = DISTRICT_CASES, volunteers: int = 0, seed: int = 1, at: dt.datetime | None = None, scale: float = 1.0,
    progress: Progress = print,
) -> None:  # fmt: skip
    """A district of 15 streets (times SCALE) with CASES of history that end AT (now), and VOLUNTEERS with their activities.
    Into a database without grids.

    Nobody has a password; while it runs, nobody else can write cases.
    """
    now = (at or timezone.now()).astimezone(SHANGHAI).replace(microsecond=0)
    drawn = plan.district(scale, seed)
    with transaction.atomic():
        _found(drawn, {}, now, progress)
        write_history(drawn, Cast(drawn), cases, start=now - YEAR, end=now, seed=seed, progress=progress)
        if volunteers:
            write_volunteers(volunteers, now=now, seed=seed, progress=progress)
        _finish()


def _found(drawn: Plan, passwords: dict[str, str], now: dt.datetime, progress: Progress) -> None:
    """The place and its people, as of some time before the first case."""
    by, at = User.objects.system(), now - YEAR - FOUNDED_BEFORE
    load_tables(by=by, at=at, until=now, progress=progress)
    found(drawn, passwords=passwords, by=by, at=at, progress=progress)
    if passwords:
        keys.open_admin_hands(passwords, by=by, at=at)


def _finish() -> None:
    """Let the next case take the next key, and let the planner know what stands there now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('cases_case_id_seq', (SELECT coalesce(max(id), 1) FROM cases_case))")
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
