"""Proposals on the pages of the desk: beside the report form, and beside the form that accepts a case."""

import datetime as dt
import math
from typing import Any

from django.http import QueryDict

from accounts.models import User
from cases.models import Case
from cases.reports import Advice, advise, advise_on, similar_to
from gridgov.core.errors import Invalid
from gridgov.core.geodesy import to_wgs84

ADVICE = "cases/parts/advice.html"
TEXT, PLACE = 2000, 200


def asked_of(given: dict[str, Any], by: User, at: dt.datetime) -> dict[str, Any]:
    """The context of the proposals for what was typed so far, however unfinished."""
    text, place = str(given.get("text", ""))[:TEXT], str(given.get("place", ""))[:PLACE]
    grid, category = (code if code.isdecimal() else "" for code in _codes(given))
    advice = advise(text=text, place=place, point=_point(given), grid=grid, category=category, by=by, at=at)
    return {"advice": advice, "pick": "submit", "chosen": given}


def advice_on(case: Case, by: User, at: dt.datetime) -> dict[str, Any]:
    """The context of the proposals beside the form that accepts CASE. Its buttons only fill in: they never send it."""
    advice = Advice(advise_on(case, by=by, at=at), tuple(similar_to(case, by=by, at=at)))
    chosen = {"category": case.category.code, "urgency": case.urgency, "grid": case.grid.code}
    return {"beside": ADVICE, "advice": advice, "pick": "button", "chosen": chosen}


def picked(post: QueryDict) -> dict[str, Any]:
    """What the report form held, with the proposal whose button was pressed filled in."""
    given: dict[str, Any] = {name: value for name, value in post.items() if name != "csrfmiddlewaretoken"}
    field, colon, value = given.pop("suggest", "").partition(":")
    if colon and field in {"category", "urgency", "grid"}:
        given[field] = value
    return given


def _codes(given: dict[str, Any]) -> tuple[str, str]:
    return str(given.get("grid", "")).strip(), str(given.get("category", "")).strip()


def _point(given: dict[str, Any]) -> tuple[float, float] | None:
    """The point that was marked, or None while it is none."""
    try:
        lng, lat = float(given.get("lng") or math.nan), float(given.get("lat") or math.nan)
        return to_wgs84(lng, lat, "WGS84")
    except (ValueError, Invalid):
        return None
