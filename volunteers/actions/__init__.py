"""The verbs of volunteering."""

from volunteers.actions.attending import check_in, check_out, miss_shift
from volunteers.actions.findings import report_finding
from volunteers.actions.hours import book_hours
from volunteers.actions.needs import drop_need, enter_need, meet_need, reopen_need, take_up_need
from volunteers.actions.people import (
    Offer,
    Person,
    apply_as_volunteer,
    leave_volunteering,
    pause_volunteer,
    resume_volunteer,
    review_volunteer,
    take_up_again,
)
from volunteers.actions.points import give_points
from volunteers.actions.posts import claim_post, end_claim, make_post, switch_post
from volunteers.actions.projects import cancel_project, change_project, end_project, make_project, open_project
from volunteers.actions.shifts import cancel_shift, change_shift, plan_shifts
from volunteers.actions.signing_up import cancel_sign_up, sign_up

__all__ = [
    "Offer",
    "Person",
    "apply_as_volunteer",
    "book_hours",
    "cancel_project",
    "cancel_shift",
    "cancel_sign_up",
    "change_project",
    "change_shift",
    "check_in",
    "check_out",
    "claim_post",
    "drop_need",
    "end_claim",
    "end_project",
    "enter_need",
    "give_points",
    "leave_volunteering",
    "make_post",
    "make_project",
    "meet_need",
    "miss_shift",
    "open_project",
    "pause_volunteer",
    "plan_shifts",
    "reopen_need",
    "report_finding",
    "resume_volunteer",
    "review_volunteer",
    "sign_up",
    "switch_post",
    "take_up_again",
    "take_up_need",
]
