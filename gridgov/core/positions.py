"""Reading records in an order in which none is skipped and none comes twice, whoever writes meanwhile (ADR 0011).

Neither numbers nor times of records are the order in which they become visible: a transaction that began early may commit
late. So each row bears the number of its transaction, and only what lies below the oldest transaction still running is read:
there nothing can appear any more. Numbers of transactions start anew where a database is restored elsewhere; that is a new
era, in which what was brought along counts as settled, and places of earlier eras are refused.
"""

import base64
import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils.translation import gettext as _

from gridgov.core.errors import Gone, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Era, Record
from gridgov.core.records import Subject, record

ERA = "core.era"
LONGEST = 200

# Changes with the cluster, with a restore to an earlier moment or a failover (the time line), with the database and the table.
_PLACE = """
    SELECT concat_ws(':', system_identifier, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
                     (SELECT oid FROM pg_database WHERE datname = current_database()), 'core_record'::regclass::oid)
    FROM pg_control_system()
"""
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"
_COLUMNS = "id, coalesce(txid::text, '0'), at, verb, subject_type, subject_id, scope, data"
_EARLIER = f"""
    SELECT {_COLUMNS} FROM core_record WHERE id > %(record)s AND id <= %(before)s AND subject_type = ANY(%(kinds)s)
    ORDER BY id LIMIT %(limit)s
"""  # noqa: S608 - no outside text in it
_SETTLED = f"""
    SELECT {_COLUMNS} FROM core_record
    WHERE (txid, id) > (%(txid)s::xid8, %(record)s) AND txid < %(horizon)s::xid8 AND id > %(before)s
        AND subject_type = ANY(%(kinds)s)
    ORDER BY txid, id LIMIT %(limit)s
"""  # noqa: S608 - no outside text in it


@dataclass(frozen=True)
class Position:
    """After the record RECORD of the transaction TXID (0: of before the era). GROUND says for whom it was handed out."""

    era: int
    txid: int
    record: int
    ground: str = ""

    def __str__(self) -> str:
        """As an address carries it."""
        parts = json.dumps([self.era, self.txid, self.record, self.ground], separators=(",", ":"))
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Position":
        """What TEXT says; raises Invalid for what never was a position."""
        try:
            era, txid, number, ground = json.loads(base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4)))
        except (ValueError, TypeError, RecursionError):
            era, txid, number, ground = None, 0, 0, ""
        whole = all(type(part) is int and 0 <= part < 2**63 for part in (era, txid, number))
        if not whole or not isinstance(ground, str):
            raise Invalid(_("This cursor is not one of ours."), code="bad_cursor", field="cursor")
        return cls(era, txid, number, ground)


class Line(NamedTuple):
    """A record as it is read out."""

    id: int
    txid: str
    at: dt.datetime
    verb: str
    kind: str
    subject: int
    scope: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Reads what is settled at one moment: everything below HORIZON in ERA."""

    era: Era
    horizon: int

    def start(self, ground: str = "") -> Position:
        """Before the first record there is."""
        return Position(self.era.pk, 0, 0, ground)

    def end(self, ground: str = "") -> Position:
        """After everything that is settled."""
        return Position(self.era.pk, self.horizon, 0, ground)

    def insist_on(self, position: Position, ground: str = "") -> None:
        """Raise Gone for a POSITION from which one can't go on: of another era, of the future, or of another GROUND."""
        if position.era != self.era.pk or position.txid > self.horizon:
            raise Gone(_("The database was restored since. Please load everything anew."), code="reload")
        if position.ground != ground:
            raise Gone(_("You see other grids or units than when this began. Please load anew."), code="other_ground")

    def after(self, position: Position, kinds: Collection[str], limit: int) -> tuple[list[Line], Position, bool]:
        """Up to LIMIT records about subjects of KINDS after POSITION, the position after them, and whether there is more."""
        rows: list[Line] = []
        asked: dict[str, Any] = {
            "record": position.record,
            "txid": str(position.txid),
            "horizon": str(self.horizon),
            "before": self.era.last_record,
            "kinds": list(kinds),
        }
        with connection.cursor() as cursor:
            if position.txid == 0 and position.record < self.era.last_record:
                cursor.execute(_EARLIER, {**asked, "limit": limit})
                rows = [_line(row) for row in cursor.fetchall()]
                if len(rows) == limit:
                    return rows, Position(self.era.pk, 0, rows[-1].id, position.ground), True
                asked["record"] = self.era.last_record
            cursor.execute(_SETTLED, {**asked, "limit": limit - len(rows)})
            found = [_line(row) for row in cursor.fetchall()]
        rows += found
        if len(rows) < limit:
            return rows, self.end(position.ground), False
        return rows, Position(self.era.pk, int(found[-1].txid), found[-1].id, position.ground), True


def _line(row: tuple[Any, ...]) -> Line:
    line = Line(*row)
    return line._replace(data=json.loads(line.data)) if isinstance(line.data, str) else line


def reader(at: dt.datetime) -> Reader:
    """Who reads what is settled by now. The first one after a restore begins a new era."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE)
        place = cursor.fetchone()[0]
        era = Era.objects.order_by("pk").last()
        if era is None or era.place != place:
            era = _begin(place, at)
        cursor.execute(_HORIZON)
        return Reader(era, int(cursor.fetchone()[0]))


def _begin(place: str, at: dt.datetime) -> Era:
    """A new era at PLACE. Waits for whoever is writing records, so that none of them is counted to neither."""
    with transaction.atomic(), connection.cursor() as cursor:
        advisory_lock(ERA)
        last = Era.objects.order_by("pk").last()
        if last is not None and last.place == place:
            return last
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        cursor.execute("LOCK TABLE core_record IN SHARE MODE")
        newest = Record.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        era = Era.objects.create(place=place, last_record=newest, at=at)
        system = get_user_model().objects.system()
        record("core.era_begun", Subject(ERA, 0), by=system, at=at, data={"era": era.pk, "after": newest})
        return era
