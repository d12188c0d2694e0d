"""Volunteering, measured inside Django on the database of the stage; `python -m bench.matching` prints JSON.

Matching is told as a ratio to reading the rows it works on: what a shift's suggestions cost beyond the database.
"""

import datetime as dt
import json
import statistics
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

from bench.measure import milliseconds

PEOPLE, OPENINGS, ROUNDS, AT_ONCE, LAST = 5_000, 200, 5, 100, 10


def median(call: Callable[[], Any]) -> float:
    """Milliseconds; the first time is thrown away."""
    return statistics.median([milliseconds(call) for _ in range(ROUNDS + 1)][1:])


def main() -> None:
    django.setup()
    from django.test import Client
    from django.utils import timezone

    from accounts.choices import Role
    from accounts.models import User
    from grids.choices import PostKind
    from grids.models import Post
    from volunteers.models import HoursEntry, Shift, SignUp, Volunteer
    from volunteers.reports.matching import helpers_of, map_of, opening_of, short_shifts
    from volunteers.reports.organising import month_of, waits_for
    from volunteers.rules.matching import match

    now = timezone.now()
    found: dict[str, Any] = {
        "volunteers": Volunteer.objects.count(), "shifts": Shift.objects.count(), "sign_ups": SignUp.objects.count(),
        "hours": HoursEntry.objects.count(),
    }  # fmt: skip

    # --- matching
    trees = list(Volunteer.objects.order_by("grid__tree_id").values_list("grid__tree_id", flat=True).distinct())
    some = Volunteer.objects.active().filter(pk__in=Volunteer.objects.active().order_by("pk").values("pk")[:PEOPLE])
    shifts = list(Shift.objects.for_list().order_by("-starts_at", "-pk")[:OPENINGS])
    helpers, openings, grids = helpers_of(some, now), [opening_of(shift) for shift in shifts], map_of(trees)
    found["matching"] = {
        "people": len(helpers), "openings": len(openings),
        "reading": median(lambda: (helpers_of(some, now), map_of(trees), list(Shift.objects.for_list()[:OPENINGS]))),
        "matching": median(lambda: match(openings, helpers, grids)),
    }  # fmt: skip

    # --- pages
    street = User.objects.get(pk=Post.objects.filter(kind=PostKind.STREET_STAFF).order_by("pk").values("user")[:1])
    lead = User.objects.filter(role=Role.TOTAL_LEAD).order_by("pk").first()
    desk = Client(SERVER_NAME="127.0.0.1")
    desk.force_login(street)

    def ask(url: str) -> Any:
        answer = desk.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer

    listed = "/admin/volunteers/shift/"
    middle = Shift.objects.visible_to(street).order_by("-starts_at", "-id")
    deep = middle[middle.count() // 2]
    from gridgov.core.keyset import Keyset

    mark = Keyset(middle).mark(deep)
    found["pages"] = {
        "list of shifts, first page": median(lambda: ask(listed)),
        "list of shifts, from the middle": median(lambda: ask(f"{listed}?after={mark}")),
        "list of projects": median(lambda: ask("/admin/volunteers/project/")),
        "organiser's workbench (page)": median(lambda: ask(f"{listed}organising/")),
        "calendar of a month (page)": median(lambda: ask(f"{listed}calendar/")),
        "what waits for a street": median(lambda: waits_for(User.objects.get(pk=street.pk), now)),
        "short shifts of a street, with who fits": median(lambda: short_shifts(User.objects.get(pk=street.pk), now)),
        "a month of a community": median(lambda: month_of(User.objects.get(pk=lead.pk), timezone.localdate(now))),
    }  # fmt: skip
    found["race"] = race(street, now)
    print(json.dumps(found))


def race(by: Any, now: dt.datetime) -> dict[str, Any]:
    """AT_ONCE volunteers sign up at the same moment for the LAST places of a shift."""
    from django.db import connections

    from gridgov.core.errors import Refusal
    from volunteers.actions import make_project, open_project, plan_shifts, sign_up
    from volunteers.models import Shift, Volunteer

    first = Volunteer.objects.active().visible_to(by).order_by("pk").select_related("grid")[0]
    project = open_project(project=make_project(grid=first.grid, title="压力测试", by=by, at=now), by=by, at=now)
    starts = now + dt.timedelta(days=360)
    times = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1)}
    (shift,) = plan_shifts(project=project, **times, capacity=LAST, place="活动室", by=by, at=now)
    people = list(Volunteer.objects.active().filter(grid__tree_id=first.grid.tree_id).order_by("pk")[:AT_ONCE])
    ready, answers = threading.Barrier(len(people) + 1), []

    def join(one: Any) -> None:
        try:
            ready.wait()
            answers.append(sign_up(shift=shift.pk, volunteer=one.pk, by=by, at=now).state)
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=join, args=(one,)) for one in people]
    for thread in threads:
        thread.start()

    def all_join() -> None:
        ready.wait()
        for thread in threads:
            thread.join()

    took = milliseconds(all_join)
    return {"at_once": len(people), "took": took, "taken": Shift.objects.get(pk=shift.pk).taken, **Counter(answers)}


if __name__ == "__main__":
    main()
