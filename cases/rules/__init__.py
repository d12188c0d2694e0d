"""Who may do what with a case, and what stands in the way. No writes, no clock."""

from cases.rules.catalogue import can_change_category, can_set_policy
from cases.rules.closing import (
    REPLY_CHARS,
    can_call_back,
    can_rate,
    can_reopen,
    can_reply,
    can_verify,
    fit_to_publish,
    handled,
    owes_answer,
    rated_before,
    rating_in_time,
    reopening_in_time,
)
from cases.rules.intake import can_accept, can_choose_tier, can_report, can_reveal, captures
from cases.rules.merging import can_lead, can_merge, can_unmerge
from cases.rules.orders import (
    can_complete,
    can_dispatch,
    can_raise,
    can_return,
    can_send_to,
    can_sign_in,
    can_work_on,
    holds,
)

__all__ = [
    "REPLY_CHARS",
    "can_accept",
    "can_call_back",
    "can_change_category",
    "can_choose_tier",
    "can_complete",
    "can_dispatch",
    "can_lead",
    "can_merge",
    "can_raise",
    "can_rate",
    "can_reopen",
    "can_reply",
    "can_report",
    "can_return",
    "can_reveal",
    "can_send_to",
    "can_set_policy",
    "can_sign_in",
    "can_unmerge",
    "can_verify",
    "can_work_on",
    "captures",
    "fit_to_publish",
    "handled",
    "holds",
    "owes_answer",
    "rated_before",
    "rating_in_time",
    "reopening_in_time",
]
