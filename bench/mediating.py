"""Mediation, measured inside Django on the database of the stage while its files grow; `python -m bench.mediating` prints JSON."""

import json
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.measure import milliseconds

SIZES, ROUNDS, DIRECTORS, PER_COMMITTEE = (1_000, 10_000, 100_000), 5, 8, 10
# Files came in over three years; the newest of them still run.
YEARS, RUNNING = 3, 200


def median(call: Callable[[], Any]) -> float:
    """Milliseconds; the first time is thrown away."""
    return statistics.median([milliseconds(call) for _ in range(ROUNDS + 1)][1:])


def main() -> None:
    django.setup()
    from django.db import connection

    from bench.mediating_rows import Ground, add_files

    ground = Ground.make(DIRECTORS, PER_COMMITTEE)
    found: dict[str, Any] = {"sizes": [], "rows": {}}
    made = 0
    for size in SIZES:
        add_files(ground, made, size, years=YEARS, running=RUNNING)
        made = size
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        found["sizes"].append(size)
        for name, call in _asked(ground):
            found["rows"].setdefault(name, []).append((median(call), _queries(call)))
    print(json.dumps(found))


def _queries(call: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def _asked(ground: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is measured, each by its name."""
    from django.test import Client
    from django.utils import timezone

    from gridgov.core.keyset import Keyset
    from mediation.models import Mediation
    from mediation.reports.figures import mediation_figures
    from mediation.rules.periods import Quarter

    def pages(user: Any) -> Callable[[str], Callable[[], Any]]:
        desk = Client(SERVER_NAME="127.0.0.1")
        desk.force_login(user)

        def ask(url: str) -> None:
            answer = desk.get(url)
            assert answer.status_code == 200, (url, answer.status_code)

        return lambda url: lambda: ask(url)

    listed = "/admin/mediation/mediation/"
    director, mediator, street = pages(ground.director), pages(ground.mediator), pages(ground.street)
    own = Mediation.objects.visible_to(ground.director).order_by("-id")
    mark = Keyset(own).mark(own[own.count() // 2])
    quarter = Quarter.of(timezone.localdate()).before
    yield "a director's list, first page", director(listed)
    yield "a director's list, from the middle", director(f"{listed}?after={mark}")
    yield "a director's list, what runs", director(f"{listed}?state__exact=running")
    yield "a director's search for a number", director(f"{listed}?q={own[0].no[-6:]}")
    yield "a mediator's list, first page", mediator(listed)
    yield "the page of a file", director(f"{listed}{own[own.count() // 2].pk}/change/")
    yield "figures of a quarter of a street", lambda: mediation_figures(ground.top, quarter.first, quarter.last)
    yield "quarter of a street (page)", street(f"/admin/mediation/committee/figures/?quarter={quarter}")


if __name__ == "__main__":
    main()
