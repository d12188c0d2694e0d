"""A made-up file, in no table: the office tries its texts on it, for it reads no real one."""

import datetime as dt
import json
from typing import Any

from accounts.models import User
from mediation.choices.papers import TemplateKind
from mediation.models import (
    Agreement,
    Assignment,
    Attendance,
    Committee,
    FollowUp,
    Helper,
    Mediation,
    Mediator,
    Paper,
    Party,
    Session,
    Task,
)
from mediation.reports.templates import DATA, own_text
from mediation.reports.whole import Entry, File, Held, Sheet


def sample_sheet(at: dt.datetime) -> Sheet:
    """All that a template may ask for, as if it had happened around AT."""
    said: dict[str, Any] = json.loads((DATA / "sample.json").read_text(encoding="utf-8"))
    user, day = User(full_name=said["user"]), at.date()
    mediators = [Mediator(name=name) for name in said["mediators"]]
    moments = dict.fromkeys(("applied_at", "accepted_at", "due_at", "ended_at", "informed_at", "filed_at"), at)
    mediation = Mediation(**said["file"], **moments, committee=Committee(**said["committee"]), filed_by=user)
    parties = [Party(**one, mediation=mediation, consented_at=at, told_at=at) for one in said["parties"]]
    helpers = [Helper(name=name) for name in said["helpers"]]
    there = [
        *(Attendance(party=party, came=place < 2) for place, party in enumerate(parties)),
        *(Attendance(helper=helper, came=True, on_panel=place > 0) for place, helper in enumerate(helpers)),
    ]
    session = Session(**said["session"], starts_at=at, ends_at=at + dt.timedelta(hours=2), recorded_by=user)
    file = File(
        mediation=mediation,
        texts={kind: own_text(kind) for kind in TemplateKind.values},
        agreement=Agreement(**said["agreement"], deadline=day, written_at=at, effective_on=day, confirm_by=day),
        parties=parties,
        assignments=[Assignment(mediator=one, is_lead=one is mediators[0]) for one in mediators],
        helpers=helpers,
        sessions=[Held(session, mediators, there)],
        signatures=[],
        tasks=[Task(party=parties[1], what=said["task"], due_on=day)],
        follow_ups=[FollowUp(**said["follow_up"], on=day, visitor=user)],
        papers=[Paper(**said["paper"], struck_at=at)],
    )
    contents = [Entry(title, page) for page, title in enumerate(said["entries"], 1)]
    return Sheet(file, at, file.sessions[0], contents=contents, pages=len(contents))
