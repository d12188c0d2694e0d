"""/m/cases/<pk>/: one case on a telephone, what can be done with it, and the way to whoever can help."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import CASE_ROLES
from accounts.models import User
from cases import rules
from cases.choices import PhotoKind
from cases.forms.verbs import VERBS, next_verb, waiting
from cases.models import Case
from cases.reports import asked_for, clock_views, five_steps, light, time_words, timeline, voices, whole_case
from gridgov.core.phone import phone_page
from gridgov.core.verbs import Verb
from grids.forms.outline import Outline, draw_outline
from grids.reports import Specialist
from grids.reports.specialists import specialists_on

# What needs the desk's room: lists to compare, plans to write, words to look through.
AT_THE_DESK = frozenset(
    {"form-team", "change-team", "end-team", "merge", "unmerge", "publish", "unpublish", "supervise"}
)
PHONE_VERBS: dict[str, Verb] = {verb.name: verb for verb in VERBS if verb.name not in AT_THE_DESK}


@dataclass(frozen=True)
class Move:
    """A verb that is possible now, with the page of its form."""

    verb: Verb
    url: str


def case_or_404(request: HttpRequest, pk: int) -> Case:
    """The case PK with all its page shows, where the person of REQUEST sees it."""
    try:
        return whole_case(pk, by=request.user)
    except Case.DoesNotExist:
        raise Http404 from None


@require_safe
@phone_page(CASE_ROLES)
def show_case(request: HttpRequest, pk: int) -> HttpResponse:
    case, at = case_or_404(request, pk), timezone.now()
    reporter, photos = getattr(case, "reporter", None), list(case.photos.all())
    first, rest = _moves(request.user, case, at)
    helpers = _specialists(request.user, case, at)
    context = {
        "case": case, "first": first, "rest": rest, "light": light(case, at), "left": time_words.time_left(case, at),
        "steps": five_steps(case.leading or case), "clocks": clock_views(case, at), "outline": _outline(case),
        "way": " · ".join(step.name for step in (case.total, case.comprehensive, case.grid) if step is not None),
        "reporter": reporter and reporter.masked,
        "before": [one for one in photos if one.kind == PhotoKind.BEFORE],
        "after": [one for one in photos if one.kind == PhotoKind.AFTER],
        "voices": voices(case, request.user), "orders": list(case.orders.all()), "supervisions": list(case.supervisions.all()),
        "applications": [
            (row, asked_for(row), bool(rules.can_withdraw(request.user, row))) for row in case.applications.all()
        ],
        "to_decide": [(row, asked_for(row)) for row in waiting(request.user, case, at)], "timeline": timeline(case)[::-1],
        "fitting": [one for one in helpers if one.fits], "others": [one for one in helpers if not one.fits],
    }  # fmt: skip
    return render(request, "cases/m/case.html", context)


def _moves(by: User, case: Case, at: dt.datetime) -> tuple[Move | None, list[Move]]:
    """The next sensible step, if it is BY's, and what else is possible."""
    found = [verb for verb in PHONE_VERBS.values() if verb.may(by, case)]
    first = next((verb for verb in found if verb.name == next_verb(by, case, at)), None)
    moves = {verb.name: Move(verb, reverse("m-case-do", args=[case.pk, verb.name])) for verb in found}
    return moves.pop(first.name) if first else None, list(moves.values())


def _outline(case: Case) -> Outline | None:
    """The case's grid with its place in it."""
    border = case.grid.border
    return (
        draw_outline(border, points=[None if case.lng is None or case.lat is None else (case.lng, case.lat)])
        if border
        else None
    )


def _specialists(by: User, case: Case, at: dt.datetime) -> list[Specialist]:
    """Professional workers bound to the ground of the case; none where BY may not call them."""
    if not rules.can_call(by, case, case.lead_order):
        return []
    path = [step.pk for step in (case.grid, case.comprehensive, case.total, case.street) if step is not None]
    return specialists_on(path, timezone.localdate(at), case.category.code)
