"""Who may claim a governance post, and who may report a problem as a volunteer."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from volunteers.choices.people import VolunteerKind, VolunteerState
from volunteers.choices.work import MOST_POSTS
from volunteers.rules.organising import can_organise, organises
from volunteers.rules.signing_up import is_own

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Claim, GovernancePost, Volunteer


def can_claim(by: "User", post: "GovernancePost", volunteer: "Volunteer") -> Verdict:
    """Active members of new-employment groups claim posts of the own street."""
    if not is_own(by, volunteer) and not organises(by, post.grid):
        return Verdict.forbid(_("Only the volunteer and who looks after volunteers here may do this."))
    if volunteer.state != VolunteerState.ACTIVE:
        return Verdict.clash(_("Only active volunteers claim a post."), "not_active")
    if volunteer.kind != VolunteerKind.NEW_EMPLOYMENT:
        return Verdict.clash(_("Governance posts are for couriers, riders and drivers."), "other_kind")
    if volunteer.grid.tree_id != post.grid.tree_id:
        return Verdict.reject(_("This post is in another street."), code="other_street")
    return YES


def has_room(post: "GovernancePost", taken: int, held: int, already: bool) -> Verdict:
    """Whether POST, of which TAKEN places are, has one for somebody who keeps HELD posts, perhaps this one ALREADY."""
    if already:
        return Verdict.clash(_("This volunteer keeps this post already."), "claimed_already")
    if not post.is_open:
        return Verdict.clash(_("This post can't be claimed now."), "post_not_open")
    if taken >= post.places:
        return Verdict.clash(_("All places of this post are taken."), "post_full")
    if held >= MOST_POSTS:
        return Verdict.clash(_("Nobody keeps more than %(count)s posts.") % {"count": MOST_POSTS}, "posts_enough")
    return YES


def can_end_claim(by: "User", claim: "Claim") -> Verdict:
    if not is_own(by, claim.volunteer) and not organises(by, claim.post.grid):
        return Verdict.forbid(_("Only the volunteer and who looks after volunteers here may do this."))
    if claim.until is None:
        return YES
    return Verdict.clash(_("This claim has ended already."), "claim_ended")


def can_switch_post(by: "User", post: "GovernancePost", is_open: bool) -> Verdict:
    if not (may := can_organise(by, post.grid)):
        return may
    if post.is_open != is_open:
        return YES
    return Verdict.clash(_("It stands like this already."), "post_moved")


def can_find(by: "User", volunteer: "Volunteer", grid: "Grid") -> Verdict:
    """Active volunteers report problems of the own street, for themselves."""
    if not is_own(by, volunteer):
        return Verdict.forbid(_("Only volunteers themselves report here."))
    if volunteer.state != VolunteerState.ACTIVE:
        return Verdict.clash(_("Only active volunteers report here."), "not_active")
    if volunteer.grid.tree_id != grid.tree_id:
        return Verdict.reject(_("This is in another street."), field="grid")
    return YES


def fits_post(keeps: bool) -> Verdict:
    """A problem found at a post was found by who keeps it."""
    return YES if keeps else Verdict.reject(_("This is not one of your posts."), field="post")
