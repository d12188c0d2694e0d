"""The verbs of a case. Each is one transaction: lock, ask the rule, change, keep the clocks, record."""

from cases.actions.asking import MOVE, ask, lapse_application, withdraw_application
from cases.actions.blurring import blur_photo, reveal_photo, unblur_photo
from cases.actions.bulk import do_in_bulk
from cases.actions.catalogue import (
    SWITCHES,
    change_category,
    load_catalogue,
    set_approval_rule,
    set_policy,
    switch_categories,
)
from cases.actions.closing import call_back, close_case, rate_case, reopen_case, rework_case, set_reply, verify_case
from cases.actions.deciding import decide
from cases.actions.folding import CHECKED, check_figures, rebuild_figures
from cases.actions.forgetting import forget_due, forget_reporter, set_reporter_expiry
from cases.actions.freezing import freeze_figures
from cases.actions.helping import call_for_help, excuse_assist, finish_assist, report_in
from cases.actions.holding import end_pause, resume_case, review_parked
from cases.actions.intake import Report, accept_case, reject_case, report_case
from cases.actions.learning import learn_suggestions
from cases.actions.matters import MatterRow, MattersImported, import_matters
from cases.actions.merging import follow_leading, merge_case, unmerge_case
from cases.actions.moving import recompute_provisional
from cases.actions.orders import complete_case, dispatch_case, note_progress, raise_tier, reassign_case, sign_in_case
from cases.actions.photos import add_photo
from cases.actions.phrasing import add_phrase, change_phrase, retire_phrase
from cases.actions.privacy import keep_confidential, look_for_phone, print_archive, reveal_reporter
from cases.actions.publishing import publish_case, unpublish_case
from cases.actions.redrawing import follow_grid, follow_heirs
from cases.actions.reporting import note_report
from cases.actions.solving import solve_at_once
from cases.actions.striking import strike
from cases.actions.supervising import answer_supervision, supervise_case, urge_case
from cases.actions.teams import change_team, end_team, form_team, hold_review

__all__ = [
    "CHECKED",
    "MOVE",
    "SWITCHES",
    "MatterRow",
    "MattersImported",
    "Report",
    "accept_case",
    "add_photo",
    "add_phrase",
    "answer_supervision",
    "ask",
    "blur_photo",
    "call_back",
    "call_for_help",
    "change_category",
    "change_phrase",
    "change_team",
    "check_figures",
    "close_case",
    "complete_case",
    "decide",
    "dispatch_case",
    "do_in_bulk",
    "end_pause",
    "end_team",
    "excuse_assist",
    "finish_assist",
    "follow_grid",
    "follow_heirs",
    "follow_leading",
    "forget_due",
    "forget_reporter",
    "form_team",
    "freeze_figures",
    "hold_review",
    "import_matters",
    "keep_confidential",
    "lapse_application",
    "learn_suggestions",
    "load_catalogue",
    "look_for_phone",
    "merge_case",
    "note_progress",
    "note_report",
    "print_archive",
    "publish_case",
    "raise_tier",
    "rate_case",
    "reassign_case",
    "rebuild_figures",
    "recompute_provisional",
    "reject_case",
    "reopen_case",
    "report_case",
    "report_in",
    "resume_case",
    "retire_phrase",
    "reveal_photo",
    "reveal_reporter",
    "review_parked",
    "rework_case",
    "set_approval_rule",
    "set_policy",
    "set_reply",
    "set_reporter_expiry",
    "sign_in_case",
    "solve_at_once",
    "strike",
    "supervise_case",
    "switch_categories",
    "unblur_photo",
    "unmerge_case",
    "unpublish_case",
    "urge_case",
    "verify_case",
    "withdraw_application",
]
