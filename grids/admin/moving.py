"""Moving a grid under another one: the verb, and the tree on the list where it is dragged."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.questions import work_on
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.choices import CHILDREN, GridKind
from grids.forms.desk import MoveForm
from grids.models import Grid, Post
from grids.queries import scope_of

BESIDE = "grids/move_along.html"


def _may_move(by: User, grid: Grid) -> Verdict:
    if grid.parent_id is None:
        return Verdict.reject(_("A street stands under nothing."))
    if grid.valid_to is not None:
        return Verdict.clash(_("This grid is retired."))
    return rules.can_tend(by, scope_of(by), grid)


def _move(row: Grid, **given: Any) -> Grid:
    return actions.move_grid(grid=row, **given)


MOVE = Verb(
    "move",
    _("Move"),
    _move,
    MoveForm,
    may=_may_move,
    done=_("Moved. Open cases follow within seconds."),
    hint=_("The grid goes with all below it to another one of its street; its code stays."),
    icon="drive_file_move",
)


def goes_along(request: HttpRequest, grid: Grid) -> dict[str, Any]:
    """How much moves with GRID, for the dialog."""
    keys = list(Grid.objects.under(grid).order_by().values_list("pk", flat=True))
    work = sum(len(found) for found in work_on.ask(request.user, keys))
    posts = Post.objects.filter(grid__in=keys, valid_to=None).count()
    return {"beside": BESIDE, "grids": len(keys) - 1, "posts": posts, "work": work}


def tree_context() -> dict[str, Any]:
    """What static/grids/tree.js wants to know: under which kinds a kind stands, and how that is said."""
    above = {
        str(kind): [str(parent) for parent in GridKind if kind in CHILDREN[parent]]
        for kind in GridKind
        if kind != "street"
    }
    said = {
        kind: _t("A %(kind)s stands under: %(kinds)s.")
        % {"kind": GridKind(kind).label, "kinds": "、".join(str(GridKind(parent).label) for parent in parents)}
        for kind, parents in above.items()
    }
    return {"tree": {"above": above, "said": said, "street": _t("A grid moves within its street only.")}}


def tree_cell(grid: Grid) -> SafeString:
    """The name of GRID as the list shows it, with what the script has to know of its place."""
    words = '<span class="gg-tree" data-grid="{}" data-kind="{}" data-level="{}" data-parent="{}" data-tree="{}" data-below="{}">{}</span>'
    below = (grid.rght - grid.lft - 1) // 2
    return format_html(words, grid.pk, grid.kind, grid.level, grid.parent_id or "", grid.tree_id, below, grid.name)
