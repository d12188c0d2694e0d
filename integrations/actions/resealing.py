"""Bringing what was sealed under an older key under the one that seals today, row by row while the house serves."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import Factor, User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record
from gridgov.core.sealing import Tally, reseal_all
from gridgov.core.secrets import Unreadable, sealed_anew, sealed_now
from integrations.actions.channels.sealed import CHANNEL
from integrations.models import Channel, Inbound, OwnChannel, Partner, Webhook
from integrations.queries.channels import OWN

# What is sealed: (model, its columns, what a row's are bound to).
SEALED: tuple[tuple[type[Model], tuple[str, ...], Callable[[Any], str]], ...] = (
    (Partner, ("secret", "old_secret"), lambda row: row.sealed_for),
    (Webhook, ("sealed", "sealed_old"), lambda row: row.sealed_for),
    (Channel, ("sealed",), lambda row: CHANNEL),
    (OwnChannel, ("sealed",), lambda row: OWN),
    (Inbound, ("body",), lambda row: row.sealed_for),
    (Factor, ("secret", "fresh"), lambda row: row.sealed_for),
)
PIECE = 200


def reseal(*, by: User, at: dt.datetime) -> tuple[int, int]:
    """(how many rows were sealed anew, how many nobody can open any more). May be broken off and begun again."""
    done = lost = 0
    for model, columns, of in SEALED:
        last = 0
        while True:
            keys = list(model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PIECE])
            if not keys:
                break
            changed, unread = _reseal_piece(model, keys, columns, of)
            done, lost, last = done + changed, lost + unread, keys[-1]
    with transaction.atomic():
        advisory_lock("core.secrets")
        record("secrets.resealed", Subject("core.secrets", 0), by=by, at=at, data={"rows": done, "lost": lost})
    return done, lost


def reseal_people(*, by: User, at: Callable[[], dt.datetime], **how: Any) -> Tally:
    """The same for the data of people, in all rooms: HOW is what `gridgov.core.sealing.reseal_all` takes. Recorded at its end, AT
    that moment."""
    tally = reseal_all(**how)
    with transaction.atomic():
        advisory_lock("core.secrets")
        data = {"rows": tally.sealed, "lost": tally.lost, "held": tally.held}
        record("secrets.people_resealed", Subject("core.secrets", 0), by=by, at=at(), data=data)
    return tally


@transaction.atomic
def _reseal_piece(
    model: type[Model], keys: list[int], columns: tuple[str, ...], of: Callable[[Any], str]
) -> tuple[int, int]:
    changed = lost = 0
    rows = model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    for row in rows:
        old = {name: getattr(row, name) for name in columns}
        if all(not text or sealed_now(text) for text in old.values()):
            continue
        try:
            new = {name: sealed_anew(text, of=of(row)) for name, text in old.items()}
        except Unreadable:
            lost += 1
            continue
        changed += model._default_manager.filter(pk=row.pk).update(**new)
    return changed, lost
