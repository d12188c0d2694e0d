"""Messages that were not let in: counted, so that somebody sees that they came, and bounded, so that nobody fills the tables
with them. In the hot path stands one command to Valkey; a job adds up what it holds."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from gridgov.core.counts import take_tallies, tally
from integrations.choices.hotline import MOST_ADDRESSES, REFUSED_KEPT
from integrations.models.hotline import Partner, RefusedMessage

_KIND = "exchange.refused"
_ADD = """
    INSERT INTO integrations_refusedmessage (partner_id, day, code, address, count, last_at)
    SELECT id, %s, %s, %s, %s, %s FROM integrations_partner WHERE id = %s
    ON CONFLICT (partner_id, day, code, address)
    DO UPDATE SET count = integrations_refusedmessage.count + EXCLUDED.count, last_at = EXCLUDED.last_at
"""


def note_refused(partner: Partner, code: str, address: str) -> None:
    """One more message of PARTNER's door was refused for CODE."""
    tally(_KIND, f"{partner.pk}|{code[:32]}|{address[:64]}")


@transaction.atomic
def add_refused(*, at: dt.datetime) -> None:
    """Add what was counted since this was asked last; addresses beyond the busiest are one."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for field, count in take_tallies(_KIND).items():
        partner, code, address = field.split("|", 2)
        found.setdefault((partner, code), Counter())[address] += count
    rows: list[tuple[Any, ...]] = []
    for (partner, code), addresses in sorted(found.items()):
        busiest = addresses.most_common(MOST_ADDRESSES)
        rest = addresses.total() - sum(count for _address, count in busiest)
        named = sorted([*busiest, *([("", rest)] if rest else [])])
        rows += [(localdate(at), code, address, count, at, int(partner)) for address, count in named]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


@transaction.atomic
def forget_refused(*, at: dt.datetime) -> None:
    """Counts are kept REFUSED_KEPT."""
    RefusedMessage.objects.filter(day__lt=localdate(at - REFUSED_KEPT)).delete()
