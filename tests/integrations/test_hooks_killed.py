"""Couriers are killed in the middle of their work: every event arrives, those of a case in their order, under the same id."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from gridgov.core.records import record_all
from integrations.choices.hooks import BATCH
from integrations.models import Delivery
from tests.factories import make_cast
from tests.integrations.hooking import LATER, ids, make_case, make_hook
from tests.receivers import Got, Receiver, Reply

ROOT = Path(__file__).parent.parent.parent
CASES, EACH, KILLS = 60, 5, 2
VERBS = ("cases.reported", "cases.accepted", "cases.dispatched", "cases.completed", "cases.closed")
EVENTS = ("case.reported", "case.accepted", "case.dispatched", "case.completed", "case.closed")


def courier() -> subprocess.Popen[str]:
    """One on the test's database; it says when it begins."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridgov.settings", "GRIDGOV_OUTGOING_ALLOWED": "127.0.0.1",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.integrations.courier", "60"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.django_db(transaction=True)
def test_every_event_arrives_whoever_is_killed(receiver: Receiver) -> None:
    cast = make_cast()
    make_hook(receiver, cast.street, *EVENTS)
    cases = [make_case(cast.place.micros[0], cast.category, cast.worker) for _number in range(CASES)]
    with transaction.atomic():
        record_all([(verb, case, {}) for verb in VERBS for case in cases], by=cast.street, at=LATER)
    assert Delivery.objects.count() == CASES * EACH

    def answer(got: Got) -> Reply:
        time.sleep(0.002)
        return 200, {}, b""

    receiver.answer = answer
    with ExitStack() as stack:
        couriers = [stack.enter_context(courier()) for _number in range(KILLS + 1)]
        for one in couriers:
            stack.callback(one.kill)
        for number in range(KILLS):
            _until(lambda number=number: len(receiver.got) > (number + 1) * CASES)
            couriers[number].kill()
        for one in couriers:
            one.wait(timeout=60)
    sent = [json.loads(got.body) for got in receiver.got]
    assert len(set(ids(receiver))) == CASES * EACH
    assert CASES * EACH <= len(sent) <= CASES * EACH + KILLS * BATCH
    assert Delivery.objects.filter(state="sent").count() == CASES * EACH
    # By its first arrival each event of a case comes after the one before.
    by_case = sorted(sent, key=lambda said: said["subject"]["id"])
    for _case, said in groupby(by_case, key=lambda one: one["subject"]["id"]):
        assert list(dict.fromkeys(one["kind"] for one in said)) == list(EVENTS)


def _until(reached: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)
