"""Exchange stations: who keeps them, what a good may cost, and what somebody may take. Goods for points, never money."""

import hmac
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from volunteers.choices.ledger import (
    MOST_AT_ONCE,
    MOST_PRICE,
    MOST_STOCK,
    NAME_CHARS,
    PLACE_CHARS,
    REDEMPTION_MOVES,
    RedemptionState,
)
from volunteers.choices.people import VolunteerState
from volunteers.rules.organising import can_organise

if TYPE_CHECKING:
    from accounts.models import User
    from volunteers.models import Good, Redemption, Station, Volunteer


def can_stock(by: "User", station: "Station") -> Verdict:
    """Whether BY says what STATION has: its keeper too."""
    return YES if station.keeper_id == by.pk else can_organise(by, station.grid)


def can_exchange(volunteer: "Volunteer | None") -> Verdict:
    if volunteer is not None and volunteer.state == VolunteerState.ACTIVE:
        return YES
    return Verdict.forbid(_("Points are exchanged by active volunteers."))


def can_take(good: "Good", count: int, points: int) -> Verdict:
    """Whether somebody with POINTS may take COUNT of GOOD."""
    if not 1 <= count <= MOST_AT_ONCE:
        return Verdict.reject(_("1 to %(most)s at a time.") % {"most": MOST_AT_ONCE}, field="count")
    if not (good.is_open and good.station.is_open):
        return Verdict.clash(_("This is not offered any more."), code="closed")
    if count > good.stock:
        return Verdict.clash(_("Only %(stock)s are left.") % {"stock": good.stock}, code="stock")
    if count * good.points > points:
        words = {"price": count * good.points, "points": points}
        return Verdict.clash(_("That takes %(price)s points, and you have %(points)s.") % words, code="points")
    return YES


def can_hand_over(by: "User", row: "Redemption") -> Verdict:
    """Whether BY hands over what is to be collected: the station's keeper or an organiser, and never to oneself."""
    allowed = can_stock(by, row.good.station)
    if allowed and row.volunteer.user_id == by.pk:
        return Verdict.forbid(_("Nobody hands something over to oneself."))
    return _moves(row, RedemptionState.HANDED_OVER) if allowed else allowed


def can_cancel(by: "User", row: "Redemption") -> Verdict:
    """Whether BY gives up what is to be collected: whose it is, or whoever hands it over."""
    allowed = YES if row.volunteer.user_id == by.pk else can_stock(by, row.good.station)
    return _moves(row, RedemptionState.CANCELLED) if allowed else allowed


def _moves(row: "Redemption", state: RedemptionState) -> Verdict:
    if state in REDEMPTION_MOVES[row.state]:
        return YES
    return Verdict.clash(_("This exchange is over: %(state)s.") % {"state": row.get_state_display()}, code="over")


def is_code_of(code: str, row: "Redemption") -> Verdict:
    """Whether CODE is what whoever stands there should show."""
    if hmac.compare_digest(code.encode(), row.code.encode()):
        return YES
    return Verdict.reject(_("This is not the code of this exchange."), field="code", code="code")


def check_station(name: str, place: str, hours: str) -> Verdict:
    for field, words, most in (
        ("name", name, NAME_CHARS),
        ("place", place, PLACE_CHARS),
        ("hours", hours, PLACE_CHARS),
    ):
        if len(words) > most or (field != "hours" and not words.strip()):
            return Verdict.reject(_("1 to %(most)s characters.") % {"most": most}, field=field)
    return YES


def check_good(name: str, points: int) -> Verdict:
    if not name.strip() or len(name) > NAME_CHARS:
        return Verdict.reject(_("1 to %(most)s characters.") % {"most": NAME_CHARS}, field="name")
    if not 1 <= points <= MOST_PRICE:
        return Verdict.reject(_("1 to %(most)s points.") % {"most": MOST_PRICE}, field="points")
    return YES


def check_stock(stock: int) -> Verdict:
    if 0 <= stock <= MOST_STOCK:
        return YES
    return Verdict.reject(_("There can be 0 to %(most)s in stock.") % {"most": MOST_STOCK}, field="count")


def is_new_name(known: bool) -> Verdict:
    if known:
        return Verdict.reject(_("This station has a good of this name already."), field="name")
    return YES


def can_be_keeper(found: bool) -> Verdict:
    """FOUND: there is such an account, at work or enrolled in the street."""
    if found:
        return YES
    return Verdict.reject(
        _("There is no account of this name that works or helps in this street."), field="keeper", code="unknown"
    )
