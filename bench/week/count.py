"""What should have come in the week, worked out from the rows of the ledger alone, against what came.

`python -m bench.week.count` prints one JSON object: counts, the figures of lateness, and `faults`, a list of sentences
that is empty where all is well. It asks with the clock standing at the week's end.
"""

import datetime as dt
import json
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import Notice  # noqa: E402
from cases.models import Application, Card, Case, Deadline, LedgerEntry, Order, Pause, Supervision  # noqa: E402
from gridgov.core.models import Job, Record  # noqa: E402
from gridgov.core.records import verify  # noqa: E402
from grids.models import Post  # noqa: E402

LEADS = [("comprehensive_id", "grid_lead"), ("total_id", "root_grid_lead"), ("street_id", "street_staff")]
FIRST = {"A": 0, "B": 1, "C": 2}


@dataclass
class Fate:
    """What the ledger says about one deadline: when it first ran out, where it was last moved, until when it ran."""

    late: dt.datetime | None
    ran_until: dt.datetime | None


class Count:
    def __init__(self) -> None:
        self.now = timezone.now()
        self.rate = float(os.environ["GRIDGOV_WEEK"].split()[3])
        self.faults: list[str] = []
        self.figures: dict[str, Any] = {}
        # The demo's own past has no inboxes: what counts is what moved in the week.
        base = dt.datetime.fromtimestamp(float(os.environ["GRIDGOV_WEEK"].split()[0]), tz=dt.UTC)
        self.cases = {case.pk: case for case in Case.objects.filter(reported_at__gte=base).defer("search", "text")}
        self.clocks = {row.pk: row for row in Deadline.objects.filter(case__in=self.cases)}
        self.orders = {row.pk: row for row in Order.objects.filter(case__in=self.cases)}
        self.orders_of: dict[int, list[Order]] = defaultdict(list)
        for order in self.orders.values():
            self.orders_of[order.case_id].append(order)
        self.supervisions: dict[int, list[int]] = defaultdict(list)
        for case_id, pk in Supervision.objects.filter(case__in=self.cases).values_list("case_id", "pk"):
            self.supervisions[case_id].append(pk)
        self.told = defaultdict(set)
        for user, key in Notice.objects.values_list("user_id", "key"):
            self.told[key].add(user)
        self.fates = self._fates()

    def fault(self, text: str, rows: Any) -> None:
        if rows:
            shown = sorted(rows)[:5] if not isinstance(rows, int) else rows
            self.faults.append(f"{text}: {len(rows) if not isinstance(rows, int) else rows} ({shown})")

    def _fates(self) -> dict[int, Fate]:
        """The ledgers played from the start: a clock is late when its due moment comes while it runs. A guess that was
        worked out again before anybody marked it does not count."""
        rows = LedgerEntry.objects.filter(deadline__in=self.clocks).order_by("deadline", "pk")
        found = {}
        for pk, lines in groupby(rows.values_list("deadline", "entry", "at", "moved_seconds"), key=itemgetter(0)):
            due, running, late, stopped = self.clocks[pk].original_due_at, True, None, None
            for _pk, entry, at, moved in lines:
                if running and late is None and due <= at and entry != "recomputed":
                    late = due
                due += dt.timedelta(seconds=moved)
                if entry in {"met", "dropped", "paused"}:
                    running, stopped = False, at
                elif entry in {"resumed", "rework", "revived"}:
                    running, stopped = True, None
            if running and late is None and due <= self.now:
                late = due
            found[pk] = Fate(late, stopped)
            if due != self.clocks[pk].due_at:
                self.faults.append(f"deadline {pk}: the ledger does not re-add")
        return found

    def breaches(self) -> None:
        should = {pk for pk, fate in self.fates.items() if fate.late}
        marked = {pk for pk, row in self.clocks.items() if row.breached_at}
        self.fault("breaches not marked", should - marked)
        self.fault("breaches marked without cause", marked - should)
        moments = {pk for pk in should & marked if self.clocks[pk].breached_at != self.fates[pk].late}
        self.fault("breaches marked with another moment", moments)
        lines = Counter(
            LedgerEntry.objects.filter(deadline__in=self.clocks, entry="breach").values_list("deadline", flat=True)
        )
        self.fault("breaches not in the ledger exactly once", {pk for pk in should | set(lines) if lines[pk] != 1})
        records = Counter(
            (pk, data["clock"], data["due"])
            for pk, data in Record.objects.filter(verb="cases.breached", subject_id__in=self.cases).values_list(
                "subject_id", "data"
            )
        )
        wanted = Counter(
            (row.case_id, row.clock, row.breached_at.isoformat()) for row in self.clocks.values() if row.breached_at
        )
        self.fault("breaches without a record of their own, or with two", set((wanted - records) + (records - wanted)))
        late = {(self.clocks[pk].case_id, self.clocks[pk].round) for pk in should if self.clocks[pk].clock == "case"}
        red = {(row.case_id, row.round) for row in self.clocks.values() if row.clock == "case" and self._is_red(row)}
        for level, wanted_cards in ((1, late), (2, red)):
            cards = Counter(Card.objects.filter(case__in=self.cases, level=level).values_list("case_id", "round"))
            wrong = {key for key in wanted_cards | set(cards) if cards[key] != (key in wanted_cards)}
            self.fault(f"cards of level {level} missing, doubled or without cause", wrong)
        self.figures |= {"breaches": len(should), "of case clocks": len(late), "red cards": len(red)}

    def _is_red(self, row: Deadline) -> bool:
        return row.red_at is not None and row.red_at <= (self.fates[row.pk].ran_until or self.now)

    def notices(self) -> None:
        """Everybody whom a breach concerns was told of it, and nobody else; each share was told, or a later one was."""
        posts = Post.objects.exclude(kind="specialist_worker").values_list("user_id", "kind", "grid_id", "unit_id")
        of: dict[Any, set[int]] = defaultdict(set)
        for user, kind, grid, unit in posts.filter(valid_to=None):
            of["unit", unit].add(user)
            of["grid", grid].add(user)
            of[kind, grid].add(user)
        missing, strangers, shares = set(), set(), Counter[str]()
        for pk, row in self.clocks.items():
            case = self.cases[row.case_id]
            leads = next((of[kind, getattr(case, column)] for column, kind in LEADS[FIRST[case.tier] :]
                          if of[kind, getattr(case, column)]), set())  # fmt: skip
            order = self._whose(row) if row.clock != "response" else None
            # Who signed in, or the whole desk where nobody had when it was marked.
            hands = [{order.handler_id}] if order and order.handler_id else []
            hands += [of["unit", order.unit_id] if order.unit_id else of["grid", order.grid_id]] if order else [set()]
            if row.breached_at and row.clock != "reply":
                told, above = set(self.told[f"deadline:{pk}:100"]), set()
                if row.clock == "case":
                    told |= self.told[f"card:{row.case_id}:{row.round}:1"]
                if row.clock == "case" and self._is_red(row):
                    # Seen late, both at once, only the graver is told; and whoever must answer reads of the supervision.
                    told |= self.told[f"card:{row.case_id}:{row.round}:2"]
                    told |= {user for one in self.supervisions[row.case_id] for user in self.told[f"supervision:{one}"]}
                    above = {user for column, kind in LEADS for user in of[kind, getattr(case, column)]} | hands[-1]
                if not any(told >= hand | leads for hand in hands):
                    missing.add(pk)
                elif not any(told <= hand | leads | above for hand in hands):
                    strangers.add(pk)
            if row.clock == "case" and case.no.startswith("Q"):
                shares[self._shares(row)] += 1
        self.fault("deadlines of which somebody was not told", missing)
        self.fault("deadlines of which a stranger was told", strangers)
        self.fault("clocks whose last share was not told", shares.pop("missing", 0))
        self.figures["shares"] = dict(shares)
        keys = Counter(Notice.objects.exclude(kind="digest").values_list("user_id", "key"))
        self.fault("notices doubled", {key for key, times in keys.items() if times > 1})

    def _whose(self, row: Deadline) -> Order | None:
        if row.order_id:
            return self.orders[row.order_id]
        if row.clock != "case":
            lead = self.cases[row.case_id].lead_order_id
            return self.orders[lead] if lead else None
        moment = row.breached_at or row.due_at
        had = self.orders_of[row.case_id]
        had = [o for o in had if o.part == "lead" and o.sent_at <= moment and not (o.ended_at and o.ended_at <= moment)]
        return max(had, key=lambda o: o.pk) if had else None

    def _shares(self, row: Deadline) -> str:
        """Which of 50 and 80 percent the handler was told: a look that comes late tells the last reached only."""
        handler = self.cases[row.case_id].reported_by_id
        until = min(moment for moment in (row.met_at, row.breached_at, self.now) if moment)
        reached = [share for share in (50, 80) if row.stage_at(share) <= until]
        told = [share for share in (50, 80) if handler in self.told[f"deadline:{row.pk}:{share}"]]
        if row.breached_at or told == reached:
            return f"told {told}"
        # Not looked at yet when it was met: there was nothing left to warn of.
        if row.met_at and reached and row.met_at - row.stage_at(reached[-1]) < dt.timedelta(hours=25):
            return f"met before told {sorted(set(reached) - set(told))}"
        return f"told {told}" if reached and told and told[-1] == reached[-1] else "missing"

    def applications(self) -> None:
        pending = Application.objects.filter(case__in=self.cases, state="pending", lapses_at__lte=self.now)
        self.fault("applications that outlived their clock", set(pending.values_list("pk", flat=True)))
        lapsed = set(Application.objects.filter(case__in=self.cases, state="lapsed").values_list("pk", flat=True))
        lines = Record.objects.filter(verb="cases.lapsed", subject_id__in=self.cases).values_list(
            "data__application", flat=True
        )
        records = Counter(lines)
        self.fault(
            "lapses without a record of their own, or with two",
            {pk for pk in lapsed | set(records) if records[pk] != (pk in lapsed)},
        )
        self.figures |= {"applications": Application.objects.filter(case__in=self.cases).count(), "lapsed": len(lapsed)}

    def pauses(self) -> None:
        rows = list(Pause.objects.filter(case__in=self.cases, kind="suspended").select_related("ended_by"))
        self.fault("suspensions not ended", {row.pk for row in rows if row.ended_at is None and row.until <= self.now})
        wrong = {
            row.pk for row in rows if row.ended_at
            and (row.ended_at > row.until or (row.ended_by.role == "system" and row.ended_at != row.until))
        }  # fmt: skip
        self.fault("suspensions not ended on their day", wrong)
        resumed = Counter(
            Record.objects.filter(verb="cases.resumed", subject_id__in=self.cases).values_list("subject_id", flat=True)
        )
        ended = Counter(row.case_id for row in rows if row.ended_at)
        self.fault("resumptions without a record of their own, or with two", set((ended - resumed) + (resumed - ended)))
        self.figures |= {"suspended": len(rows), "resumed": sum(ended.values())}

    def inboxes(self) -> None:
        held = Notice.objects.filter(held_until__lte=self.now)
        self.fault("notices that nobody brought out", held.count())
        digests = {row.pk: sum(row.params["kinds"].values()) for row in Notice.objects.filter(kind="digest")}
        lines = Counter(Notice.objects.filter(digest__isnull=False).values_list("digest_id", flat=True))
        self.fault("digests that miscount their lines", {pk for pk in digests if digests[pk] != lines[pk]})
        seen = Notice.objects.filter(digest=None, held_until=None)
        fullest = Counter(seen.values_list("user_id", flat=True)).most_common(1)
        self.figures |= {
            "notices": Notice.objects.exclude(kind="digest").count(), "digests": len(digests),
            "gathered": sum(lines.values()), "lines in the fullest inbox": fullest[0][1] if fullest else 0,
        }  # fmt: skip

    def jobs(self) -> None:
        self.fault("stuck jobs", Job.objects.stuck().count())
        self.fault("open jobs overdue", Job.objects.open().filter(run_at__lte=self.now).count())
        provisional = Deadline.objects.provisional().filter(
            case__in=self.cases, due_at__lt=dt.datetime(2027, 1, 31, tzinfo=dt.UTC)
        )
        moved = LedgerEntry.objects.filter(deadline__in=self.clocks, entry="recomputed")
        self.figures |= {"still provisional": provisional.count(), "worked out again": moved.count()}
        twice = Counter(moved.values_list("deadline", flat=True))
        self.fault("deadlines worked out again twice", {pk for pk, times in twice.items() if times > 1})
        proof = verify()
        self.faults += proof.faults
        self.figures["records"] = proof.rows

    def lateness(self) -> None:
        """How long after their moment the marks came, in seconds as they really passed."""
        rows = LedgerEntry.objects.filter(deadline__in=self.clocks, entry="breach").values_list(
            "at", "deadline__breached_at"
        )
        late = sorted((at - moment).total_seconds() / self.rate for at, moment in rows)
        if late:
            self.figures["lateness"] = {
                name: round(late[min(int(len(late) * share), len(late) - 1)], 2)
                for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
            }


def main() -> None:
    count = Count()
    for look in (
        count.breaches,
        count.notices,
        count.applications,
        count.pauses,
        count.inboxes,
        count.jobs,
        count.lateness,
    ):
        look()
    print(
        json.dumps(
            {**count.figures, "cases": len(count.cases), "clocks": len(count.clocks), "faults": count.faults},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
