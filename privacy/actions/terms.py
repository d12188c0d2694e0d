"""How long something is kept, what is held back from deletion, and the limit of looks."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.keeping import RUN, days_of, kind_of, kinds, subject_of
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid, Post
from grids.queries import scope_of
from privacy import rules
from privacy.choices import LIFTED_FOR, Held
from privacy.models import Hold, Lift, Term
from volunteers.models import Volunteer


@transaction.atomic
def set_term(*, kind: str, days: int, reason: str, by: User, at: dt.datetime) -> Term:
    """Keep KIND for DAYS from now on, and what stands already so much longer or shorter."""
    found = kind_of(kind)
    rules.can_set_term(by, found, days).insist()
    rules.is_reason(reason).insist()
    advisory_lock(RUN, kind)
    before = days_of(kind)
    if before == days:
        raise Conflict(_("It is so already."), code="no_change")
    term, _made = Term.objects.update_or_create(
        kind=kind, defaults={"days": days, "reason": reason.strip(), "by": by, "at": at}
    )
    moved = 0
    for one in kinds():
        if (one.name == kind or one.follows == kind) and one.going and one.going.move:
            moved += one.going.move(days - before)
    data = {"kind": kind, "days": [before, days], "note": reason.strip(), "moved": moved}
    record("privacy.term_set", subject_of(kind), by=by, at=at, data=data)
    return term


@transaction.atomic
def hold_back(*, what: str, label: str, reason: str, by: User, at: dt.datetime) -> Hold:
    """Let nothing of WHAT with the number (or user name) LABEL be deleted until the hold ends."""
    rules.holds_back(by).insist()
    key, number, grid = _thing(what, label.strip(), by)
    rules.is_reason(reason).insist()
    try:
        with transaction.atomic():
            row = Hold.objects.create(
                what=what, key=key, label=number, grid=grid, reason=reason.strip(), by=by, at=at
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(_("This is held already."), code="held") from None
    record("privacy.held", row, by=by, at=at, data={"what": what, "label": number, "note": reason.strip()})
    return row


def _thing(what: str, label: str, by: User) -> tuple[int, str, Grid | None]:
    """Its key, its number and its street, if it has one. Raises Invalid for what isn't there, and alike for what lies elsewhere."""
    found: tuple[int, str, Grid | None] | None = None
    if what == Held.CASE:
        case = Case.objects.filter(no=label).select_related("street").first()
        found = (case.pk, case.no, case.street) if case else None
    elif what == Held.VOLUNTEER:
        one = Volunteer.objects.filter(no=label).select_related("grid").first()
        found = (one.pk, one.no, one.grid) if one else None
    elif what == Held.ACCOUNT:
        user = User.objects.people().filter(username=label).first()
        post = user and Post.objects.filter(user=user).exclude(grid=None).select_related("grid").order_by("-pk").first()
        found = user and (user.pk, user.username, post.grid if post else None)
    if not found or not rules.can_hold(by, found[2]):
        raise Invalid(_("There is nothing with this number."), field="label")
    return found


@transaction.atomic
def end_hold(*, hold: Hold | int, reason: str, by: User, at: dt.datetime) -> Hold:
    """It may be deleted again when its time is over."""
    row: Hold = Hold.objects.visible_to(by).select_related("grid").locked(hold)
    rules.can_end_hold(by, row).insist()
    rules.is_reason(reason).insist()
    row.change(ended_by=by, ended_at=at, end_reason=reason.strip())
    record("privacy.hold_ended", row, by=by, at=at, data={"label": row.label, "note": reason.strip()})
    return row


@transaction.atomic
def lift_limit(*, user: User, reason: str, by: User, at: dt.datetime) -> Lift:
    """Let USER look at more people's data than the limit lets, for a day."""
    posts = Post.objects.current(localdate(at)).filter(user=user)
    here = Grid.objects.filter(scope_of(by).under(), pk__in=posts.values("grid")).exists()
    rules.can_lift(by, user, here).insist()
    rules.is_reason(reason).insist()
    row = Lift.objects.create(user=user, reason=reason.strip(), by=by, at=at, until=at + LIFTED_FOR)
    record("privacy.limit_lifted", row, by=by, at=at, data={"user": user.pk, "note": reason.strip()})
    return row
