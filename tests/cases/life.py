"""The life of a case under test_properties: hands that do anything, a clock that jumps, and what must stay true.

`Life` holds what can't be read back from the rows: which deadline had run out at which moment, what stood before.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.models import Notice, User
from cases.actions.asking import due_of
from cases.actions.replaying import replay
from cases.choices import ENDED_STATES, MOVES, ORDER_IN_FORCE, AskState, Clock, Hold, Part
from cases.models import Application, Card, Case, Deadline, LedgerEntry, Order, Pause, Supervision
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Job, Record

REFUSALS = (Invalid, Forbidden, Conflict, Faults, Case.DoesNotExist, Application.DoesNotExist, Supervision.DoesNotExist)
# Which states a verb may lead to that the table leaves to it.
BACK_FROM_MERGE = frozenset(MOVES["merge"][0])


def digests() -> dict[str, str]:
    """A digest of every row of every table that a verb may touch: equal before and after whatever was refused."""
    models = [*apps.get_app_config("cases").get_models(), *apps.get_app_config("accounts").get_models(), Job, Record]
    one = "SELECT '{0}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(model._meta.db_table) for model in models))
        return dict(cursor.fetchall())


class Life:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.worker_up = True
        self.cases: list[int] = []
        self.done: Counter[str] = Counter()
        self._originals: dict[int, dt.datetime] = {}
        self._ran_out: dict[int, dt.datetime] = {}
        self._breached: dict[int, dt.datetime] = {}
        self._cards: dict[int, int] = {}
        self._states: dict[int, str] = {}
        self._loose: set[int] = set()  # deadlines that a loaded calendar may have moved
        self._digests: dict[str, str] = digests()

    # --- what happens ----------------------------------------------------------------------------------------------------

    def attempt(self, name: str, do: Callable[[], Any], records: int | None = 1) -> Any:
        """Do one verb. A refusal must have changed nothing; what was done must have left RECORDS records (None: some)."""
        # A verb may find that the time ran out unnoticed; what the system writes then is no record of the verb.
        by_people = Record.objects.exclude(actor=system())
        before = by_people.count()
        self._see_what_ran_out()
        try:
            found = do()
        except REFUSALS as refusal:
            self.done["refused"] += 1
            after = digests()
            changed = [table for table in after if after[table] != self._digests[table]]
            assert changed == [], f"{name} was refused ({refusal!r}) and changed {changed}"
            return None
        self.done[name] += 1
        self.now += dt.timedelta(milliseconds=7)  # no two verbs at one instant
        written = by_people.count() - before
        assert written == records or (records is None and written > 0), f"{name} left {written} records"
        self.check()
        return found

    def wait(self, span: dt.timedelta) -> None:
        self.now += span
        self.run()

    def run(self) -> None:
        """Let the jobs run as far as the worker is there."""
        if not self.worker_up:
            return
        self._see_what_ran_out()
        for _turn in range(100):
            if not jobs.run_due(at=self.now):
                break
        else:
            raise AssertionError("the jobs never come to an end")
        self.check()
        self._check_after_jobs()

    def calendar_changes(self) -> None:
        """Days are about to be loaded: what is provisional may move, whether or not it had run out by the guess."""
        self._loose |= set(Deadline.objects.filter(provisional=True).values_list("pk", flat=True))

    def _see_what_ran_out(self) -> None:
        """What has run out while it ran is late, whatever is done about it later and whenever the worker looks."""
        for row in Deadline.objects.filter(case__in=self.cases):
            stops = [when for when in (row.met_at, row.dropped_at, row.paused_at) if when]
            if row.due_at <= min([self.now, *stops]):
                self._ran_out.setdefault(row.pk, row.due_at)

    # --- what must be true -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """After every step, whether or not the jobs have run."""
        self._digests = digests()
        for case in Case.objects.filter(pk__in=self.cases).select_related("grid", "lead_order"):
            clocks = list(case.deadlines.order_by("pk").prefetch_related("ledger"))
            for clock in clocks:
                self._check_clock(case, clock)
            self._check_case(case, clocks)

    def _check_clock(self, case: Case, clock: Deadline) -> None:
        said = f"{clock.clock} clock {clock.pk} of case {case.pk}"
        assert self._originals.setdefault(clock.pk, clock.original_due_at) == clock.original_due_at, f"{said}: original"
        assert self._breached.get(clock.pk, clock.breached_at) == clock.breached_at, f"{said}: its breach changed"
        if clock.breached_at:
            self._breached[clock.pk] = clock.breached_at
        ledger = list(clock.ledger.all())
        moved = dt.timedelta(seconds=sum(row.moved_seconds for row in ledger))
        assert clock.original_due_at + moved == clock.due_at, f"{said}: the ledger does not re-add"
        assert [row.entry for row in ledger].count("breach") == (clock.breached_at is not None), (
            f"{said}: ledger, breach"
        )
        assert clock.due_at > clock.started_at, f"{said}: no time at all"
        if clock.clock == Clock.CASE and clock.pk not in self._loose:
            again = replay(clock, case.grid.street_code)
            assert abs(again.at - clock.due_at) < dt.timedelta(seconds=2), f"{said}: played again it is {again.at}"

    def _check_case(self, case: Case, clocks: list[Deadline]) -> None:
        said = f"case {case.pk} in {case.state}"
        before = self._states.get(case.pk, case.state)
        legal = {to for froms, to in MOVES.values() if before in froms} | {before}
        legal |= BACK_FROM_MERGE if before == "merged" else set()
        assert case.state in legal, f"{said}: no move leads there from {before}"
        self._states[case.pk] = case.state
        assert self._cards.get(case.pk, 0) <= case.card, f"{said}: its card fell"
        self._cards[case.pk] = case.card

        running = [clock for clock in clocks if not clock.met_at and not clock.dropped_at]
        assert sum(clock.clock == Clock.CASE for clock in running) <= 1, f"{said}: two case clocks"
        own = [clock for clock in clocks if clock.clock == Clock.CASE and clock.round == case.round]
        assert len(own) == (case.started_at is not None), f"{said}: {len(own)} case clocks of this round"
        if own:
            assert (case.started_at, case.due_at) == (own[0].started_at, own[0].due_at), f"{said}: not its clock's"
            assert case.provisional == own[0].provisional, f"{said}: provisional"
        late = [clock.breached_at for clock in clocks if clock.clock == Clock.CASE and clock.breached_at]
        assert case.breached_at == min(late, default=None), f"{said}: overdue since {case.breached_at}, clocks {late}"
        rounds = set(Card.objects.filter(case=case).values_list("round", flat=True))
        missing = {clock.round for clock in clocks if clock.clock == Clock.CASE and clock.breached_at} - rounds
        assert not missing, f"{said}: no card for the rounds {missing}"

        pauses = list(Pause.objects.filter(case=case, ended_at=None))
        assert [(row.kind, row.until) for row in pauses] == ([(case.hold, case.hold_until)] if case.hold else []), said
        assert (case.hold != Hold.NONE) == any(clock.paused_at for clock in running), f"{said}: clocks and hold"
        if case.state in ENDED_STATES:
            assert not case.hold, f"{said}: has ended and stands still"
            assert not any(c.clock in {Clock.CASE, Clock.SIGN_IN, Clock.HANDLE} for c in running), f"{said}: still runs"

        leading = Order.objects.filter(case=case, part=Part.LEAD, state__in=ORDER_IN_FORCE)
        expected = [case.lead_order_id] if case.state in {"dispatched", "handling"} else []
        assert list(leading.values_list("pk", flat=True)) == expected, f"{said}: orders in force"

    def _check_after_jobs(self) -> None:
        """What holds as soon as the jobs have caught up, however long nobody ran them."""
        self._see_what_ran_out()
        assert not Job.objects.exclude(last_error="").exists(), Job.objects.exclude(last_error="").first().last_error
        assert (
            not Job.objects.open().filter(run_at__lte=self.now).exclude(kind__in=jobs.kinds_of(jobs.ERRANDS)).exists()
        )
        for row in Deadline.objects.filter(case__in=self.cases):
            expected = self._ran_out.get(row.pk)
            if row.pk in self._loose and row.breached_at is None:
                continue
            said = f"{row.clock} clock {row.pk} (due {row.due_at}, met {row.met_at}, dropped {row.dropped_at})"
            assert row.breached_at == expected or row.pk in self._loose, (
                f"{said}: late {row.breached_at}, ran out {expected}"
            )
        marked = Deadline.objects.filter(case__in=self.cases, breached_at__isnull=False)
        assert Record.objects.filter(verb="cases.breached").count() == marked.count()
        assert LedgerEntry.objects.filter(entry="breach").count() == marked.count()
        for row in marked:
            keys = [f"deadline:{row.pk}:100", *(f"card:{row.case_id}:{row.round}:{level}" for level in (1, 2))]
            # Whoever must answer a red card reads of the supervision instead.
            keys += [f"supervision:{pk}" for pk in row.case.supervisions.values_list("pk", flat=True)]
            assert Notice.objects.filter(key__in=keys).exists(), f"nobody was told of {row.clock} {row.pk}"
        pending = Application.objects.filter(state=AskState.PENDING, lapses_at__isnull=False).select_related(
            "case", "order"
        )
        for ask in pending:
            # Of a helper that is no more at it, nothing can be approved; it lapses when it would have.
            due = due_of(ask.case, ask.order) or ask.lapses_at
            assert due > self.now, f"{ask} outlived its clock"
            assert ask.data["round"] == ask.case.round, f"{ask} outlived its round"
        assert not Pause.objects.filter(kind=Hold.SUSPENDED, ended_at=None, until__lte=self.now).exists()
        self._check_standing_still()

    def _check_standing_still(self) -> None:
        """Nothing is late because time stood still, and nobody gains by it: a suspension ends on its day."""
        for row in Pause.objects.filter(kind=Hold.SUSPENDED, ended_at__isnull=False).exclude(case__state="voided"):
            assert row.started_at <= row.ended_at <= row.until, f"pause {row.pk} ended at {row.ended_at}"
        for clock in Deadline.objects.filter(clock=Clock.CASE, breached_at__isnull=False, unit__startswith="natural"):
            pauses = Pause.objects.filter(
                case=clock.case_id, started_at__gte=clock.started_at, started_at__lt=clock.breached_at
            )
            still = sum(((p.ended_at or self.now) - p.started_at for p in pauses), dt.timedelta())
            ran = clock.breached_at - clock.started_at - still
            unit = {"natural_second": 1, "natural_hour": 3600, "natural_day": 86_400}[clock.unit]
            limit = dt.timedelta(seconds=float(clock.value) * unit)
            raised = clock.ledger.filter(entry__in=["tier", "category"], at__gte=clock.breached_at).exists()
            assert raised or ran >= limit - dt.timedelta(seconds=1), f"clock {clock.pk} ran {ran} of {limit}"


def system() -> User:
    return User.objects.system()
