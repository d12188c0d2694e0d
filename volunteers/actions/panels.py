"""A panel: opened, seated, scoring, closed with its result."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.telling import tell
from volunteers.choices.honours import MOST_CANDIDATES, MOST_SEATS, NOTICE_SEATED, WEIGHTS, PanelState, Part
from volunteers.models import Candidate, Panel, Score, Seat, Volunteer
from volunteers.reports.feedback import residents_of
from volunteers.reports.panels import missing_of, near_of, reckon, seat_of
from volunteers.rules import panels as rules
from volunteers.rules.organising import can_organise


@transaction.atomic
def open_panel(
    *, grid: Grid, title: str, first: dt.date, last: dt.date, weights: Mapping[str, int] | None = None, by: User, at: dt.datetime
) -> Panel:  # fmt: skip
    """Open a panel about the time from FIRST to LAST. WEIGHTS in percent, the house's own without. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    rules.check_panel(title, first, last, localdate(at)).insist()
    weighed = {str(what): weight for what, weight in (weights or WEIGHTS).items()}
    rules.check_weights(weighed).insist()
    said = {"title": title.strip(), "first": first, "last": last, "weights": weighed}
    row = Panel.objects.create(grid=grid, **said, made_by=by, made_at=at)
    record("volunteers.panel_opened", row, by=by, at=at, data={"title": row.title, "weights": weighed})
    return row


@transaction.atomic
def seat_member(*, panel: Panel | int, user: User, part: str, by: User, at: dt.datetime) -> Seat:
    """Let USER sit on the panel as PART, and tell so. Raises Forbidden, Invalid, Conflict."""
    row = _held(panel, by)
    rules.can_change(by, row).insist()
    rules.can_sit(user).insist()
    if part not in Part.values:
        raise Invalid(_("There is no such part."), field="part")
    if seat_of(user, row) is not None:
        raise Conflict(_("This account sits on the panel already."), code="seated")
    if len(row.seats.all()) >= MOST_SEATS:
        raise Conflict(_("At most %(count)s seats.") % {"count": MOST_SEATS}, code="too_many")
    seat = Seat.objects.create(panel=row, user=user, part=part)
    record("volunteers.seat_given", row, by=by, at=at, data={"user": user.pk, "part": part})
    tell(user.pk, NOTICE_SEATED, f"seat:{seat.pk}", row, at, name=row.title)
    return seat


@transaction.atomic
def leave_out(*, panel: Panel | int, user: User, by: User, at: dt.datetime) -> Panel:
    """Take the seat of somebody who can't come, as long as it has not scored. Raises Forbidden, Conflict, Invalid."""
    row = _held(panel, by)
    rules.can_change(by, row).insist()
    seat = seat_of(user, row)
    if seat is None:
        raise Invalid(_("This account doesn't sit on the panel."), field="user")
    rules.can_leave_out(len(seat.scores.all())).insist()
    seat.delete()
    record("volunteers.seat_taken", row, by=by, at=at, data={"user": user.pk})
    return row


@transaction.atomic
def put_forward(*, panel: Panel | int, volunteers: Sequence[Volunteer], by: User, at: dt.datetime) -> list[Candidate]:
    """Put VOLUNTEERS forward; who is put forward already stays as they are. Raises Forbidden, Invalid, Conflict."""
    row = _held(panel, by)
    rules.can_change(by, row).insist()
    known = {one.volunteer_id for one in row.candidates.all()}
    new = [one for one in dict.fromkeys(volunteers) if one.pk not in known]
    for volunteer in new:
        rules.can_stand(volunteer, row.grid).insist()
    if len(known) + len(new) > MOST_CANDIDATES:
        raise Conflict(_("At most %(count)s candidates.") % {"count": MOST_CANDIDATES}, code="too_many")
    made = Candidate.objects.bulk_create(Candidate(panel=row, volunteer=volunteer) for volunteer in new)
    if made:
        told = {"volunteers": [one.volunteer_id for one in made]}
        record("volunteers.candidates_put_forward", row, by=by, at=at, data=told)
    return made


@transaction.atomic
def score_candidate(
    *, panel: Panel | int, candidate: int, points: int | None, words: str = "", by: User, at: dt.datetime
) -> Score:
    """Give CANDIDATE (the key) POINTS from one's seat, or none: step back. Until the panel closes it can be given anew.

    Raises Forbidden for who doesn't sit there; Conflict where the panel is closed or one is too near to the candidate.
    """
    row = _held(panel, by)
    seat = seat_of(by, row)
    rules.can_score(by, row, seat).insist()
    rules.check_score(points, words).insist()
    chosen = next((one for one in row.candidates.all() if one.pk == candidate), None)
    if chosen is None or seat is None:
        raise Invalid(_("This volunteer is no candidate here."), field="candidate")
    if points is not None:
        rules.is_not_near(near_of(row).get((by.pk, chosen.pk))).insist()
    given: dict[str, Any] = {"points": points, "words": words.strip(), "at": at}
    score, _made = Score.objects.update_or_create(seat=seat, candidate=chosen, defaults=given)
    told = {"candidate": chosen.pk, "points": points}
    record("volunteers.stepped_back" if points is None else "volunteers.scored", row, by=by, at=at, data=told)
    return score


@transaction.atomic
def close_panel(*, panel: Panel | int, by: User, at: dt.datetime) -> Panel:
    """Write down what residents said and the result of each candidate. Raises Forbidden, and Conflict while scores are missing."""
    row = _held(panel, by)
    candidates = list(row.candidates.all())
    missing = sum(len(rows) for rows in missing_of(row).values())
    residents = residents_of([one.volunteer_id for one in candidates], row.first, row.last)
    found = reckon(row, residents)
    silent = sum(one.result is None for one in found.values())
    rules.can_close(by, row, candidates=len(candidates), missing=missing, silent=silent).insist()
    for one in candidates:
        voices, said = residents.get(one.volunteer_id, (0, None))
        one.change(residents=said, voices=voices, result=found[one.pk].result)
    row.change(state=PanelState.CLOSED, closed_at=at)
    record("volunteers.panel_closed", row, by=by, at=at, data={"results": {one.pk: one.result for one in candidates}})
    return row


def _held(panel: Panel | int, by: User) -> Panel:
    """The panel that BY sees, held, with its seats, scores and candidates."""
    pk = panel if isinstance(panel, int) else panel.pk
    Panel.objects.visible_to(by).locked(pk)
    row: Panel = Panel.objects.for_detail().get(pk=pk)
    return row
