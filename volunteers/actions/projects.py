"""Projects: made, changed, opened, ended and cancelled."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.shifts import call_off
from volunteers.choices.work import NeedState, ProjectKind, ProjectState
from volunteers.models import Need, Project, Shift
from volunteers.rules import projects as rules
from volunteers.rules.organising import can_organise


@transaction.atomic
def make_project(
    *,
    grid: Grid,
    title: str,
    kind: str = ProjectKind.SERVICE,
    about: str = "",
    organiser: User | None = None,
    skills: Sequence[str] = (),
    least_age: int = 0,
    is_dangerous: bool = False,
    is_public: bool = True,
    by: User,
    at: dt.datetime,
) -> Project:
    """Draft a project on GRID; ORGANISER answers for it, BY where nobody else is named. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    given: dict[str, Any] = {
        "title": title.strip(),
        "about": about.strip(),
        "skills": sorted(skills),
        "least_age": least_age,
    }
    _fit(grid, organiser or by, **given)
    row = Project.objects.create(
        grid=grid, kind=kind, organiser=organiser or by, is_dangerous=is_dangerous, is_public=is_public, made_by=by,
        made_at=at, **given,
    )  # fmt: skip
    record("volunteers.project_made", row, by=by, at=at, data={"title": row.title, "kind": kind})
    return row


def _fit(grid: Grid, organiser: User, *, title: str, about: str, skills: Sequence[str], least_age: int) -> None:
    rules.fit_words(title, "title").insist()
    if about:
        rules.fit_words(about, "about").insist()
    rules.fit_skills(skills).insist()
    rules.fit_age(least_age).insist()
    rules.can_answer_for(organiser, grid).insist()


@transaction.atomic
def change_project(*, project: Project | int, by: User, at: dt.datetime, **values: Any) -> Project:
    """Change what is said of a project (title, about, organiser, skills, least_age, is_dangerous, is_public).

    Who signed up already stays. Raises Forbidden, Invalid, Conflict where the project is over.
    """
    row: Project = Project.objects.for_list().locked(project)
    rules.can_change_project(by, row).insist()
    if "skills" in values:
        values["skills"] = sorted(values["skills"])
    new = {name: values.get(name, getattr(row, name)) for name in ("title", "about", "skills", "least_age")}
    _fit(row.grid, values.get("organiser", row.organiser), **new)
    changed = row.change(**values)
    record("volunteers.project_changed", row, by=by, at=at, data=changed)
    return row


@transaction.atomic
def open_project(*, project: Project | int, by: User, at: dt.datetime) -> Project:
    """From now on volunteers see it and sign up. Raises Forbidden, Conflict."""
    row: Project = Project.objects.for_list().locked(project)
    rules.can_move_project(by, row, ProjectState.OPEN).insist()
    row.change(state=ProjectState.OPEN, opened_at=at)
    record("volunteers.project_opened", row, by=by, at=at)
    return row


@transaction.atomic
def end_project(*, project: Project | int, by: User, at: dt.datetime) -> Project:
    """It is done. Raises Forbidden, Conflict while shifts of it are open."""
    row: Project = Project.objects.for_list().locked(project)
    rules.can_move_project(by, row, ProjectState.ENDED).insist()
    rules.can_end_project(Shift.objects.open().filter(project=row).order_by().count()).insist()
    row.change(state=ProjectState.ENDED, ended_at=at)
    record("volunteers.project_ended", row, by=by, at=at)
    return row


@transaction.atomic
def cancel_project(*, project: Project | int, reason: str, by: User, at: dt.datetime) -> Project:
    """It does not take place: its open shifts are cancelled, and whoever signed up is told; needs it had taken up wait again.

    Raises Forbidden, Invalid without a reason, Conflict where people were there already.
    """
    row: Project = Project.objects.for_list().locked(project)
    rules.can_move_project(by, row, ProjectState.CANCELLED).insist()
    rules.fit_words(reason, "reason").insist()
    for shift in Shift.objects.open().filter(project=row).order_by("pk"):
        call_off(Shift.objects.for_list().locked(shift), reason, by=by, at=at)
    row.change(state=ProjectState.CANCELLED, ended_at=at, reason=reason.strip())
    record("volunteers.project_cancelled", row, by=by, at=at, data={"reason": row.reason})
    for need in Need.objects.select_for_update(no_key=True).filter(project=row, state=NeedState.TAKEN).order_by("pk"):
        need.change(state=NeedState.OPEN, project=None)
        record("volunteers.need_reopened", need, by=by, at=at)
    return row
