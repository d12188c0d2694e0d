"""Rules of points: who sets them, from when on, and what they may say."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from grids.queries import scope_of
from volunteers.choices.ledger import MOST_DAYS, MOST_POINTS, PointsFor
from volunteers.choices.people import VolunteerKind

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import PointsRule


def can_set_rules(by: "User", street: "Grid | None" = None) -> Verdict:
    """Whether BY sets rules, for STREET where one is named. The house's own are nobody's to change."""
    if by.role == Role.STREET and (street is None or street.pk in scope_of(by).grids.get(GridKind.STREET, ())):
        return YES
    return Verdict.forbid(_("Rules of points are set by the street office, for its own street."))


def can_drop_rule(by: "User", rule: "PointsRule", at: dt.datetime) -> Verdict:
    """Whether BY may drop RULE: before anything was given by it."""
    if rule.street is None:
        return Verdict.forbid(_("Rules of points are set by the street office, for its own street."))
    allowed = can_set_rules(by, rule.street)
    if allowed and rule.effective_from <= localdate(at):
        return Verdict.clash(_("This rule is in force. Set another one from a later day on."), code="in_force")
    return allowed


def check_rule(
    *, what: str, kind: str, points: int, day_most: int | None, expire_days: int | None, since: dt.date, at: dt.datetime
) -> Verdict:
    """Whether this can be a rule that is set AT this moment."""
    if what not in PointsFor.values or (kind and kind not in VolunteerKind.values):
        return Verdict.reject(_("Points are given for what the rules name, and for nothing else."), field="what")
    if not 0 <= points <= MOST_POINTS:
        return Verdict.reject(_("0 to %(most)s points.") % {"most": MOST_POINTS}, field="points")
    if day_most is not None and not points <= day_most <= MOST_POINTS * 10:
        return Verdict.reject(_("The day's most is not below the points of one time."), field="day_most")
    if expire_days is not None and not 1 <= expire_days <= MOST_DAYS:
        return Verdict.reject(_("1 to %(most)s days.") % {"most": MOST_DAYS}, field="expire_days")
    if not localdate(at) <= since <= localdate(at) + dt.timedelta(days=366):
        return Verdict.reject(
            _("A rule begins today or within a year: what was earned stands."), field="effective_from"
        )
    return YES


def is_new(known: bool) -> Verdict:
    if known:
        return Verdict.clash(_("There is a rule for this from the same day on. Drop it first, or choose another day."))
    return YES
