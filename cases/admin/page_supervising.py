"""The part of a case's page that shows its supervision and its cards."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.choices import Clock, Light
from cases.models import Case, Deadline, Supervision
from cases.reports import time_words


@dataclass(frozen=True)
class SupervisionView:
    """A supervision and how its clock stands, in a word and a colour."""

    row: Supervision
    looks: str
    words: str


def supervising_part(case: Case, at: dt.datetime) -> dict[str, Any]:
    """The context of cases/parts/supervising.html, of what the page has read already."""
    clocks = {row.supervision_id: row for row in case.deadlines.all() if row.clock == Clock.REPLY}
    views = [_view(row, clocks.get(row.pk), at) for row in case.supervisions.all()]
    return {"supervisions": views, "cards": list(case.cards.all()) if case.card else []}


def _view(row: Supervision, clock: Deadline | None, at: dt.datetime) -> SupervisionView:
    if row.replied_at is not None:
        late = clock is not None and row.replied_at > clock.due_at
        return SupervisionView(
            row, Light.LATE if late else Light.DONE, _("answered late") if late else _("answered in time")
        )
    if row.superseded_at is not None:
        return SupervisionView(row, Light.DONE, _("laid down"))
    late, length = at > row.reply_due, time_words.span(row.reply_due - at)
    words = _("%(time)s over") if late else _("%(time)s left")
    return SupervisionView(row, Light.LATE if late else Light.NEAR, words % {"time": length})
