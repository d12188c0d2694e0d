"""Who forms a special team, who is in it, who speaks for it."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, LEADS, Role
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Team, TeamReview

MOST_MEMBERS = 30
MOST_REVIEWS = 24


def can_form_team(by: "User") -> Verdict:
    """One matter, one policy, one team (seed 004) is for those who can bring several parties together."""
    if by.role in {Role.TOTAL_LEAD, Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Special teams are formed by total-grid leads and the street office."))


def can_be_in_team(user: "User", seeing: set[int]) -> Verdict:
    """Members work with cases. Units and workers get to see the case by being in the team; leads and street staff must
    be among those SEEING it by their posts."""
    if not user.is_active or user.role not in CASE_ROLES:
        return Verdict.reject(_("%(name)s does not work with cases.") % {"name": user}, field="members")
    if user.role in LEADS | {Role.STREET} and user.pk not in seeing:
        return Verdict.reject(
            _("%(name)s leads other ground and does not see this case.") % {"name": user}, field="members"
        )
    return YES


def can_run_team(by: "User", team: "Team") -> Verdict:
    """Changing it, noting its reviews, ending it: by its lead, or by those who form teams; while it is open."""
    if by.pk != team.lead_id and not can_form_team(by):
        return Verdict.forbid(_("A special team is run by its lead and by those who form such teams."))
    if team.ended_at is not None:
        return Verdict.clash(_("This special team has ended."), "team_ended")
    return YES


def can_hold_review(by: "User", review: "TeamReview") -> Verdict:
    verdict = can_run_team(by, review.team)
    if verdict and review.held_at is not None:
        return Verdict.clash(_("This review is noted already."), "review_held")
    return verdict


def days_ahead(days: list[dt.date], taken: set[dt.date], today: dt.date) -> Verdict:
    """Review DAYS lie ahead of TODAY or are today, each once and not TAKEN yet."""
    if any(day < today for day in days):
        return Verdict.reject(_("A review day can't lie in the past."), field="review_days")
    if len(set(days)) < len(days) or taken & set(days):
        return Verdict.reject(_("Each review day is named once."), field="review_days")
    if len(taken) + len(days) > MOST_REVIEWS:
        return Verdict.reject(_("At most %(count)s review days.") % {"count": MOST_REVIEWS}, field="review_days")
    return YES
