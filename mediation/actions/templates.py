"""The office writes the text of a paper anew; the ones before stay to be looked at."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from grids.queries import scope_of
from mediation.choices.papers import TemplateKind
from mediation.models import Template
from mediation.reports.parts import parts
from mediation.reports.templates import places
from mediation.rules.templates import can_be_template, can_write_templates


@transaction.atomic
def write_template(*, street: Grid | int, kind: str, body: str, by: User, at: dt.datetime) -> Template:
    """Let BODY be the text of papers of KIND in STREET from now on. Raises Forbidden, Invalid at the field `body`."""
    held: Grid = Grid.objects.locked(street)
    can_write_templates(by, scope_of(by, localdate(at)), held).insist()
    text = "\n".join(line.rstrip() for line in body.strip().splitlines())
    can_be_template(text, places(), parts()).insist()
    row = Template.objects.create(street=held, kind=TemplateKind(kind), body=text, by=by, at=at)
    record("mediation.template_written", row, by=by, at=at, data={"kind": row.kind})
    return row
