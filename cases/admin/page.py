"""What the page of one case shows, put together from the reports."""

import datetime as dt
from typing import Any

from django.urls import reverse
from leaflet import app_settings

from accounts.models import User
from cases.admin import looks
from cases.admin.page_supervising import supervising_part
from cases.choices import PhotoKind, Step
from cases.models import Case
from cases.reports import asked_for, clock_views, five_steps, time_words, timeline, voices
from gridgov.core.questions import beside_case
from resources.choices import READERS

# Material symbols of the five steps 五步闭环.
STEP_ICONS = {
    Step.FIND: "search", Step.CLASSIFY: "category", Step.HANDLE: "construction", Step.SUPERVISE: "visibility",
    Step.PUBLISH: "campaign",
}  # fmt: skip


def tiles() -> list[dict[str, Any]]:
    """The tile servers the office names; none by default (static/cases/map.js)."""
    return [{"url": url, "options": options} for _label, url, options in app_settings["TILES"]]


def _place(case: Case) -> dict[str, Any] | None:
    """What the small map draws: the point, and the borders of the grids around it. None without either."""
    around = {step.code: step for step in (case.total, case.comprehensive, case.grid) if step and step.border}
    borders = [
        {"code": code, "name": step.name, "kind": step.kind, "border": step.border}
        for code, step in sorted(around.items())
    ]
    point = None if case.lng is None else [case.lng, case.lat]
    return {"borders": borders, "point": point, "tiles": tiles()} if borders or point else None


def _on_big_map(case: Case) -> str:
    """The address of the one map at the place of CASE; "" where nobody marked it."""
    return "" if case.lng is None else f"{reverse('admin:cases_map')}#at={case.lat:.5f},{case.lng:.5f},17"


def _resources_near(case: Case, by: User) -> str:
    """The address of the library round the place of CASE; "" where nobody marked it, or the library is not BY's to read."""
    if case.lng is None or by.role not in READERS:
        return ""
    return f"{reverse('admin:resources_resource_changelist')}?near={case.lng:.6f},{case.lat:.6f}"


def case_page(case: Case, by: User, at: dt.datetime) -> dict[str, Any]:
    """The context of cases/case.html as BY reads it."""
    reporter = getattr(case, "reporter", None)
    photos = list(case.photos.all())
    return {
        "case": case,
        # A merged case walks with the one that leads it.
        "steps": [(view, STEP_ICONS[view.step]) for view in five_steps(case.leading or case)],
        "path": [step for step in (case.street, case.total, case.comprehensive, case.grid) if step is not None],
        "light": looks.light_chip(case, at), "time_left": time_words.time_left(case, at), "state": looks.state_chip(case),
        "tier": looks.tier_chip(case), "urgency": looks.urgency_chip(case), "card": looks.card_chip(case),
        "clocks": clock_views(case, at),
        "reporter": None if reporter is None else reporter.masked,
        "asides": [aside for found in beside_case.ask(case) for aside in found],
        "rating": getattr(case, "rating", None),
        **supervising_part(case, at),
        "before": [photo for photo in photos if photo.kind == PhotoKind.BEFORE],
        "voices": voices(case, by),
        "after": [photo for photo in photos if photo.kind == PhotoKind.AFTER],
        "timeline": timeline(case)[::-1],
        "map": _place(case), "big_map": _on_big_map(case), "resources_near": _resources_near(case, by),
        "applications": [(row, asked_for(row), looks.application_chip(row)) for row in case.applications.all()],
        "pause": case.pauses.filter(ended_at=None).first() if case.hold else None,
    }  # fmt: skip
