"""Who may do what with a case, and what stands in the way. No writes, no clock."""

from cases.rules.asking import (
    BY_HOLDERS,
    can_ask,
    can_ask_again,
    can_decide,
    can_resume,
    can_review,
    can_set_approval_rule,
    can_withdraw,
    in_time,
    level_for,
    level_of,
)
from cases.rules.catalogue import can_change_category, can_set_policy
from cases.rules.closing import can_rate, can_reopen, can_verify
from cases.rules.helping import assists_done, can_be_called, can_call, can_excuse, can_finish, can_report_in
from cases.rules.intake import can_accept, can_choose_tier, can_report, can_reveal, captures
from cases.rules.orders import can_complete, can_dispatch, can_raise, can_send_to, can_sign_in, can_work_on, holds
from cases.rules.teams import MOST_MEMBERS, can_be_in_team, can_form_team, can_hold_review, can_run_team, days_ahead

__all__ = [
    "BY_HOLDERS",
    "MOST_MEMBERS",
    "assists_done",
    "can_accept",
    "can_ask",
    "can_ask_again",
    "can_be_called",
    "can_be_in_team",
    "can_call",
    "can_change_category",
    "can_choose_tier",
    "can_complete",
    "can_decide",
    "can_dispatch",
    "can_excuse",
    "can_finish",
    "can_form_team",
    "can_hold_review",
    "can_raise",
    "can_rate",
    "can_reopen",
    "can_report",
    "can_report_in",
    "can_resume",
    "can_reveal",
    "can_review",
    "can_run_team",
    "can_send_to",
    "can_set_approval_rule",
    "can_set_policy",
    "can_sign_in",
    "can_verify",
    "can_withdraw",
    "can_work_on",
    "captures",
    "days_ahead",
    "holds",
    "in_time",
    "level_for",
    "level_of",
]
