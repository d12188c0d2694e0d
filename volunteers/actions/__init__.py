"""The verbs of volunteering."""

from volunteers.actions.appeals import answer_appeal, appeal_hours
from volunteers.actions.attending import check_in, check_in_all, check_out, miss_shift
from volunteers.actions.exchanging import (
    cancel_exchange,
    exchange_points,
    hand_over,
    hand_over_by_code,
    return_uncollected,
)
from volunteers.actions.findings import adopt_finding, report_finding
from volunteers.actions.hours import book_hours, correct_hours, look_over_hours
from volunteers.actions.importing import VolunteerLine, import_volunteers
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
from volunteers.actions.points import expire_points, give_points, take_back_points
from volunteers.actions.posts import claim_post, end_claim, make_post, reward_keepers, switch_post
from volunteers.actions.privacy import forget_due, forget_volunteer, reveal_volunteer
from volunteers.actions.profiles import change_profile, correct_volunteer, give_password, note_training
from volunteers.actions.projects import cancel_project, change_project, end_project, make_project, open_project
from volunteers.actions.putting_down import put_down
from volunteers.actions.rules import drop_points_rule, set_points_rule
from volunteers.actions.shifts import cancel_shift, change_shift, close_shift, plan_shifts
from volunteers.actions.signing_up import cancel_sign_up, sign_up, step_back
from volunteers.actions.squads import add_members, change_squad, end_squad, form_squad, remove_member
from volunteers.actions.stations import add_good, add_station, change_good, change_station, restock_good

__all__ = [
    "Offer",
    "Person",
    "VolunteerLine",
    "add_good",
    "add_members",
    "add_station",
    "adopt_finding",
    "answer_appeal",
    "appeal_hours",
    "apply_as_volunteer",
    "book_hours",
    "cancel_exchange",
    "cancel_project",
    "cancel_shift",
    "cancel_sign_up",
    "change_good",
    "change_profile",
    "change_project",
    "change_shift",
    "change_squad",
    "change_station",
    "check_in",
    "check_in_all",
    "check_out",
    "claim_post",
    "close_shift",
    "correct_hours",
    "correct_volunteer",
    "drop_need",
    "drop_points_rule",
    "end_claim",
    "end_project",
    "end_squad",
    "enter_need",
    "exchange_points",
    "expire_points",
    "forget_due",
    "forget_volunteer",
    "form_squad",
    "give_password",
    "give_points",
    "hand_over",
    "hand_over_by_code",
    "import_volunteers",
    "leave_volunteering",
    "look_over_hours",
    "make_post",
    "make_project",
    "meet_need",
    "miss_shift",
    "note_training",
    "open_project",
    "pause_volunteer",
    "plan_shifts",
    "put_down",
    "remove_member",
    "reopen_need",
    "report_finding",
    "restock_good",
    "resume_volunteer",
    "return_uncollected",
    "reveal_volunteer",
    "review_volunteer",
    "reward_keepers",
    "set_points_rule",
    "sign_up",
    "step_back",
    "switch_post",
    "take_back_points",
    "take_up_again",
    "take_up_need",
]
