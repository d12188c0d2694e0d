"""Whether a verb is possible in the state of a file."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.files import MOVES, FileState

if TYPE_CHECKING:
    from mediation.models import Mediation


def can_move(mediation: "Mediation", move: str) -> Verdict:
    """Whether MOVE (of MOVES) fits the state of MEDIATION."""
    if mediation.state in MOVES[move]:
        return YES
    state = FileState(mediation.state).label
    return Verdict.clash(_("This can't be done with a file in the state “%(state)s”.") % {"state": state}, "state")
