"""The doctor's page: how the house is, check by check."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.doctor import State, examine, worst
from gridgov.setup.links import link_of

ICONS = {
    State.OK: "check_circle", State.WARN: "warning", State.BAD: "error", State.UNKNOWN: "help",
    State.BROKEN: "heart_broken",
}  # fmt: skip
# The worst first.
ORDER = (State.BROKEN, State.BAD, State.WARN, State.UNKNOWN, State.OK)


def page(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    results = examine(at=now)
    counts = Counter(result.finding.state for result in results)
    house = worst(results)
    return {
        "title": _("Doctor"), "now": timezone.localtime(now), "house": house, "icon": ICONS[house],
        "counts": [(state, ICONS[state], counts[state]) for state in ORDER if counts[state]],
        "lines": [
            {"title": result.check.title, "name": result.check.name, "finding": result.finding,
             "icon": ICONS[result.finding.state], "url": link_of(request.user, result.finding.page, result.finding.query)}
            for result in sorted(results, key=lambda result: ORDER.index(result.finding.state))
        ],
        "api": reverse("doctor"),
    }  # fmt: skip
