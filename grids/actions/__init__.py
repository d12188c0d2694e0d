"""Every verb of the map. Other rooms call these names; how they are spread over files is this package's business."""

from grids.actions.announcing import announce, withdraw_announcement
from grids.actions.bindings import BindRow, bind_specialist, bulk_bind, end_binding
from grids.actions.borders import clear_border, set_border
from grids.actions.cards import issue_card, issue_cards, revoke_card
from grids.actions.chains import PartyRow, bulk_party
from grids.actions.clients import open_client, place_client
from grids.actions.disclosures import disclose_post, set_public_page
from grids.actions.duties import add_duty, change_duty, end_duty
from grids.actions.first_steps import tick_first_step
from grids.actions.founding import GridRow, bulk_found
from grids.actions.grids import change_grid, found_grid, move_grid, retire_grid, revive_grid
from grids.actions.groups import add_group, end_group, renew_group
from grids.actions.households import suggest_households
from grids.actions.imports import Imported, import_grids
from grids.actions.party import change_party_org, cover_grids, found_party_org, retire_party_org
from grids.actions.post_lists import PostChange, Posted, PostLine, import_posts
from grids.actions.posts import end_post, give_post, hand_over_post
from grids.actions.redrawing import Part, carry_out, merge_grids, split_grid, withdraw_redrawing
from grids.actions.rosters import BindingLine, Bound, import_bindings
from grids.actions.rows import BadRows, RowFault
from grids.actions.staffing import PostRow, bulk_post
from grids.actions.tree import mend_tree, tree_write
from grids.actions.units import change_unit, register_unit

__all__ = [
    "BadRows",
    "BindRow",
    "BindingLine",
    "Bound",
    "GridRow",
    "Imported",
    "Part",
    "PartyRow",
    "PostChange",
    "PostLine",
    "PostRow",
    "Posted",
    "RowFault",
    "add_duty",
    "add_group",
    "announce",
    "bind_specialist",
    "bulk_bind",
    "bulk_found",
    "bulk_party",
    "bulk_post",
    "carry_out",
    "change_duty",
    "change_grid",
    "change_party_org",
    "change_unit",
    "clear_border",
    "cover_grids",
    "disclose_post",
    "end_binding",
    "end_duty",
    "end_group",
    "end_post",
    "found_grid",
    "found_party_org",
    "give_post",
    "hand_over_post",
    "import_bindings",
    "import_grids",
    "import_posts",
    "issue_card",
    "issue_cards",
    "mend_tree",
    "merge_grids",
    "move_grid",
    "open_client",
    "place_client",
    "register_unit",
    "renew_group",
    "retire_grid",
    "retire_party_org",
    "revive_grid",
    "revoke_card",
    "set_border",
    "set_public_page",
    "split_grid",
    "suggest_households",
    "tick_first_step",
    "tree_write",
    "withdraw_announcement",
    "withdraw_redrawing",
]
