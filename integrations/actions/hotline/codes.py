"""What a partner's codes are here: said at the desk, or brought in as a table."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from cases.models import Category
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from grids.models import Grid, Unit
from integrations.actions.hotline.review import again
from integrations.choices.hotline import CODE_CHARS, InboundState, Table
from integrations.models.hotline import Partner, PartnerCode
from integrations.rules import hotline as rules

Row = tuple[str, str, str]


def meant(table: str, ours: str) -> tuple[str, bool]:
    """(what is kept of OURS, whether it is there): a unit may be given by name, and is kept by its id."""
    if table == Table.CATEGORY:
        return ours, Category.objects.choosable().filter(code=ours).exists()
    if table == Table.GRID:
        return ours, Grid.objects.filter(code=ours, valid_to=None).exists()
    if table == Table.UNIT:
        by_name = Unit.objects.filter(name=ours, is_active=True).first()
        known = by_name or (
            Unit.objects.filter(pk=int(ours)).first() if ours.isascii() and ours.isdigit() and len(ours) < 10 else None
        )
        return str(known.pk) if known else ours, known is not None
    return ours, False


@transaction.atomic
def map_code(*, code: PartnerCode, ours: str, by: User, at: dt.datetime) -> PartnerCode:
    """Say what CODE is here; every message that waits for it is taken at once."""
    rules.can_map(by).insist()
    row = PartnerCode.objects.visible_to(by).locked(code)
    kept, known = meant(row.table, ours.strip())
    rules.can_mean(row.table, kept, known).insist()
    changes = row.change(ours=kept)
    waiting = row.messages.filter(state=InboundState.REVIEW).order_by("pk")
    count = again(waiting, at) if kept else 0
    record("integrations.code_mapped", row, by=by, at=at, data={"changes": changes, "replayed": count})
    return row


@transaction.atomic
def import_codes(*, partner: Partner, rows: Iterable[Row], by: User, at: dt.datetime) -> int:
    """Bring in (list, their code, our code); all of them or none. How many were new or changed."""
    rules.can_map(by).insist()
    held = Partner.objects.visible_to(by).locked(partner)
    count = 0
    for number, (table, theirs, ours) in enumerate(rows, 2):
        if table not in Table.values or not theirs or len(theirs) > CODE_CHARS:
            raise Invalid(f"{number}: {table} {theirs}"[:80], code="bad_row", field="file")
        kept, known = meant(table, ours)
        verdict = rules.can_mean(table, kept, known)
        if verdict.refusal:
            raise Invalid(f"{number}: {verdict.refusal}", code="bad_row", field="file")
        row, made = PartnerCode.objects.get_or_create(partner=held, table=table, theirs=theirs, defaults={"ours": kept})
        if not made and row.ours == kept:
            continue
        row.change(ours=kept)
        count += 1
        if kept:
            again(row.messages.filter(state=InboundState.REVIEW).order_by("pk"), at)
    record("integrations.codes_imported", held, by=by, at=at, data={"count": count})
    return count
