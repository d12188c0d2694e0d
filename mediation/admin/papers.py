"""Papers of a file at the desk: brought in, struck out, and the volume exported."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import YES, Verdict
from gridgov.core.verbs import Verb
from mediation.actions.papers import add_paper, strike_paper
from mediation.actions.volume import ask_volume
from mediation.choices.files import MOVES
from mediation.forms.papers import PaperForm, StrikeForm, VolumeForm
from mediation.models import Mediation


def _may_change(by: User, row: Mediation) -> Verdict:
    if row.state in MOVES["paper"]:
        return YES
    return Verdict.clash(_("The volume is closed: nothing comes in, nothing is struck out."), "state")


def _add(row: Mediation, **given: Any) -> Any:
    return add_paper(mediation=row, **given)


def _strike(row: Mediation, *, paper: int, reason: str, by: User, at: dt.datetime) -> Any:
    return strike_paper(paper=paper, reason=reason, by=by, at=at)


def _export(row: Mediation, **given: Any) -> Any:
    return ask_volume(mediation=row, **given)


BUTTONS = (
    Verb("add_paper", _("Add a paper"), _add, PaperForm, may=_may_change, icon="attach_file", menu=_("Papers")),
    Verb("strike_paper", _("Strike a paper out"), _strike, StrikeForm, may=_may_change, icon="block", beside=True, danger=True,
         hint=_("It leaves the volume, but stays to be looked at with its reason.")),
    Verb("volume", _("Export the volume"), _export, VolumeForm, icon="picture_as_pdf", menu=_("Papers"),
         done=_("The volume is being printed; it appears under “Papers” in some seconds."),
         hint=_("One file, with your name across each page. The export is recorded.")),
)  # fmt: skip
