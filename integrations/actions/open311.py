"""Setting up a street's jurisdiction."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from integrations.models import Jurisdiction
from integrations.rules import open311 as rules


@transaction.atomic
def add_jurisdiction(
    *, street: Grid, code: str, is_open: bool, contact: str = "", key_service: str = "", by: User, at: dt.datetime
) -> Jurisdiction:
    """Give STREET its jurisdiction_id CODE. Raises Forbidden, or Invalid for a street or a code that can't be or is taken."""
    rules.can_keep_jurisdictions(by).insist()
    street = Grid.objects.locked(street)
    taken = Jurisdiction.objects.filter(street=street).exists() or Jurisdiction.objects.filter(code=code).exists()
    rules.can_be_jurisdiction(street, code, taken).insist()
    given = {"is_open": is_open, "contact": contact, "key_service": key_service}
    row = Jurisdiction.objects.create(street=street, code=code, changed_at=at, **given)
    record("integrations.jurisdiction_added", row, by=by, at=at, data={"code": code, **given})
    return row


@transaction.atomic
def change_jurisdiction(
    *, jurisdiction: Jurisdiction, is_open: bool, contact: str, key_service: str, by: User, at: dt.datetime
) -> Jurisdiction:
    """Switch it on or off, and say whom developers ask. Its id stays: clients have it."""
    rules.can_keep_jurisdictions(by).insist()
    row: Jurisdiction = Jurisdiction.objects.for_list().locked(jurisdiction)
    changes = row.change(is_open=is_open, contact=contact, key_service=key_service)
    if changes:
        row.change(changed_at=at)
        record("integrations.jurisdiction_changed", row, by=by, at=at, data={"changes": changes})
    return row
