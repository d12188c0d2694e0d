"""What the verbs of a case have in common in the admin: the table of moves stands before every rule."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import MOVES
from cases.models import Case
from gridgov.core.errors import Verdict

May = Callable[[User, Case], Verdict]
NOT_NOW = _("Case %(no)s is “%(state)s” now; this can't be done any more, or not yet.")


def in_table(move: str, rule: May) -> May:
    """The table of moves first, then the rule."""

    def may(by: User, case: Case) -> Verdict:
        if case.state not in MOVES[move][0]:
            return Verdict.clash(NOT_NOW % {"no": case.no, "state": case.get_state_display()}, "illegal_move")
        return rule(by, case)

    return may
