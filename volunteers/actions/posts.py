"""Governance posts: entered by organisers, claimed by new-employment groups; and problems that volunteers report."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.points import give_points
from volunteers.actions.telling import tell
from volunteers.choices.ledger import PointsFor
from volunteers.choices.work import NOTICE_CLAIM_ENDED
from volunteers.models import Claim, GovernancePost, Volunteer
from volunteers.rules import posts as rules
from volunteers.rules.organising import can_organise
from volunteers.rules.projects import fit_places, fit_words
from volunteers.rules.signing_up import is_own


@transaction.atomic
def make_post(
    *, grid: Grid, name: str, duty: str, place: str, places: int = 1, by: User, at: dt.datetime
) -> GovernancePost:
    """Enter a post that can be claimed. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    words = {"name": name.strip(), "duty": duty.strip(), "place": place.strip()}
    for field, said in words.items():
        fit_words(said, field).insist()
    fit_places(places).insist()
    row = GovernancePost.objects.create(grid=grid, places=places, made_by=by, made_at=at, **words)
    record("volunteers.post_made", row, by=by, at=at, data={"name": row.name, "places": places})
    return row


@transaction.atomic
def switch_post(*, post: GovernancePost | int, is_open: bool, by: User, at: dt.datetime) -> GovernancePost:
    """Let a post be claimed, or not any more; who keeps it goes on. Raises Forbidden, Conflict."""
    row: GovernancePost = GovernancePost.objects.for_list().locked(post)
    rules.can_switch_post(by, row, is_open).insist()
    row.change(is_open=is_open)
    record("volunteers.post_switched", row, by=by, at=at, data={"open": is_open})
    return row


@transaction.atomic
def claim_post(*, post: GovernancePost | int, volunteer: Volunteer | int, by: User, at: dt.datetime) -> Claim:
    """VOLUNTEER keeps the post from today on. Raises Forbidden, Conflict where its places are taken."""
    held: GovernancePost = GovernancePost.objects.for_list().locked(post)
    who: Volunteer = Volunteer.objects.for_list().locked(volunteer)
    rules.can_claim(by, held, who).insist()
    keepers = list(Claim.objects.current().filter(post=held).values_list("volunteer", flat=True))
    kept = Claim.objects.current().filter(volunteer=who).order_by().count()
    rules.has_room(held, len(keepers), kept, who.pk in keepers).insist()
    row = Claim.objects.create(post=held, volunteer=who, since=localdate(at))
    record("volunteers.post_claimed", row, by=by, at=at, data={"post": held.pk})
    return row


@transaction.atomic
def reward_keepers(*, month: dt.date, by: User, at: dt.datetime) -> int:
    """Points for whoever kept a post through the whole MONTH, which is told by its first day; once a claim and month. Answers
    how many lines were written."""
    last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    given = [
        give_points(
            volunteer=row.volunteer, what=PointsFor.POST_KEPT, source=f"claim:{row.pk}:{month:%Y-%m}", day=last,
            by=by, at=at,
        )
        for row in Claim.objects.kept_through(month, last).for_list().order_by("volunteer", "pk")
    ]  # fmt: skip
    return sum(line is not None for line in given)


@transaction.atomic
def end_claim(*, claim: Claim | int, reason: str = "", by: User, at: dt.datetime) -> Claim:
    """VOLUNTEER keeps the post no longer; an organiser says why, and it is told. Raises Forbidden, Invalid, Conflict."""
    row: Claim = Claim.objects.for_list().select_related("post__grid", "volunteer__grid").locked(claim)
    rules.can_end_claim(by, row).insist()
    if not is_own(by, row.volunteer):
        fit_words(reason, "reason").insist()
    _end(row, reason, by, at)
    if not is_own(by, row.volunteer):
        words = {"title": row.post.name, "reason": row.reason}
        tell(row.volunteer.user_id, NOTICE_CLAIM_ENDED, f"claim:{row.pk}", row, at, **words)
    return row


@transaction.atomic
def end_claims(*, volunteer: int, by: User, at: dt.datetime) -> int:
    """VOLUNTEER (a key), who helps no longer or rests, keeps no post from now on; how many they were."""
    rows = list(Claim.objects.current().filter(volunteer=volunteer).order_by("pk").select_for_update(no_key=True))
    for row in rows:
        _end(row, "", by, at)
    return len(rows)


def _end(row: Claim, reason: str, by: User, at: dt.datetime) -> None:
    row.change(until=max(row.since, localdate(at)), reason=reason.strip())
    record("volunteers.claim_ended", row, by=by, at=at, data={"post": row.post_id})
