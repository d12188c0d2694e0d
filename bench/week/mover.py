"""A mover: brings cases in and moves them on by the house's own verbs until the week is over.

`python -m bench.week.mover SEED NUMBER CASES`. Its cases are its own, so that a refusal is a refusal and no race; movers of
an even NUMBER also load the next year.
"""

import datetime as dt
import json
import os
import random
import sys
import time
from collections import Counter

import django

django.setup()

from django.db import OperationalError  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from bench.week.load import CATEGORIES  # noqa: E402
from cases import actions  # noqa: E402
from cases.actions import Report  # noqa: E402
from cases.models import Application, Case  # noqa: E402
from gridgov.core.actions import load_days  # noqa: E402
from gridgov.core.errors import Conflict, Forbidden, Invalid  # noqa: E402
from gridgov.core.models import CalendarDay  # noqa: E402
from grids.models import Post  # noqa: E402

STREET = "990101001"


class Mover:
    def __init__(self, seed: int, number: int, cases: int) -> None:
        self.draw, self.quota = random.Random(seed), cases
        base, end, _start, _rate = (float(part) for part in os.environ["GRIDGOV_WEEK"].split())
        self.base, self.end = (dt.datetime.fromtimestamp(moment, tz=dt.UTC) for moment in (base, end))
        micro = Post.objects.filter(kind="grid_worker_ft", grid__kind="micro", grid__code__startswith=STREET)
        self.workers = list(micro.select_related("grid", "user"))
        self.street = list(User.objects.filter(posts__kind="street_staff", posts__grid__code=STREET).distinct())
        staff = Post.objects.filter(kind="unit_staff", unit__is_active=True).select_related("user")
        self.staff = {post.unit_id: post.user for post in staff}
        self.living: list[int] = []
        self.quiet = list(Case.objects.filter(no__startswith="Q").values_list("pk", flat=True)[number % 2 :: 2])
        self.draw.shuffle(self.quiet)
        self.quiet = self.quiet[: len(self.quiet) // 5]
        self.count: Counter[str] = Counter()
        self.loads_year = number % 2 == 0

    def run(self) -> None:
        while (now := timezone.now()) < self.end - dt.timedelta(minutes=30):
            share = (now - self.base) / (self.end - self.base)
            if self.loads_year and share > 0.6:
                self.loads_year = False
                self.load_next_year(now)
            try:
                if self.count["reported"] < self.quota * share:
                    self.report(now)
                elif self.quiet and self.draw.random() < 0.3:
                    self.complete_quiet(now)
                elif self.living:
                    self.step(self.draw.choice(self.living), now)
            except (Invalid, Forbidden, Conflict) as refusal:
                self.count[f"refused: {type(refusal).__name__} {getattr(refusal, 'code', '')}"] += 1
            except OperationalError as error:
                self.count[f"database: {str(error)[:60]}"] += 1
            time.sleep(0.02)

    def load_next_year(self, now: dt.datetime) -> None:
        """January 2027 at last: New Year until the 3rd, and the 4th is made free too."""
        days = [dt.date(2027, 1, 1) + dt.timedelta(days=n) for n in range(31)]
        rows = [CalendarDay(date=day, kind="rest" if day.day <= 4 or day.weekday() > 4 else "work") for day in days]
        load_days(days=rows, by=User.objects.system(), at=now)

    def report(self, now: dt.datetime) -> None:
        post, code = self.draw.choice(self.workers), self.draw.choice(list(CATEGORIES))
        by = post.user if self.draw.random() < 0.5 else self.draw.choice(self.street)
        report = Report(category=code, text="楼道堆物", grid=post.grid.code, tier=self.draw.choice("AB") if by in self.street else "")  # type: ignore[union-attr]  # fmt: skip
        self.living.append(actions.report_case(report=report, by=by, at=now).pk)
        self.count["reported"] += 1

    def complete_quiet(self, now: dt.datetime) -> None:
        case = Case.objects.select_related("lead_order__handler").get(pk=self.quiet.pop())
        if case.started_at < now:  # type: ignore[operator]
            actions.complete_case(case=case.pk, result="已清理", by=case.lead_order.handler, at=now)  # type: ignore[union-attr,arg-type]
            self.count["completed quiet"] += 1

    def step(self, pk: int, now: dt.datetime) -> None:
        case = Case.objects.select_related("lead_order__handler").get(pk=pk)
        order, boss = case.lead_order, self.draw.choice(self.street)
        holder = self.staff.get(order.unit_id or 0) or order.handler if order else None
        common = {"case": pk, "at": now}
        pending = Application.objects.filter(case=pk, state="pending").exclude(by=boss).first()
        if pending and self.draw.random() < 0.5:
            actions.decide(application=pending.pk, approve=self.draw.random() < 0.8, note="同意", by=boss, at=now)
            self.count[f"decided {pending.kind}"] += 1
        elif case.hold:
            if self.draw.random() < 0.03:
                actions.resume_case(**common, by=boss)
                self.count["resumed by hand"] += 1
        elif case.state == "submitted":
            actions.accept_case(**common, by=boss)
        elif case.state == "accepted":
            unit = self.draw.choice(list(self.staff))
            actions.dispatch_case(**common, unit=unit, by=boss)
        elif case.state == "dispatched":
            actions.sign_in_case(**common, by=holder)  # type: ignore[arg-type]
        elif case.state == "handling":
            self.handle(case, holder, boss, now)
        elif case.state == "completed":
            verb = actions.rework_case if self.draw.random() < 0.2 else actions.verify_case
            more = {"reason": "没好"} if verb is actions.rework_case else {}
            verb(**common, **more, by=boss)  # type: ignore[operator]
        elif case.state == "verified":
            actions.close_case(**common, by=boss)
            self.living.remove(pk)
            self.count["closed"] += 1

    def handle(self, case: Case, holder: User | None, boss: User, now: dt.datetime) -> None:
        assert holder is not None
        dice, wanted = self.draw.random(), {}
        if dice < 0.25:
            actions.complete_case(case=case.pk, result="已清理", by=holder, at=now)
            self.count["completed"] += 1
        elif dice < 0.45:
            wanted = {"value": "2", "unit": self.draw.choice(["natural_hour", "work_hour"])}
            actions.ask(case=case.pk, kind="extension", reason="材料未到", by=holder, at=now, **wanted)
            self.count["asked extension"] += 1
        elif dice < 0.65:
            until = now + dt.timedelta(hours=self.draw.uniform(3, 40))
            wanted = {"until": until, "cause": "weather"}  # type: ignore[dict-item]
            actions.ask(case=case.pk, kind="suspension", reason="下雪", by=holder, at=now, **wanted)
            self.count["asked suspension"] += 1
        elif dice < 0.7 and case.lead_order.unit_id:  # type: ignore[union-attr]
            unit = self.draw.choice(list(self.staff))
            actions.reassign_case(case=case.pk, unit=unit, reason="职责不符", by=boss, at=now)
            self.count["reassigned"] += 1
        else:
            actions.note_progress(case=case.pk, note="在办", by=holder, at=now)


if __name__ == "__main__":
    mover = Mover(*(int(word) for word in sys.argv[1:]))
    mover.run()
    print(json.dumps(mover.count, ensure_ascii=False))
