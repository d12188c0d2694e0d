"""After the agreement, at the desk: performance, follow-ups, the court, and the volume."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from mediation.actions.confirming import ask_court, note_ruling
from mediation.actions.filing import file_volume
from mediation.actions.following import follow_up
from mediation.actions.performing import note_performance
from mediation.forms.deeds import AskCourtForm, FileVolumeForm, FollowUpForm, PerformanceForm, RulingForm
from mediation.models import Mediation
from mediation.rules.files import can_now
from mediation.rules.performing import can_ask, can_note, can_rule


def _perform(row: Mediation, **given: Any) -> Any:
    return note_performance(mediation=row, **given)


def _follow_up(row: Mediation, **given: Any) -> Any:
    return follow_up(mediation=row, **given)


def _ask_court(row: Mediation, **given: Any) -> Any:
    return ask_court(mediation=row, **given)


def _rule(row: Mediation, **given: Any) -> Any:
    return note_ruling(mediation=row, **given)


def _file(row: Mediation, **given: Any) -> Any:
    return file_volume(mediation=row, **given)


def _may_perform(by: User, row: Mediation) -> Verdict:
    return can_now(row, "perform") and can_note(has_items=row.tasks.exists())


def _may_ask(by: User, row: Mediation) -> Verdict:
    return can_now(row, "confirm") and can_ask(getattr(row, "agreement", None))


def _may_rule(by: User, row: Mediation) -> Verdict:
    return can_now(row, "confirm") and can_rule(getattr(row, "agreement", None))


BUTTONS = (
    Verb("perform", _("Note the performance"), _perform, PerformanceForm, _may_perform, icon="task_alt"),
    Verb("follow_up", _("Follow up"), _follow_up, FollowUpForm, lambda by, row: can_now(row, "follow_up"), icon="call"),
    Verb("ask_court", _("The court was asked to confirm"), _ask_court, AskCourtForm, _may_ask, icon="account_balance",
         hint=_("Both parties ask together, within thirty days from the day on which the agreement took effect.")),
    Verb("ruling", _("The court answered"), _rule, RulingForm, _may_rule, icon="gavel"),
    Verb("file", _("File the volume"), _file, FileVolumeForm, lambda by, row: can_now(row, "file"), icon="inventory",
         hint=_("Nothing is changed in a volume that is filed.")),
)  # fmt: skip
