"""The verbs of a case. Each is one transaction: lock, ask the rule, change, keep the clocks, record."""

from cases.actions.catalogue import change_category, load_catalogue, set_policy
from cases.actions.closing import close_case, rate_case, reopen_case, rework_case, verify_case
from cases.actions.folding import rebuild_figures
from cases.actions.freezing import freeze_figures
from cases.actions.intake import Report, accept_case, reject_case, report_case
from cases.actions.moving import recompute_provisional
from cases.actions.orders import (
    complete_case,
    dispatch_case,
    note_progress,
    raise_tier,
    reassign_case,
    return_case,
    sign_in_case,
)
from cases.actions.photos import add_photo
from cases.actions.privacy import reveal_reporter
from cases.actions.redrawing import follow_grid
from cases.actions.striking import strike

__all__ = [
    "Report",
    "accept_case",
    "add_photo",
    "change_category",
    "close_case",
    "complete_case",
    "dispatch_case",
    "follow_grid",
    "freeze_figures",
    "load_catalogue",
    "note_progress",
    "raise_tier",
    "rate_case",
    "reassign_case",
    "rebuild_figures",
    "recompute_provisional",
    "reject_case",
    "reopen_case",
    "report_case",
    "return_case",
    "reveal_reporter",
    "rework_case",
    "set_policy",
    "sign_in_case",
    "strike",
    "verify_case",
]
