"""The ladder in a tale: what cases.actions.striking and climbing would have done at each moment of its clocks."""

from abc import ABC, abstractmethod
from json.encoder import encode_basestring

from cases.choices import DEMANDS, LIMITS, RED_SOON, RED_STAGE, STAGES, CardLevel, Cause, LimitOf

from .book import Book, Clock, Demand, Order
from .cast import Place
from .history import Case
from .limits import Moment, utc

# (deserved at, level, clock): a card that a clock asks for.
Rise = tuple[float, CardLevel, Clock]


class Ladder(ABC):
    """The half of a tale that nobody acts in."""

    book: Book
    case: Case
    key: int
    place: Place
    lead: Order | None
    running: list[Clock]
    demands: list[Demand]
    levels: dict[int, int]  # the highest card of each round
    breached: int | None
    card: int
    version: int
    last: float

    def _strike_until(self, at: int) -> None:
        while self.running:
            first = min(clock.moment for clock in self.running)
            if first > at:
                return
            now = max(first, self.last)
            struck = sorted((c for c in self.running if c.moment <= now), key=lambda clock: clock.key)
            self._strike(struck, now)

    def _strike(self, struck: list[Clock], now: float) -> None:
        late: list[Clock] = []
        rises: list[Rise] = []
        for clock in struck:
            if clock.breached is None:
                clock.told = max(share for share in STAGES[clock.name] if clock.stage(share) <= now)
                if clock.told == 100:
                    self._breach(clock, now, rises)
                    late.append(clock)
            if clock.red is not None and clock.told < RED_STAGE and clock.red <= now:
                clock.told = RED_STAGE
                rises.append((clock.red, CardLevel.RED, clock))
            clock.look_ahead()
        for clock in late:
            data = f'"clock": "{clock.name}", "due": "{utc(clock.due)}"'
            self._record("cases.breached", now, self.book.cast.system, data)
        given = [rise for rise in sorted(rises, key=lambda rise: rise[:2]) if self._deserves(*rise, now)]
        self.version += bool(given) or any(clock.name == "case" for clock in late)
        for _moment, level, clock in given:
            if level == CardLevel.RED:
                self._supervise(clock, now)

    def _breach(self, clock: Clock, now: float, rises: list[Rise]) -> None:
        clock.breached = clock.due
        self._ledger(clock.key, "breach", now, self.book.cast.system)
        if clock.name == "case":
            self.breached = self.breached or clock.due
            soon = self.case.tier == "A" or self.case.urgency == "emergency"
            value, unit = RED_SOON if soon else LIMITS[LimitOf.RED]
            clock.red = self.book.almanac.due(clock.due, value, unit).at
            rises.append((clock.due, CardLevel.YELLOW, clock))

    def _deserves(self, moment: float, level: CardLevel, clock: Clock, now: float) -> bool:
        """Give the card, if it is higher than any of its round."""
        if level <= self.levels.get(clock.round, 0):
            return False
        self._give_card(now, moment, level, clock.round, Cause.OVERDUE, self.lead)
        return True

    def _give_card(
        self, now: float, moment: float, level: CardLevel, number: int, cause: Cause, order: Order | None
    ) -> None:
        self.levels[number] = level
        self.card = max(self.card, level)
        unit, grid = (order.unit, order.grid) if order else (None, None)
        self._line("cases_card", self.key, int(level), number, unit, grid, utc(moment))
        data = f'"card": {int(level)}, "cause": "{cause}", "round": {number}'
        self._record("cases.carded", now, self.book.cast.system, data)

    def _supervise(self, clock: Clock, now: float) -> None:
        """The red card's supervision, in place of any before."""
        system, place, at = self.book.cast.system, self.place, int(now)
        self._lay_down(at, system)
        value, unit = LIMITS[LimitOf.REPLY]
        due = self.book.almanac.due(at, value, unit)
        order, text = self.lead, DEMANDS[Cause.OVERDUE]
        ground = {"A": place.comprehensive, "B": place.total, "C": place.street}[self.case.tier]
        to = (order.unit, order.grid) if order else (None, ground)
        demand = Demand(
            self.book.next_supervision(), clock.round, order.key if order else None, *to, text, at, due.at
        )  # fmt: skip
        self.demands.append(demand)
        self._start("reply", at, due, system, str(value), str(unit), supervision=demand.key)
        data = f'"card": 2, "rule": {encode_basestring(text)}, "reply_due": "{due.text}"'
        self._record("cases.supervised", now, system, data)

    def _open_demand(self) -> Demand | None:
        return next((row for row in self.demands if row.replied is None and row.superseded is None), None)

    def _lay_down(self, at: int, by: int) -> None:
        demand = self._open_demand()
        if demand is None:
            return
        demand.superseded = at
        for clock in self._stop("reply"):
            clock.dropped = at
            self._ledger(clock.key, "dropped", at, by)

    # --- what the other half writes ----------------------------------------------------------------------------------

    @abstractmethod
    def _start(
        self, name: str, at: int, due: Moment, by: int, value: str, unit: str, *, policy: int | None = None,
        order: int | None = None, reason: str = "", supervision: int | None = None,
    ) -> None:  # fmt: skip
        ...

    @abstractmethod
    def _stop(self, *names: str) -> list[Clock]: ...

    @abstractmethod
    def _record(self, verb: str, at: float, by: int, data: str) -> None: ...

    @abstractmethod
    def _ledger(self, clock: int, entry: str, at: float, by: int, reason: str = "", data: str = "{}") -> None: ...

    @abstractmethod
    def _line(self, table: str, *values: object) -> None: ...
