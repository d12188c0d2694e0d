"""One case of the past as the actions would have left it: rows of eight tables, its records, and its live jobs.

A second spelling of cases.actions, kept honest by tests/demo/test_bulk.py, which plays the same cases through the
actions and compares row by row. Instants are seconds since 1970 (whole; half of an odd limit ends on .5).
"""

from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from cases.actions.clocks import KIND, OUT_OF_TIME
from cases.choices import LEVEL_OF_TIER, SIGN_IN_LIMIT, VERIFY_LIMIT, CardLevel, Cause, Tier
from cases.models import Reporter

from .book import NEVER, Book, Clock, Demand, Order
from .cast import ANSWER, REOPEN_REASON, RETURN_REASON, RETURN_TOLD, REWORK_REASON, public_reply
from .history import Case
from .ladder import Ladder
from .limits import Moment, utc

NULL = "\\N"
SUBJECT = "cases.case"
PHONE: Any = Reporter._meta.get_field("phone")
UNSAID = "已处理，请核查。"  # the result of a completion whose words the end of the history cut off


class Tale(Ladder):
    """Tells one case from its report to the end of the history."""

    def __init__(self, book: Book, case: Case, key: int) -> None:
        self.book, self.case, self.key = book, case, key
        self.place = book.cast.places[case.grid]
        self.kind = book.kinds[case.category]
        self.decider = book.cast.decider(case.tier, self.place, case.number)
        self.reporter = book.cast.reporter(case.channel, self.place, case.number)
        self.state, self.version, self.round, self.reworked, self.card = "submitted", 1, 1, 0, 0
        self.accepted: int | None = None
        self.dispatched: int | None = None
        self.signed: int | None = None
        self.completed: int | None = None
        self.completed_by: int | None = None
        self.verified: int | None = None
        self.closed: int | None = None
        self.started: int | None = None
        self.due: int | None = None
        self.breached: int | None = None
        self.provisional = False
        self.result = self.outcome = self.reply = ""
        self.lead: Order | None = None
        self.orders: list[Order] = []
        self.clocks: list[Clock] = []
        self.running: list[Clock] = []
        self.demands: list[Demand] = []
        self.levels: dict[int, int] = {}
        self.last: float = 0

    def tell(self) -> None:
        """Play all steps, with the clocks' moments in between, and write the rows down."""
        for step in self.case.steps():
            at = int(step.at.timestamp())
            self._strike_until(at)
            _VERBS[step.verb](self, at, step.unit)
            self.last = at
        self._strike_until(self.book.stop)
        self._write()

    # --- the verbs, as in cases.actions ------------------------------------------------------------------------------

    def _report(self, at: int, _unit: str) -> None:
        case, kind, by = self.case, self.kind, self.reporter
        data = (
            f'"category": "{case.category}", "tier": "{case.tier}", "channel": "{case.channel}", "grid": "{case.grid}"'
        )
        data += f', "phone": "{case.contact}"' if case.contact else ""
        self._record("cases.reported", at, by, data)
        if not case.captured:
            due = self.book.almanac.due(at, kind.response_hours, "natural_hour")
            self._start("response", at, due, by, str(kind.response_hours), "natural_hour")
            return
        due = self.book.almanac.due(at, kind.value, kind.unit)
        self.accepted = self.started = at
        self.due, self.provisional, self.state = due.at, due.provisional, "accepted"
        self._record("cases.accepted", at, by, f'"tier": "{case.tier}", "captured": true')
        if case.own:
            self.state, self.dispatched, self.signed = "handling", at, at
            self.lead = self._order(at, "", by)
            self.lead.state, self.lead.handler, self.lead.signed = "signed", by, at
            self._record("cases.signed_in", at, by, '"captured": true')
        self._start("case", at, due, by, kind.captured_text, kind.unit, policy=kind.policy)

    def _accept(self, at: int, _unit: str) -> None:
        kind, by = self.kind, self.decider
        due = self.book.almanac.due(at, kind.value, kind.unit)
        self._start("case", at, due, by, kind.accepted_text, kind.unit, policy=kind.policy)
        self._meet(at, by, "response")
        when = f'[null, "{utc(at)}"]'
        provisional = ', "provisional": [false, true]' if due.provisional else ""
        changes = f'"accepted_at": {when}, "started_at": {when}, "due_at": [null, "{due.text}"]{provisional}'
        self._move("accepted", "accepted", at, by, changes)
        self.accepted = self.started = at
        self.due, self.provisional = due.at, due.provisional

    def _dispatch(self, at: int, unit: str) -> None:
        by = self.decider
        order = self.lead = self._order(at, unit, by)
        first, almanac = self.dispatched is None, self.book.almanac
        if first:
            self.dispatched = at
        assert self.due is not None
        value, counted = SIGN_IN_LIMIT
        sign_in = almanac.due(at, value, counted)
        late = self.due <= at
        step, reason = (sign_in, OUT_OF_TIME) if late else (Moment(self.due, utc(self.due), self.provisional, "[]"), "")
        if not late and step.at < sign_in.at:
            sign_in = step
        self._start("sign_in", at, sign_in, by, str(value), counted, order=order.key)
        hours = max(Decimal((step.at - at) / 3600).quantize(Decimal("0.01")), Decimal("0.01"))
        step = Moment(step.at, step.text, step.provisional, "[]")
        self._start("handle", at, step, by, str(hours), "natural_hour", order=order.key, reason=reason)
        changes = f'"lead_order": [null, {order.key}]' + (f', "dispatched_at": [null, "{utc(at)}"]' if first else "")
        self._move("dispatched", "dispatched", at, by, changes, f', "to": {_quoted(order.name)}, "was": "{self.state}"')

    def _sign_in(self, at: int, unit: str) -> None:
        order, by = self._in_force(), self.book.cast.handler(unit, self.place)
        order.state, order.handler, order.signed = "signed", by, at
        self._meet(at, by, "sign_in")
        self._move("signed_in", "handling", at, by, f'"signed_at": [null, "{utc(at)}"]')
        self.signed = at

    def _return(self, at: int, unit: str) -> None:
        order, asker, by = self._in_force(), self.book.cast.handler(unit, self.place), self.decider
        asked, application = f'{{"round": {self.round}, {_TOLD}}}', self.book.next_application()
        level = int(LEVEL_OF_TIER[Tier(self.case.tier)])
        self._line(
            "cases_application", application, self.key, order.key, "return", "approved", level, 1, asked, RETURN_REASON, asker,
            utc(at), None, by, utc(at), "",
        )  # fmt: skip
        more = f'"kind": "return", "application": {application}, "note": {_quoted(RETURN_REASON)}, "asked": {asked}'
        self.version += 1
        self._record("cases.asked", at, asker, f'"changes": {{}}, {more}')
        order.state, order.ended, order.reason = "returned", at, RETURN_REASON
        for clock in self._stop("sign_in", "handle"):
            clock.dropped = at
            self._ledger(clock.key, "dropped", at, by)
        self._ledger(self._case_clock().key, "handover", at, by, reason=order.name)
        more = f', "note": {_quoted(RETURN_REASON)}, "to": {_quoted(order.name)}, "application": {application}, "asked": {asked}'
        self._move("returned", "accepted", at, by, f'"lead_order": [{order.key}, null]', more)
        self.lead = None

    def _complete(self, at: int, unit: str) -> None:
        order, by = self._in_force(), self.book.cast.handler(unit, self.place)
        result = self.case.outcome or UNSAID
        order.state, order.ended = "done", at
        value, counted = VERIFY_LIMIT
        self._start("verify", at, self.book.almanac.due(at, value, counted), by, str(value), counted)
        self._meet(at, by, "case", "handle")
        changes = f'"completed_at": [null, "{utc(at)}"], "completed_by": [null, {by}]'
        changes += f', "result": [{_quoted(self.result)}, {_quoted(result)}]' if self.result != result else ""
        changes += ', "outcome": ["", "solved"]' if not self.outcome else ""
        self._move("completed", "completed", at, by, changes)
        self.completed, self.completed_by, self.result, self.outcome = at, by, result, "solved"

    def _rework(self, at: int, _unit: str) -> None:
        order, by = self._in_force(), self.decider
        order.state, order.ended = "signed", None
        self._meet(at, by, "verify")
        clock = self._case_clock()
        clock.met = None
        clock.look_ahead()
        self.running.append(clock)
        self._ledger(clock.key, "rework", at, by, reason=REWORK_REASON)
        assert self.completed is not None
        changes = f'"completed_at": ["{utc(self.completed)}", null], "completed_by": [{self.completed_by}, null]'
        changes += f', "rework_count": [{self.reworked}, {self.reworked + 1}]'
        self._move("reworked", "handling", at, by, changes, f', "note": {_quoted(REWORK_REASON)}')
        self.completed = self.completed_by = None
        self.reworked += 1

    def _verify(self, at: int, _unit: str) -> None:
        self._meet(at, self.decider, "verify")
        self._move("verified", "verified", at, self.decider, f'"verified_at": [null, "{utc(at)}"]')
        self.verified = at

    def _answer(self, at: int, unit: str) -> None:
        demand, by = self._open_demand(), self.book.cast.handler(unit, self.place)
        assert demand is not None
        demand.reply, demand.replied_by, demand.replied = ANSWER, by, at
        self._meet(at, by, "reply")
        self.version += 1
        self._record("cases.answered", at, by, f'"changes": {{}}, "note": {_quoted(ANSWER)}')

    def _close(self, at: int, _unit: str) -> None:
        self._lay_down(at, self.decider)
        reply = public_reply(self.case.channel, self.case.contact, self.result)
        changes = f'"closed_at": [null, "{utc(at)}"]' + (f', "reply": ["", {_quoted(reply)}]' if reply else "")
        self._move("closed", "closed", at, self.decider, changes)
        self.closed, self.reply = at, reply

    def _rate(self, at: int, _unit: str) -> None:
        score, solved = self.case.rating, self.case.rating != 1
        said = "true" if solved else "false"
        self.version += 1
        self._record("cases.rated", at, self.decider, f'"changes": {{}}, "score": {score}, "solved": {said}')
        self._line("cases_rating", self.key, score, solved, "", self.decider, utc(at), 0)

    def _reopen(self, at: int, _unit: str) -> None:
        kind, order, by = self.kind, self._in_force(), self.decider
        due = self.book.almanac.due(at, kind.value, kind.unit)
        self.round += 1
        self._start("case", at, due, by, kind.accepted_text, kind.unit, policy=kind.policy)
        assert self.started and self.due and self.signed and self.completed and self.verified and self.closed
        changes = f'"started_at": ["{utc(self.started)}", "{utc(at)}"], "due_at": ["{utc(self.due)}", "{due.text}"]'
        if self.provisional != due.provisional:
            changes += ', "provisional": [true, false]' if self.provisional else ', "provisional": [false, true]'
        changes += f', "lead_order": [{order.key}, null], "signed_at": ["{utc(self.signed)}", null]'
        changes += f', "completed_at": ["{utc(self.completed)}", null], "completed_by": [{self.completed_by}, null]'
        changes += f', "verified_at": ["{utc(self.verified)}", null], "closed_at": ["{utc(self.closed)}", null]'
        changes += ', "outcome": ["solved", ""]' + (f', "reply": [{_quoted(self.reply)}, ""]' if self.reply else "")
        self._move("reopened", "accepted", at, by, changes, f', "note": {_quoted(REOPEN_REASON)}')
        self._give_card(at, at, CardLevel.YELLOW, self.round, Cause.REOPENED, order)
        self.started, self.due, self.provisional, self.lead, self.outcome = at, due.at, due.provisional, None, ""
        self.signed = self.completed = self.completed_by = self.verified = self.closed = None
        self.reply = ""

    # --- the clocks, as in cases.actions.clocks ----------------------------------------------------------------------

    def _start(
        self, name: str, at: int, due: Moment, by: int, value: str, unit: str, *, policy: int | None = None,
        order: int | None = None, reason: str = "", supervision: int | None = None,
    ) -> None:  # fmt: skip
        clock = Clock(
            self.book.next_deadline(), order, name, self.round, value, unit, policy, at, due.at, due.provisional
        )
        clock.supervision = supervision
        clock.look_ahead()
        self.clocks.append(clock)
        self.running.append(clock)
        data = (
            f'{{"value": "{value}", "unit": "{unit}", "policy": {policy or "null"}, "due": "{due.text}", '
            f'"skipped": {due.skipped}, "provisional": {"true" if due.provisional else "false"}}}'
        )
        self._ledger(clock.key, "start", at, by, reason=reason, data=data)

    def _stop(self, *names: str) -> list[Clock]:
        found = [clock for clock in self.running if clock.name in names]
        self.running = [clock for clock in self.running if clock.name not in names]
        return found

    def _meet(self, at: int, by: int, *names: str) -> None:
        for clock in self._stop(*names):
            clock.met = at
            self._ledger(clock.key, "met", at, by)

    def _case_clock(self) -> Clock:
        return next(clock for clock in reversed(self.clocks) if clock.name == "case")

    # --- rows --------------------------------------------------------------------------------------------------------

    def _order(self, at: int, unit: str, by: int) -> Order:
        key, place = self.book.next_order(), self.place
        if unit:
            desk = self.book.cast.desks[unit]
            order = Order(key, desk.pk, None, desk.name, by, at)
        else:
            order = Order(key, None, place.pk, place.name, by, at)
        self.orders.append(order)
        return order

    def _in_force(self) -> Order:
        assert self.lead is not None
        return self.lead

    def _move(self, verb: str, state: str, at: int, by: int, changes: str, more: str = "") -> None:
        self.version += 1
        self._record(f"cases.{verb}", at, by, f'"changes": {{"state": ["{self.state}", "{state}"], {changes}}}{more}')
        self.state = state

    def _record(self, verb: str, at: float, by: int, data: str) -> None:
        line = f"{utc(at)}\t{verb}\t{by}\t{SUBJECT}\t{self.key}\t{self.place.code}\t{{{data}}}\n"
        self.book.records.append((at, line.replace("\\", "\\\\")))

    def _ledger(self, clock: int, entry: str, at: float, by: int, reason: str = "", data: str = "{}") -> None:
        self.book.lines["cases_ledgerentry"].append(f"{clock}\t{entry}\t{utc(at)}\t{by}\t0\t{reason}\t{data}\n")

    def _line(self, table: str, *values: object) -> None:
        self.book.lines[table].append("\t".join([NULL if v is None else str(v) for v in values]) + "\n")

    def _write(self) -> None:
        case, place, at = self.case, self.place, int(self.case.submitted_at.timestamp())
        self._line(
            "cases_case", self.key, f"{case.submitted_at:%Y%m%d}{self.key % 1_000_000:06d}", self.state, self.kind.pk,
            case.tier, case.urgency, case.channel, _escaped(case.title), _escaped(case.text), place.street, place.total,
            place.comprehensive, place.pk, _escaped(case.place), case.lon, case.lat, "WGS84", f"[{case.lon}, {case.lat}]",
            self.reporter, utc(at), _when(self.accepted), _when(self.dispatched), _when(self.signed),
            _when(self.completed), _when(self.verified), _when(self.closed), "", _escaped(self.result), self.outcome,
            self.completed_by, self.lead.key if self.lead else None, self.round, self.reworked, _when(self.started),
            _when(self.due), self.provisional, _when(self.breached), self.card, self.version,
            _escaped(self.reply),
        )  # fmt: skip
        self._line("cases_reporter", self.key, "", PHONE.closed(case.contact), case.anonymous)
        for order in self.orders:
            self._line(
                "cases_order", order.key, self.key, order.unit, order.grid, order.state, order.sent_by, utc(order.sent),
                "", order.handler, _when(order.signed), _when(order.ended), order.reason,
            )  # fmt: skip
        for clock in self.clocks:
            due = utc(clock.due)
            self._line(
                "cases_deadline", clock.key, self.key, clock.order, clock.name, clock.round, clock.value, clock.unit,
                clock.policy, utc(clock.start), due, due, clock.provisional, clock.told, _when(clock.met),
                _when(clock.dropped), _when(clock.breached), _when(clock.red), clock.supervision,
            )  # fmt: skip
        for demand in self.demands:
            self._line(
                "cases_supervision", demand.key, self.key, "ordinary", 2, demand.round, demand.order, demand.unit,
                demand.grid, demand.text, self.book.cast.system, utc(demand.at), utc(demand.due), demand.reply,
                demand.replied_by, _when(demand.replied), _when(demand.superseded),
            )  # fmt: skip
        for clock in self.running:
            if clock.moment < NEVER:
                when = utc(clock.moment)
                self._line("core_job", KIND, clock.key, when, when, "{}", 0, "")


def _when(at: float | None) -> str:
    return NULL if at is None else utc(at)


def _escaped(text: str) -> str:
    """TEXT as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


_quoted = encode_basestring
_TOLD = ", ".join(f"{_quoted(name)}: {_quoted(said)}" for name, said in RETURN_TOLD.items())
_VERBS: dict[str, Callable[[Tale, int, str], None]] = {
    "report": Tale._report,
    "accept": Tale._accept,
    "dispatch": Tale._dispatch,
    "sign_in": Tale._sign_in,
    "return": Tale._return,
    "answer": Tale._answer,
    "complete": Tale._complete,
    "rework": Tale._rework,
    "verify": Tale._verify,
    "close": Tale._close,
    "rate": Tale._rate,
    "reopen": Tale._reopen,
}
