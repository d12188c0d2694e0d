"""The parts of a file's page, each told by a report, shown by a template and worked by verbs of its own."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from gridgov.core.verbs import Verb
from mediation.admin import after as after_buttons
from mediation.admin import agreement as agreement_buttons
from mediation.admin import choosing, file_verbs
from mediation.admin import links as link_buttons
from mediation.admin import papers as paper_buttons
from mediation.admin import parties as party_verbs
from mediation.admin import sessions as session_verbs
from mediation.models import Mediation
from mediation.reports import after, agreement, links, mediators, papers, parties, sessions


@dataclass(frozen=True)
class Part:
    """`about(mediation, user, at)` answers the context of mediation/file/NAME.html; `buttons` are its verbs (admin_verbs.Verb)."""

    name: str
    about: Callable[[Mediation, User, dt.datetime], dict[str, Any]]
    buttons: Sequence[Verb] = ()
    aside: bool = False

    @property
    def template(self) -> str:
        return f"mediation/file/{self.name}.html"


PARTS = (
    Part("parties", parties.about, [*file_verbs.BUTTONS, *party_verbs.BUTTONS]),
    Part("sessions", sessions.about, session_verbs.BUTTONS),
    Part("agreement", agreement.about, agreement_buttons.BUTTONS),
    Part("after", after.about, after_buttons.BUTTONS),
    Part("papers", papers.about, paper_buttons.BUTTONS),
    Part("mediators", mediators.about, choosing.BUTTONS, aside=True),
    Part("links", links.about, link_buttons.BUTTONS, aside=True),
)  # fmt: skip
