"""What a tale keeps in its head while a case is told (orders, clocks), and the book all tales are written into."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.choices import RED_STAGE, STAGES

from .cast import Cast
from .limits import Almanac, Kind

NEVER = float("inf")


@dataclass(slots=True)
class Clock:
    """A deadline."""

    key: int
    order: int | None
    name: str
    round: int
    value: str
    unit: str
    policy: int | None
    start: int
    due: int
    provisional: bool
    told: int = 0
    moment: float = NEVER  # when something happens next
    met: float | None = None
    dropped: float | None = None
    breached: int | None = None
    red: int | None = None  # when the red card comes
    supervision: int | None = None

    def look_ahead(self) -> None:
        if self.breached is not None:
            self.moment = NEVER if self.red is None or self.told >= RED_STAGE else self.red
            return
        share = next((share for share in STAGES[self.name] if share > self.told), None)
        self.moment = NEVER if share is None else self.stage(share)

    def stage(self, share: int) -> float:
        return self.start + (self.due - self.start) * share / 100


@dataclass(slots=True)
class Order:
    key: int
    unit: int | None
    grid: int | None
    name: str
    sent_by: int
    sent: int
    state: str = "sent"
    handler: int | None = None
    signed: int | None = None
    ended: int | None = None
    reason: str = ""


@dataclass(slots=True)
class Demand:
    """A supervision by rule: red, and due for an answer."""

    key: int
    round: int
    order: int | None
    unit: int | None
    grid: int | None
    text: str
    at: float
    due: int
    reply: str = ""
    replied_by: int | None = None
    replied: int | None = None
    superseded: int | None = None


@dataclass(slots=True)
class Book:
    """What all tales share: who and what there is, the next free keys, and the lines for COPY by table."""

    cast: Cast
    kinds: dict[str, Kind]
    almanac: Almanac
    stop: int
    order: int = 0
    deadline: int = 0
    application: int = 0
    supervision: int = 0
    lines: dict[str, list[str]] = field(default_factory=dict)
    records: list[tuple[float, str]] = field(default_factory=list)

    def begin(self, tables: Iterable[str]) -> None:
        """Begin a chunk."""
        self.lines = {table: [] for table in tables}
        self.records = []

    def next_order(self) -> int:
        self.order += 1
        return self.order

    def next_application(self) -> int:
        self.application += 1
        return self.application

    def next_deadline(self) -> int:
        self.deadline += 1
        return self.deadline

    def next_supervision(self) -> int:
        self.supervision += 1
        return self.supervision
