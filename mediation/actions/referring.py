"""A case whose matter is a dispute is handed over to a committee. Whoever hands it over does not read the file."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.taking import take
from cases.models import Case, Reporter
from gridgov.core.errors import Forbidden
from mediation.actions.files import open_file
from mediation.actions.parties import PartyData
from mediation.choices.files import NAME_CHARS, PartyRole, Source
from mediation.models import Mediation


@transaction.atomic
def refer_case(
    *, case: Case | int, committee: int, kind: str, facts: str, people: int = 2, with_reporter: bool = False, respondent: str = "",
    by: User, at: dt.datetime,
) -> Mediation:  # fmt: skip
    """Hand CASE over to COMMITTEE; its clock stands still once the committee accepts. WITH_REPORTER, who has agreed to it, names
    the reporter as the applicant: never a confidential one. Raises Forbidden, Invalid, Conflict."""
    held = take(case, by)
    parties = []
    if with_reporter:
        reporter = Reporter.objects.filter(case=held).first()
        if reporter is None or reporter.confidential or not reporter.name:
            raise Forbidden(_("This reporter is not named to anybody."))
        parties.append(PartyData(role=PartyRole.APPLICANT, name=reporter.name, phone=reporter.phone))
    if respondent.strip():
        parties.append(PartyData(role=PartyRole.RESPONDENT, name=respondent.strip()))
    return open_file(
        committee=committee, kind=kind, source=Source.CASE, title=held.title[:NAME_CHARS], facts=facts, parties=parties, place=held.place,
        people=people, case=held, by=by, at=at,
    )  # fmt: skip
