"""What one rate gave."""

from dataclasses import dataclass

LIMIT_MS, FAULTS_ALLOWED = 500.0, 0.001


@dataclass
class Step:
    """What one rate gave: milliseconds, faults by their words, cores busy (house, engines, people)."""

    rate: float
    times: dict[str, list[float]]
    faults: dict[str, int]
    sent: int
    cores: tuple[float, float, float]

    @property
    def all(self) -> list[float]:
        return sorted(time for times in self.times.values() for time in times)

    def quantile(self, share: float, kind: str = "") -> float:
        times = sorted(self.times.get(kind, [])) if kind else self.all
        return times[min(len(times) - 1, int(len(times) * share))] if times else float("inf")

    @property
    def good(self) -> bool:
        return self.quantile(0.99) <= LIMIT_MS and sum(self.faults.values()) <= FAULTS_ALLOWED * self.sent
