"""Who may do what with a case, and what stands in the way. No writes, no clock."""

from cases.rules.catalogue import can_change_category, can_set_policy
from cases.rules.closing import can_rate, can_reopen, can_verify
from cases.rules.figures import can_freeze
from cases.rules.intake import can_accept, can_choose_tier, can_report, can_reveal, captures
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
    "can_accept",
    "can_change_category",
    "can_choose_tier",
    "can_complete",
    "can_dispatch",
    "can_freeze",
    "can_raise",
    "can_rate",
    "can_reopen",
    "can_report",
    "can_return",
    "can_reveal",
    "can_send_to",
    "can_set_policy",
    "can_sign_in",
    "can_verify",
    "can_work_on",
    "captures",
    "holds",
]
