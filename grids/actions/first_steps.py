"""What a new street says of its own beginning: this step is looked at, the list may go."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import Subject, record
from grids import rules
from grids.choices import FIRST_STEPS
from grids.models import Grid
from grids.queries import scope_of

# What the records are about; each step stands as the last of them says.
SUBJECT = "grids.first_steps"


@transaction.atomic
def tick_first_step(*, street: Grid, step: str, done: bool, by: User, at: dt.datetime) -> None:
    """Say that STEP of beginning with STREET is done, or is not: what no figure can tell. Step "all" puts the list away."""
    if step not in FIRST_STEPS:
        raise Invalid(_("There is no such step."), field="step")
    street = Grid.objects.locked(street)
    rules.can_tend(by, scope_of(by, timezone.localdate(at)), street).insist()
    subject = Subject(SUBJECT, street.pk, street.code)
    record("grids.first_step_ticked", subject, by=by, at=at, data={"step": step, "done": done})
