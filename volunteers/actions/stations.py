"""Exchange stations 爱心超市 and what they have."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from grids.queries import scope_of
from volunteers.models import Good, Station, Volunteer
from volunteers.rules import stations as rules
from volunteers.rules.ledger import check_words
from volunteers.rules.organising import can_organise


@transaction.atomic
def add_station(
    *, grid: Grid, name: str, place: str, hours: str = "", keeper: str = "", by: User, at: dt.datetime
) -> Station:
    """Open a station on GRID; KEEPER is the user name of whoever hands over there. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    rules.check_station(name, place, hours).insist()
    given = {"name": name.strip(), "place": place.strip(), "hours": hours.strip(), "keeper": _keeper(keeper, grid, at)}
    row = Station.objects.create(grid=grid, **given)
    record("volunteers.station_added", row, by=by, at=at, data={"name": row.name, "place": row.place})
    return row


@transaction.atomic
def change_station(
    *, station: Station | int, name: str, place: str, hours: str = "", keeper: str = "", is_open: bool = True,
    by: User, at: dt.datetime,
) -> Station:  # fmt: skip
    """Change a station, or close it: nothing is exchanged there any more, what is reserved can still be collected."""
    row: Station = Station.objects.visible_to(by).for_list().locked(station)
    can_organise(by, row.grid).insist()
    rules.check_station(name, place, hours).insist()
    given = {"name": name.strip(), "place": place.strip(), "hours": hours.strip()}
    changed = row.change(**given, is_open=is_open, keeper=_keeper(keeper, row.grid, at))
    record("volunteers.station_changed", row, by=by, at=at, data=changed)
    return row


def _keeper(name: str, grid: Grid, at: dt.datetime) -> User | None:
    """The account NAME, at work in the street of GRID or enrolled there."""
    if not name.strip():
        return None
    user = User.objects.filter(username=name.strip(), is_active=True).first()
    helps = Q(user=user, grid__tree_id=grid.tree_id)
    found = user is not None and (
        any(node.tree_id == grid.tree_id for node in scope_of(user, at.date()).nodes)
        or Volunteer.objects.active().filter(helps).exists()
    )
    rules.can_be_keeper(found).insist()
    return user


@transaction.atomic
def add_good(*, station: Station | int, name: str, points: int, stock: int, by: User, at: dt.datetime) -> Good:
    """Offer something at STATION for POINTS. Raises Forbidden, Invalid."""
    place: Station = Station.objects.visible_to(by).for_list().locked(station)
    rules.can_stock(by, place).insist()
    rules.check_good(name, points).insist()
    rules.check_stock(stock).insist()
    rules.is_new_name(place.goods.filter(name=name.strip()).exists()).insist()
    row = Good.objects.create(station=place, name=name.strip(), points=points, stock=stock)
    record("volunteers.good_added", row, by=by, at=at, data={"name": row.name, "points": points, "stock": stock})
    return row


@transaction.atomic
def change_good(*, good: Good | int, name: str, points: int, is_open: bool = True, by: User, at: dt.datetime) -> Good:
    """Change what is offered from now on; what is reserved keeps its price."""
    row: Good = Good.objects.visible_to(by).for_list().locked(good)
    rules.can_stock(by, row.station).insist()
    rules.check_good(name, points).insist()
    rules.is_new_name(row.station.goods.filter(name=name.strip()).exclude(pk=row.pk).exists()).insist()
    changed = row.change(name=name.strip(), points=points, is_open=is_open)
    record("volunteers.good_changed", row, by=by, at=at, data=changed)
    return row


@transaction.atomic
def restock_good(*, good: Good | int, count: int, reason: str, by: User, at: dt.datetime) -> Good:
    """COUNT more are there, or fewer where it is negative, and why. Raises Forbidden, Invalid below nothing."""
    row: Good = Good.objects.visible_to(by).for_list().locked(good)
    rules.can_stock(by, row.station).insist()
    check_words(reason, "reason").insist()
    rules.check_stock(row.stock + count).insist()
    row.change(stock=row.stock + count)
    data = {"count": count, "stock": row.stock, "reason": reason.strip()}
    record("volunteers.good_restocked", row, by=by, at=at, data=data)
    return row
