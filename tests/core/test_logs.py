"""Nobody is named in a log: a journey through desk, API, door and jobs, and not one word of what was entered in its lines."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from gridgov.core import jobs
from gridgov.core.about import working_for
from gridgov.core.logs import JsonLines, Plain, Stderr, logging_as, struck
from gridgov.core.models import Job
from gridgov.core.records import Subject, record, verify
from tests.door.residents import open_door, send
from tests.factories import MONDAY, Cast, make_cast, make_client, make_user
from tests.openapi import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
NAME, PHONE, WORDS, PASSWORD = "欧阳锋利", "13912345678", "幸福路井盖破损", "Wrong-Password-77x"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the house writes, in JSON and with all its detail."""
    heard, detail = io.StringIO(), [logging.getLogger(name) for name in ("gridgov.access", "gridgov.work")]
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    before = [one.level for one in detail]
    logging.getLogger().addHandler(handler)
    for one in detail:
        one.setLevel(logging.INFO)
    yield heard
    logging.getLogger().removeHandler(handler)
    for one, level in zip(detail, before, strict=True):
        one.setLevel(level)


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def parsed(heard: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in heard.getvalue().splitlines()]


def test_a_journey_leaves_nobody_in_the_log(cast: Cast, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"category": cast.category.code, "text": WORDS, "grid": cast.place.micros[0].code, "place": "8号楼"}
    body |= {"channel": "phone", "reporter_name": NAME, "reporter_phone": PHONE}
    street = client_of(cast.street)
    made = street.post("/api/v1/cases/", body)
    assert made.status_code == 201
    street.get(f"/api/v1/cases/?q={WORDS}{PHONE}")
    assert send(cast, item=cast.category.code).status_code == 200
    _client, key = make_client(["cases:read"], cast.place.street)
    Client(headers={"Authorization": f"Api-Key {key}"}).get("/api/v1/cases/")
    Client(headers={"Authorization": f"Api-Key {key}x"}).get("/api/v1/cases/")
    Client().post("/admin/login/", {"username": NAME, "password": PASSWORD})
    token = uuid.uuid4().hex
    for path in (f"/t/{token}/", f"/card/{token}/", f"/m/cases/?q={PHONE}", f"/no/such/{NAME}/"):
        Client().get(path)

    def broken(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise ValueError(f"{NAME} {PHONE} said {WORDS}")

    monkeypatch.setattr("cases.api.views.CaseViewSet.get_queryset", broken)
    with pytest.raises(ValueError, match=NAME):
        street.get(f"/api/v1/cases/{made.json()['id']}/")
    with transaction.atomic():
        jobs.promise("test.leaks", NAME, due_at=MONDAY)

    @jobs.handler("test.leaks", attempts=1)
    def leaks(batch: list[Job], at: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE leak (name text UNIQUE) ON COMMIT DROP")
            cursor.execute("INSERT INTO leak VALUES (%s), (%s)", [NAME, NAME])

    jobs.run_due(at=MONDAY)
    del jobs._kinds["test.leaks"]

    found = parsed(lines)
    for secret in (NAME, PHONE, WORDS, PASSWORD, token, key, key.split(".")[1], cast.street.full_name):
        assert secret not in lines.getvalue(), secret
    faults = [line["fault"] for line in found if "fault" in line]
    assert any("ValueError" in fault for fault in faults)
    assert any("leak" in fault and "UniqueViolation" in fault for fault in faults)
    access = [line for line in found if line["logger"] == "gridgov.access"]
    assert len(access) >= 10
    first = next(line for line in access if line["route"] == "/api/v1/cases/" and line["method"] == "POST")
    assert first.keys() >= {"at", "role", "pid", "request", "route", "method", "status", "ms", "queries", "user"}
    assert (first["status"], first["user"], first["request"]) == (201, cast.street.pk, made["X-Request-ID"])
    assert any("client" in line for line in access)
    assert {line["route"] for line in access} >= {"/t/{key}/", "/api/v1/cases/{pk}/"}
    assert Case.objects.count() == 2


def test_a_request_goes_by_one_name_into_its_jobs(cast: Cast) -> None:
    given = "proxy-0123456789"
    ask = Client(headers={"X-Request-ID": given})
    assert ask.get("/healthz")["X-Request-ID"] != given  # no proxy of ours stands before the house
    with override_settings(PROXIES=1):
        assert ask.get("/healthz")["X-Request-ID"] == given
        assert len(Client(headers={"X-Request-ID": "a b\n"}).get("/healthz")["X-Request-ID"]) == 32
    body = {"category": cast.category.code, "text": WORDS, "grid": cast.place.micros[0].code, "place": "8号楼"}
    made = client_of(cast.street).post("/api/v1/cases/", body)
    assert made.status_code == 201
    assert Job.objects.filter(request=made["X-Request-ID"]).exists()


def test_whoever_calls_work_needless_leaves_no_line(lines: io.StringIO) -> None:
    client = Client()
    client.force_login(make_user(Role.WORKER))
    assert client.get("/m/field/needless/").status_code == 200
    client.get("/m/")
    routes = [line["route"] for line in parsed(lines) if line["logger"] == "gridgov.access"]
    assert routes == ["/m/"]


def test_what_is_struck_out_and_what_is_left() -> None:
    key = "kP3x9QzL.8fGh2kLm0pQrStUvWxYz12345"
    told = struck(
        f"job 4711 of cases.clock failed at 3; 139 1234 5678, 11010119900307123X, /a?q=1 {key} /t/Ab{'x1' * 15}/, 张三, redis://:pw@host/0"
    )
    assert told == "job 4711 of cases.clock failed at 3; ***, ***, /a?*** *** /t/***/, …, redis://***@host/0"
    error = DatabaseError('duplicate key violates "x"\nDETAIL:  Key (name)=(Li Lei) already exists.\n')
    line = logging.LogRecord("gridgov.jobs", logging.ERROR, "", 1, "failed", None, (DatabaseError, error, None))
    with working_for(request="abcdefgh", job=""):
        told = Plain().format(line)
    assert "Li Lei" not in told
    assert "[request=abcdefgh]" in told
    # Nothing that somebody sends begins a line, moves the cursor, or can't be written.
    forged = logging.LogRecord("gridgov.jobs", 40, "", 1, "no %s", ("x\n2026 INFO a\r\x1b[2J\u2028\u202e\udc80",), None)
    assert [line[:4] for line in Plain().format(forged).splitlines()[1:]] == ["    "]
    assert json.loads(JsonLines().format(forged))["message"] == "no x\n2026 INFO a��[2J���"
    with transaction.atomic():
        row = record(
            "test.sent", Subject("test", 1), by=User.objects.system(), at=MONDAY, data={"said": ["a\x00\u202eb\n"]}
        )
    assert row.data == {"said": ["a��b\n"]} and verify().faults == []
    proxy = logging.LogRecord("gunicorn.error", 40, "", 1, "Error handling request %s", ("/t/abc/sign?x=1",), None)
    assert json.loads(JsonLines().format(proxy))["message"] == "Error handling request /…"


def test_a_slow_query_is_told_without_its_values(cast: Cast, lines: io.StringIO) -> None:
    with override_settings(SLOW_QUERY_MS=0):
        client_of(cast.street).get(f"/api/v1/cases/?q={WORDS}")
    slow = [line for line in parsed(lines) if line["logger"] == "gridgov.slow"]
    assert any("SELECT" in line["message"] and "ms" in line for line in slow)
    assert WORDS not in lines.getvalue()


def test_no_logger_has_a_way_out_of_its_own() -> None:
    """What Django and gunicorn would write by handlers of their own goes through ours."""
    for shape in ("json", "plain"):
        said = logging_as(shape, "INFO")
        assert {name for logger in said["loggers"].values() for name in logger.get("handlers", [])} == {"stderr"}
    house = settings.LOGGING["formatters"]["shape"]["()"]
    for name in ("django", "django.request", "django.server", "celery", "gunicorn.error"):
        own = [
            one
            for one in logging.getLogger(name).handlers
            if isinstance(one, Stderr) or type(one) is logging.StreamHandler
        ]
        assert all(isinstance(one.formatter, house) for one in own), name
