"""Putting notices into inboxes: to whoever stands in, at a decent hour, and gathered where there are many."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts import rules
from accounts.choices import MOST_STEPS, NOTICE_DIGEST, NoticeKind
from accounts.models import Notice
from accounts.queries import NoticeQuerySet

# One statement for any number of notices: stand-ins are looked up where the rows are written, for every verb that tells
# somebody something pays for it. Where the stand-in is told the same thing anyway, the own line is the one that stays. Other systems
# have no inbox.
_PUT = """
    WITH RECURSIVE given AS (
        SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row (
            n int, user_id bigint, kind text, key text, text text, params jsonb, subject_type text, subject_id bigint,
            at timestamptz, urgent boolean, held_until timestamptz, day date)
    ), chain (absent, day, deputy, step) AS (
        SELECT DISTINCT given.user_id, day, deputy_id, 1 FROM given JOIN accounts_delegation d
            ON d.user_id = given.user_id AND d.ended_at IS NULL AND day BETWEEN d.valid_from AND d.valid_to
        UNION ALL
        SELECT absent, day, deputy_id, step + 1 FROM chain JOIN accounts_delegation d
            ON d.user_id = chain.deputy AND d.ended_at IS NULL AND day BETWEEN d.valid_from AND d.valid_to
            WHERE step < %s
    ), stand_in AS (
        SELECT DISTINCT ON (absent, day) absent, day, deputy FROM chain ORDER BY absent, day, step DESC
    ), told AS (
        SELECT DISTINCT ON (reader, key) * FROM (
            SELECT given.*, coalesce(deputy, user_id) AS reader, CASE WHEN deputy IS NOT NULL THEN user_id END AS instead
            FROM given LEFT JOIN stand_in ON absent = user_id AND stand_in.day = given.day
        ) each_one WHERE NOT EXISTS (SELECT FROM accounts_user WHERE id = reader AND is_client) ORDER BY reader, key, instead NULLS FIRST, n
    )
    INSERT INTO accounts_notice (user_id, instead_of_id, kind, key, text, params, subject_type, subject_id, at, urgent,
        held_until)
    SELECT reader, instead, kind, key, text, params, subject_type, subject_id, at, urgent, held_until FROM told ORDER BY n
    ON CONFLICT (user_id, key) DO NOTHING
"""

_INTO_DIGESTS = """
    UPDATE accounts_notice line SET digest_id = digest.id, held_until = NULL FROM accounts_notice digest
    WHERE line.id = ANY(%s) AND digest.id = ANY(%s) AND digest.user_id = line.user_id
"""


def notify(notices: Iterable[Notice], *, at: dt.datetime) -> int:
    """Put NOTICES (unsaved) into inboxes, each (user, key) once however often it is called; how many were put.

    AT is now, a notice's own `at` when the thing happened: by both is decided what is told at once, and what is held
    (accounts.rules.held_until) until `gather_notices` brings it out. Whoever is away on the day of the telling is
    stood in for. One statement.
    """
    rows = [_plain(n, notice, at) for n, notice in enumerate(notices)]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [json.dumps(rows), MOST_STEPS])
        return cursor.rowcount


def _plain(n: int, notice: Notice, at: dt.datetime) -> dict[str, Any]:
    names = ("user_id", "kind", "key", "text", "params", "subject_type", "subject_id", "urgent")
    held = rules.held_until(moment=notice.at, urgent=notice.urgent, at=at)
    return {
        **{name: getattr(notice, name) for name in names},
        "n": n,
        "at": notice.at.isoformat(),
        "held_until": held.isoformat() if held else None,
        "day": localdate(held or at).isoformat(),
    }


@transaction.atomic
def gather_notices(*, at: dt.datetime) -> int:
    """Tell what was held until AT or earlier: one digest a person, or the line itself where it is the only one; how
    many lines. Five statements for any number of people; a line is told once, for it is locked and held no more after.
    """
    due: Any = Notice.objects.filter(held_until__lte=at).order_by("pk").select_for_update(no_key=True)
    held: dict[int, list[tuple[int, str, dt.datetime]]] = defaultdict(list)
    for pk, user, kind, until in due.values_list("pk", "user_id", "kind", "held_until"):
        held[user].append((pk, kind, until))
    alone = [lines[0][0] for lines in held.values() if len(lines) == 1]
    if alone:
        Notice.objects.filter(pk__in=alone).update(held_until=None)
    several = {user: lines for user, lines in held.items() if len(lines) > 1}
    if several:
        digests = _digests(several)
        with connection.cursor() as cursor:
            lines = [pk for found in several.values() for pk, _kind, _until in found]
            cursor.execute(_INTO_DIGESTS, [lines, [digest.pk for digest in digests]])
    return sum(map(len, held.values()))


def _digests(held: dict[int, list[tuple[int, str, dt.datetime]]]) -> list[Notice]:
    """One digest a person, named after the last moment that came. What comes to a digest that is there already (its
    transaction had begun before that moment and ended after it) is counted in, and makes it unread again."""
    rows = [_digest(user, max(until for _pk, _kind, until in lines), lines) for user, lines in held.items()]
    there = Notice.objects.filter(user__in=list(held), key__in={row.key for row in rows})
    before = {(user, key): params for user, key, params in there.values_list("user_id", "key", "params")}
    for row in rows:
        if known := before.get((row.user_id, row.key)):
            row.params = {"kinds": Counter(known["kinds"]) + Counter(row.params["kinds"])}
    return Notice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "key"], update_fields=["params", "read_at"]
    )


def _digest(user: int, moment: dt.datetime, lines: list[tuple[int, str, dt.datetime]]) -> Notice:
    return Notice(
        user_id=user,
        kind=NoticeKind.DIGEST,
        key=f"digest:{moment.isoformat()}",
        text=NOTICE_DIGEST,
        params={"kinds": Counter(kind for _pk, kind, _until in lines)},
        at=moment,
    )


@transaction.atomic
def take_told(*, most: int) -> list[Notice]:
    """Up to MOST notices that were told since this was asked last, the oldest first, each handed out once: for a room above
    that carries them further. Two statements; whatever its transaction makes of them comes or goes with this mark.

    A mark and no moment to read on from: what was held is told later than younger lines are, and transactions end in
    another order than they begin.
    """
    waiting: Any = Notice.objects.filter(passed_on=False, held_until=None).order_by("pk")
    found = list(waiting.select_for_update(no_key=True, skip_locked=True)[:most])
    if found:
        Notice.objects.filter(pk__in=[row.pk for row in found]).update(passed_on=True)
    return found


def mark_read(*, notices: NoticeQuerySet, at: dt.datetime) -> int:
    """Mark the unread of NOTICES (a queryset of the reader's own) as read; how many."""
    return int(notices.unread().update(read_at=at))
