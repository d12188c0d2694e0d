"""The simulated hotline, the house and its worker, each a process of its own: orders come in, completion goes out."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.choices import Role
from cases.models import Case
from gridgov.core.jobs import ERRANDS, kick, promise_standing
from gridgov.core.models import Job
from integrations.actions import hotline as actions
from integrations.choices.hotline import InboundState
from integrations.models import Inbound, Outbound, Partner, PartnerOrder
from tests.factories import make_cast, make_category, make_user
from tests.integrations.test_hotline_out import WAY, through
from tests.integrations.test_hotline_simulator import CODES

ROOT = Path(__file__).parents[2]
WORKER = [
    sys.executable, "-m", "celery", "-A", "gridgov.celery", "--quiet", "worker", "--queues", "celery,errands",
    "--concurrency", "1", "--without-gossip", "--without-mingle", "-l", "ERROR",
]  # fmt: skip


@contextmanager
def worker() -> Iterator[None]:
    """A Celery worker on this test's database that takes jobs of the house and what leads outside."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {**os.environ, "DATABASE_URL": address.geturl(), "GRIDGOV_OUTGOING_ALLOWED": "127.0.0.1"}
    with subprocess.Popen(WORKER, cwd=ROOT, env=env, start_new_session=True) as process:
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def simulator(*arguments: str) -> Iterator[str]:
    """A simulated hotline; the address of its page."""
    command = [sys.executable, *arguments, "--port", "0", "--orders", "6", "--pause", "0", "--seed", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Asks for sweeps as beat does, and lets the standing job hear at once instead of in five seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        Job.objects.filter(kind="integrations.hear", lease=None).update(run_at=timezone.now())
        kick()
        kick(ERRANDS)
        time.sleep(0.2)


def heard_of(page: str) -> dict[str, list[str]]:
    """What the hotline was told about each order, by the last figure of its number."""
    rows = re.findall(r"<tr><td>[^<]*(\d)</td><td>.*?</td><td>(.*?)</td></tr>", page)
    return {number: [line.split()[0] for line in told.split("<br>") if line] for number, told in rows}


@pytest.mark.django_db(transaction=True)
def test_orders_come_in_and_completion_goes_out(live_server: Any, settings: Any, capsys: Any) -> None:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    with worker():
        cast = make_cast()
        make_user(Role.SYSTEM_ADMIN)
        for code in CODES:
            make_category(code, response_hours=4)
        promise_standing()
        call_command("hotline_partner", house=live_server.url)
        with simulator(*capsys.readouterr().out.split()[1:]) as url:
            partner = Partner.objects.get(code="city")
            actions.change_partner(partner=partner, address=url.rstrip("/"), by=partner.made_by, at=timezone.now())

            def page() -> str:
                with urllib.request.urlopen(url) as answer:
                    return str(answer.read().decode())

            wait_until(lambda: Inbound.objects.exclude(state="waiting").count() == 11 and page().count("received") == 5)
            order = PartnerOrder.objects.filter(confidential=False, recalled_at=None, case__isnull=False).earliest("pk")
            through(cast, order.case, timezone.now())
            # Each thing arrives once, in its order; the order that was recalled before anybody accepted it goes back.
            received = {number: ["received"] for number in "0125"}
            wanted = {**received, "3": [], "4": ["received", "return"], order.number[-1]: WAY}
            wait_until(lambda: heard_of(page()) == wanted and not Outbound.objects.exclude(state="sent").exists())
            told = page()
    done = InboundState.DONE
    states = {
        number: list(
            Inbound.objects.filter(order__number__endswith=f"-0000{number}")
            .order_by("pk")
            .values_list("state", flat=True)
        )
        for number in range(6)
    }
    assert states == {
        0: [done], 1: [done, InboundState.REPEATED, InboundState.OUTDATED], 2: [done, done], 3: [InboundState.REVIEW],
        4: [done, done], 5: [done, done],
    }  # fmt: skip
    assert Inbound.objects.get(state=InboundState.REVIEW).fault == "unknown_category"
    assert (PartnerOrder.objects.count(), Case.objects.count()) == (6, 5)
    updated = PartnerOrder.objects.get(number__endswith="-00005")
    assert (updated.version, updated.words) == (3, "市民补充：晚上更严重。")
    assert "· 签名错误的回传 0" in told
    assert Outbound.objects.count() == sum(len(each) for each in wanted.values())
