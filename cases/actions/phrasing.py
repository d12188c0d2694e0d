"""The phrasebook of a street: what its workers tap instead of typing."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from cases import rules
from cases.models import Category, StreetPhrase
from cases.reports import house_phrases
from gridgov.core.records import record
from grids.models import Grid
from grids.queries import scope_of


@transaction.atomic
def add_phrase(
    *, street: Grid, category: Category, text: str, position: int | None = None, by: User, at: dt.datetime
) -> StreetPhrase:
    """Put TEXT into STREET's phrasebook, at POSITION or at the end. The first one takes over the house's phrases, so that
    each of them can be changed and retired from then on."""
    street = Grid.objects.locked(street)
    rules.can_keep_phrases(by, scope_of(by, timezone.localdate(at)), street).insist()
    if not StreetPhrase.objects.filter(street=street).exists():
        _take_over(street)
    words = _fit(StreetPhrase.objects.filter(street=street, category=category), text)
    if position is None:
        position = (StreetPhrase.objects.filter(street=street).aggregate(last=Max("position"))["last"] or 0) + 1
    phrase = StreetPhrase.objects.create(street=street, category=category, text=words, position=position)
    record("phrases.added", phrase, by=by, at=at, data={"category": category.code, "text": words, "position": position})
    return phrase


@transaction.atomic
def change_phrase(
    *, phrase: StreetPhrase, text: str | None = None, position: int | None = None, by: User, at: dt.datetime
) -> StreetPhrase:
    """Put PHRASE in other words or in another place; what is None stays."""
    held = _held(phrase, by, at)
    others = StreetPhrase.objects.filter(street=held.street_id, category=held.category_id).exclude(pk=held.pk)
    text = held.text if text is None else text
    position = held.position if position is None else position
    changes: dict[str, Any] = held.change(text=_fit(others, text), position=position)
    if changes:
        record("phrases.changed", held, by=by, at=at, data={"changes": changes})
    return held


@transaction.atomic
def retire_phrase(*, phrase: StreetPhrase, by: User, at: dt.datetime) -> StreetPhrase:
    """Take PHRASE out of the phrasebook."""
    held = _held(phrase, by, at)
    held.change(retired_at=at)
    record("phrases.retired", held, by=by, at=at)
    return held


def _take_over(street: Grid) -> None:
    known = {category.code: category for category in Category.objects.filter(level=2)}
    StreetPhrase.objects.bulk_create(
        StreetPhrase(street=street, category=known[one.code], text=one.text, position=number)
        for number, one in enumerate(house_phrases(), start=1)
        if one.code in known
    )


def _fit(others: Any, text: str) -> str:
    words = " ".join(text.split())
    rules.can_be_phrase(words, others.in_use().values_list("text", flat=True)).insist()
    return words


def _held(phrase: StreetPhrase, by: User, at: dt.datetime) -> StreetPhrase:
    held: StreetPhrase = StreetPhrase.objects.for_list().locked(phrase)
    rules.can_change_phrase(by, scope_of(by, timezone.localdate(at)), held).insist()
    return held
