"""What the verbs of a case have in common in the admin: the table of moves stands before every rule."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from gridgov.core.errors import Verdict

May = Callable[[User, Case], Verdict]
NOT_NOW = _("Case %(no)s is “%(state)s” now; this can't be done any more, or not yet.")


def in_table(move: str, rule: May) -> May:
    """The table of moves first, then the rule."""
    return lambda by, case: case.can_move(move) and rule(by, case)


def on_case(action: Callable[..., Any]) -> Callable[..., Any]:
    """An action of a case as a verb calls it."""
    return lambda row, **given: action(case=row.pk, **given)
