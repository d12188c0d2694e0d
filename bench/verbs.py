"""The dearer verbs beside a plain transition of the same run: an order, an application, a merge."""

import itertools
from collections.abc import Iterator

import psutil

from bench.measure import Client, Pair, together
from bench.stage import Stage, say
from bench.web import Setting

TURNS, EACH = 6, 25


def measure_verbs(stage: Stage) -> dict[str, Pair]:
    """Each verb's figure stands beside accepting a case, asked by turns with it."""
    setting = Setting(stage)
    with stage.web() as (port, server):
        client = Client(port, setting.token)
        found = {
            "an order": _beside(server, client, setting, _Orders(client, setting)),
            "an application": _beside(server, client, setting, _Applications(client, setting)),
            "a merge": _beside(server, client, setting, _Merges(client, setting)),
        }
    for name, pair in found.items():
        say(f"  {name:<16} {pair.real.median:7.2f} ms  a transition {pair.floor.median:6.2f} ms  x{pair.ratio:4.2f}")
    return found


def _beside(server: psutil.Process, client: Client, setting: Setting, verb: "_Verb") -> Pair:
    """VERB by turns with an acceptance; the cases of both are made before the clock starts."""
    count = (TURNS + 1) * EACH
    verb.make_ready(count)
    waiting = iter([setting.new_case(client) for _ in range(count)])
    return together(
        server, client, verb, lambda c: c.post(f"/api/v1/cases/{next(waiting)}/accept/", {}), rounds=TURNS, each=EACH,
    )  # fmt: skip


class _Verb:
    """Something done to one case after another."""

    def __init__(self, client: Client, setting: Setting) -> None:
        self.client, self.setting = client, setting
        self.cases: Iterator[int] = iter(())

    def make_ready(self, count: int) -> None:
        self.cases = iter([self.ready() for _ in range(count)])

    def ready(self) -> int:
        """A case that waits for the verb."""
        return self.setting.new_case(self.client)

    def __call__(self, client: Client) -> None:
        """The request that is timed."""


class _Orders(_Verb):
    def ready(self) -> int:
        case = super().ready()
        self.client.post(f"/api/v1/cases/{case}/accept/", {})
        return case

    def __call__(self, client: Client) -> None:
        client.post(f"/api/v1/cases/{next(self.cases)}/dispatch/", {"unit": self.setting.unit})


class _Applications(_Orders):
    """An extension is asked for by the street; who decides is told."""

    def __call__(self, client: Client) -> None:
        body = {"kind": "extension", "reason": "等待配件", "value": 1, "unit": "natural_hour"}
        client.post(f"/api/v1/cases/{next(self.cases)}/ask/", body)


class _Merges(_Verb):
    """Every one into the same, older case."""

    def make_ready(self, count: int) -> None:
        self.leading = itertools.repeat(self.ready())
        super().make_ready(count)

    def __call__(self, client: Client) -> None:
        body = {"leading": next(self.leading), "reason": "同一事件"}
        client.post(f"/api/v1/cases/{next(self.cases)}/merge/", body)
