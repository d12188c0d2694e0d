"""What tests of webhooks share: a webhook that is on, events for it, and couriers that carry what is due."""

import datetime as dt
import json
import re
from typing import Any

from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from cases.models import Case, Category
from gridgov.core.records import record
from grids.models import Grid
from integrations.actions.hooks import add_hook, check_hook, forget_hooks, switch_hook
from integrations.choices.hooks import BEGINS_AFTER, answer_to, signed
from integrations.jobs.hooks import claim_deliveries
from integrations.models import Delivery, Webhook
from tests.factories import MONDAY, make_user
from tests.receivers import Got, Receiver, Reply

SECOND = dt.timedelta(seconds=1)
# When webhooks made by `make_hook` at MONDAY hear what happens.
LATER = MONDAY + BEGINS_AFTER


def pairs(header: str) -> tuple[int, dict[int, str]]:
    """The moment of a signature, and what it says by the number of the key."""
    found = re.fullmatch(r"t=(\d+)((?:,kid=\d+,v1=[0-9a-f]{64})+)", header)
    assert found, header
    return int(found[1]), {int(kid): v1 for kid, v1 in re.findall(r"kid=(\d+),v1=([0-9a-f]+)", found[2])}


def is_signed(got: Got, secret: str, kid: int = 1) -> bool:
    moment, values = pairs(got.headers["x-gridgov-signature"])
    return values.get(kid) == signed(secret, moment, got.body)


def obliging(secrets: dict[str, str]) -> Any:
    """Answers challenges with the secret of the path they came to, and everything else with 200."""

    def answer(got: Got) -> Reply:
        said = json.loads(got.body)
        if said["kind"] != "endpoint.check":
            return 200, {}, b"ok"
        return 200, {}, json.dumps({"answer": answer_to(secrets[got.path], said["challenge"])}).encode()

    return answer


def make_hook(
    receiver: Receiver, owner: User, *events: str, path: str = "/hook", on: bool = True, **limits: Any
) -> Webhook:
    """A webhook of OWNER to RECEIVER for EVENTS (the usual few unless named), checked and switched on at MONDAY."""
    keeper = make_user(Role.SYSTEM_ADMIN)
    events = events or ("case.reported", "case.accepted", "case.closed")
    hook = add_hook(
        name=f"钩子{path}", url=receiver.url + path, events=events, owner=owner, by=keeper, at=MONDAY, **limits
    )
    if on:
        kept, receiver.answer = receiver.answer, obliging({path: hook.secret()})
        hook = switch_hook(hook=check_hook(hook=hook, by=keeper, at=MONDAY), on=True, by=keeper, at=MONDAY)
        receiver.answer = kept
        receiver.got.clear()
        forget_hooks()
    return hook


def make_case(grid: Grid, category: Category, by: User, **values: Any) -> Case:
    """A case row in GRID, made plainly."""
    path = {one.kind: one for one in grid.get_ancestors(include_self=True)}
    levels = {
        "street": path["street"],
        "total": path.get("total"),
        "comprehensive": path.get("comprehensive"),
        "grid": grid,
    }
    return Case.objects.create(
        category=category, tier="A", urgency="normal", channel="patrol", title="路灯不亮", text="张三报告", reported_by=by,
        reported_at=MONDAY, **{**levels, **values},
    )  # fmt: skip


def happen(case: Case, *verbs: str, by: User, at: dt.datetime = LATER) -> None:
    """Record VERBS of CASE one after the other."""
    for verb in verbs:
        with transaction.atomic():
            record(verb, case, by=by, at=at, data={"note": "李四 13800138000"})


def carry_all(at: dt.datetime = LATER, most: int = 200) -> int:
    """Let one courier carry until nothing is due at AT; how often it went."""
    for turn in range(most):
        work = claim_deliveries(at)
        if work is None:
            return turn
        work()
    raise AssertionError("there is no end to it")


def ids(receiver: Receiver) -> list[str]:
    return [json.loads(got.body)["id"] for got in receiver.got]


def states(hook: Webhook) -> list[tuple[str, int]]:
    """State and tries of its deliveries, in their order."""
    return list(Delivery.objects.filter(webhook=hook).order_by("pk").values_list("state", "tries"))
