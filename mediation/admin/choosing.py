"""The verbs by which mediators come to a file and leave it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from mediation import actions
from mediation.forms import choosing as forms
from mediation.models import Mediation
from mediation.rules.files import can_now


def _possible(move: str, somebody: bool = False) -> Callable[[User, Mediation], Verdict]:
    """Whether MOVE is possible as the file stands, and SOMEBODY mediates in it where that is needed."""

    def may(by: User, row: Mediation) -> Verdict:
        verdict = can_now(row, move)
        if verdict and somebody and not any(one.until is None for one in row.assignments.all()):
            return Verdict.clash(_("Nobody mediates here yet."), "nobody")
        return verdict

    return may


def _assign(row: Mediation, **given: Any) -> Any:
    return actions.assign(mediation=row, **given)


def _accept(row: Mediation, **given: Any) -> Any:
    return actions.accept_mediator(**given)


def _release(row: Mediation, **given: Any) -> Any:
    return actions.release(**given)


def _conflict(row: Mediation, **given: Any) -> Any:
    return actions.say_conflict(mediation=row, **given)


_MEDIATORS = _("Mediators")
BUTTONS = (
    Verb("assign", _("Name a mediator"), _assign, forms.AssignForm, _possible("assign"), icon="person_add", menu=_MEDIATORS,
         done=_("Mediates here from now on, and reads the file."),
         hint=_("The committee names mediators, or the parties choose them (People's Mediation Law, art. 19).")),
    Verb("accept-mediator", _("A party accepts a mediator"), _accept, forms.AcceptForm, _possible("assign", True), icon="thumb_up",
         menu=_MEDIATORS, done=_("It is noted.")),
    Verb("conflict", _("Note a tie to a party"), _conflict, forms.ConflictForm, _possible("conflict"), icon="link_off",
         menu=_MEDIATORS, done=_("Whoever has this tie doesn't mediate here."),
         hint=_("A mediator favours no party (People's Mediation Law, art. 15): who has a tie leaves the file at once.")),
    Verb("release", _("Release a mediator"), _release, forms.ReleaseForm, _possible("release", True), icon="person_remove",
         menu=_MEDIATORS, danger=True, done=_("Mediates here no more, and reads the file no more.")),
)  # fmt: skip
