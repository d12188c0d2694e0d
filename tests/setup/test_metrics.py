"""/metrics: for those who may read it, in a form that Prometheus reads; and every name that a dashboard or a rule asks for is there."""

import datetime as dt
import json
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions.tries import take_try
from accounts.models import Session
from cases.models import Deadline
from gridgov.core import gauges, jobs, meters
from gridgov.core.models import Job
from tests.cases.desk import desk, report
from tests.factories import make_cast
from tests.openapi import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-monitor"
LINE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? ([-+.e\d]+|NaN)')
Numbers = dict[tuple[str, str], float]


@pytest.fixture(autouse=True)
def open_to_the_monitor(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    meters._ours.numbers.clear()


def ask() -> Numbers:
    answer = Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/plain")
    found: Numbers = {}
    for line in answer.content.decode().splitlines():
        if not line.startswith("#"):
            name, labels, number = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
            found[name, labels or ""] = float(number)
    return found


def test_only_the_monitor_reads_it(settings: Any) -> None:
    assert Client().get("/metrics").status_code == 404
    assert Client(headers={"Authorization": "Bearer x"}).get("/metrics").status_code == 404
    settings.METRICS_NETWORKS = (ip_network("10.0.0.0/8"),)
    assert Client().get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="1.2.3.4", headers={"X-Forwarded-For": "10.1.2.3"}).get("/metrics").status_code == 404
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = "", ()
    assert Client(headers={"Authorization": "Bearer "}).get("/metrics").status_code == 404


def test_requests_jobs_and_lateness_are_told() -> None:
    cast = make_cast("B")
    client = client_of(cast.street)
    for _n in range(3):
        assert client.get("/api/v1/cases/").status_code == 200
    case = report(cast)
    now = timezone.now()
    clock = {"clock": "case", "round": 9, "value": 1, "unit": "natural_day", "started_at": now, "original_due_at": now}
    late = Deadline.objects.create(case=case, due_at=now - dt.timedelta(hours=2), **clock)
    Job.objects.create(kind="core.tidy", key="late", due_at=now, run_at=now - dt.timedelta(minutes=7))
    Job.objects.create(kind="core.tidy", key="stuck", due_at=now, run_at=now, stuck_at=now)
    desk(cast.street)
    over = {"user": cast.street, "began_at": now, "expires_at": now + dt.timedelta(hours=1), "idle": 60}
    Session.objects.create(key="unused", used_at=now - dt.timedelta(minutes=2), **over)
    take_try(key="nobody", at=now)
    told = ask()
    assert told["gridgov_sessions", ""] == 1
    assert (told["gridgov_sign_in_tries", 'state="wrong"'], told["gridgov_sign_in_tries", 'state="locked"']) == (1, 0)
    assert told["gridgov_requests_total", 'method="GET",route="/api/v1/cases/",status="200"'] == 3
    assert told["gridgov_request_seconds_count", 'route="/api/v1/cases/"'] == 3
    assert told["gridgov_request_seconds_bucket", 'route="/api/v1/cases/",le="+Inf"'] == 3
    assert told["gridgov_queries_total", 'route="/api/v1/cases/"'] >= 3
    assert 7195 < told["gridgov_breaches_late_seconds", ""] < 7300
    assert told["gridgov_jobs_lag_seconds", 'queue="house"'] >= 420
    assert told["gridgov_jobs_stuck", 'kind="core.tidy"'] == 1
    assert told["gridgov_cases_open", ""] == 1
    late.delete()
    jobs.run_due(at=now)
    again = ask()
    assert again["gridgov_jobs_run_total", 'kind="core.tidy",outcome="done"'] >= 1
    assert again["gridgov_breaches_late_seconds", ""] == 0
    # Counts only rise: what was read is not gone.
    assert again["gridgov_requests_total", 'method="GET",route="/api/v1/cases/",status="200"'] == 3


def test_every_name_of_a_dashboard_or_rule_is_there() -> None:
    promised = re.compile(r"\bgridgov_\w+")
    files = [*(ROOT / "deploy/grafana").glob("*.json"), ROOT / "deploy/prometheus/rules.yml"]
    asked: dict[str, str] = {}
    for file in files:
        text = file.read_text(encoding="utf-8")
        (json.loads if file.suffix == ".json" else yaml.safe_load)(text)
        asked |= dict.fromkeys(promised.findall(text), file.name)
    told = Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics").content.decode()
    known = set(re.findall(r"^# TYPE (\S+) ", told, re.MULTILINE))
    known |= {f"{name}_{part}" for name in known for part in ("bucket", "sum", "count")}
    assert {name: file for name, file in asked.items() if name not in known} == {}
    shown = {meter.name for meter, _reader in gauges._gauges.values()} | {meter.name for meter in meters.METERS}
    assert shown - {"gridgov_build_info"} <= {re.sub("_(bucket|sum|count)$", "", name) for name in asked}


def test_a_gauge_that_breaks_is_told_and_keeps_the_others() -> None:
    @gauges.gauge("gridgov_broken", "breaks")
    def broken(at: dt.datetime) -> gauges.Read:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")
        return gauges.one(1)

    told = ask()
    del gauges._gauges["gridgov_broken"]
    assert told["gridgov_gauge_failed", 'gauge="gridgov_broken"'] == 1
    assert ("gridgov_cases_open", "") in told


@pytest.mark.usefixtures("without_valkey")
def test_without_valkey_the_gauges_are_there_and_counts_wait() -> None:
    Client().get("/healthz")
    told = ask()
    assert told["gridgov_gauge_failed", 'gauge="counted"'] == 1
    assert ("gridgov_jobs_lag_seconds", 'queue="house"') in told
    assert meters._ours.numbers[meters.REQUESTS.name, ("GET", "/healthz", "200")] == 1
