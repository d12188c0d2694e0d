"""Every operation of openapi.yaml asked at random by schemathesis, in process and within one transaction that is undone.

Names that mean something here (a grid's code, an account, the number of a row) are drawn from the world half of the
time: pure noise would be refused at the first field and try nothing behind it.
"""

import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import User
from tests.factories import Cast
from tests.house.rows import MAKERS
from tests.openapi import document

SEED = 20260907
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# 503 is how the doctor says that something is ill; nothing else may fail.
ILL = "/api/v1/doctor/"


@dataclass
class World:
    """A street with a row of each resource; ROWS their numbers by route, VALUES what fields may name."""

    cast: Cast
    rows: dict[str, list[Any]] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)


def build(cast: Cast) -> World:
    """A World of two rows each."""
    world = World(cast)
    for route, maker in MAKERS.items():
        made = [maker.make(cast, number) for number in (1, 2)]
        world.rows[route] = [row.code if route == "categories" else row.pk for row in made]
    place, people = cast.place, [cast.worker, cast.lead, cast.unit_staff, cast.street]
    codes = [grid.code for grid in (place.micros[0], place.comprehensives[0], place.totals[0], place.street)]
    numbers = [grid.pk for grid in (place.micros[0], place.comprehensives[0], place.totals[0], place.street)]
    named, counted = [user.username for user in people], [user.pk for user in people]
    world.values = {
        "grid": [*codes, *numbers],
        "grids": [[codes[2]], numbers[:1]],
        "street": [place.street.code, place.street.pk],
        "parent": numbers,
        "superseded_by": numbers,
        "category": [cast.category.code],
        "matters": [[cast.category.code]],
        "unit": [cast.unit.pk],
        "post": world.rows["posts"],
        "user": [*named, *counted],
        "deputy": named,
        "secretary": named,
        "lead": counted,
        "person": counted,
        "lng": [116.3],
        "lat": [39.9],
        "case": world.rows["cases"],
    }
    return world


def try_all(world: World, user: User, *, examples: int, judge: Callable[[Any, Any], str]) -> Iterator[str]:
    """Ask each operation EXAMPLES times as USER; each fault in a line. JUDGE has the last word on an answer."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    token = Token.objects.get_or_create(user=user)[0].key
    for result in schema.get_all_operations():
        operation = result.ok()
        with _one_connection() as raised:
            try:
                _try(operation, world, token, examples, judge)
            except (Exception, FailureGroup) as fault:  # each operation has its say
                within = "".join(traceback.format_exception(raised[-1])[-4:]) if raised else ""
                yield f"{operation.label}: {_told(fault)} {within}"


@contextmanager
def _one_connection() -> Iterator[list[BaseException]]:
    """The WSGI application within the test's own transaction: no request ends its connection. Gives what it raised."""
    raised: list[BaseException] = []

    def note(**kwargs: Any) -> None:
        raised.append(sys.exc_info()[1] or AssertionError("no exception"))

    edges = (signals.request_started, signals.request_finished)
    for edge in edges:
        edge.disconnect(close_old_connections)
    signals.got_request_exception.connect(note)
    try:
        yield raised
    finally:
        signals.got_request_exception.disconnect(note)
        for edge in edges:
            edge.connect(close_old_connections)


def _told(fault: BaseException) -> str:
    if isinstance(fault, BaseExceptionGroup):
        return " | ".join(_told(one) for one in fault.exceptions)
    notes = " ".join(getattr(fault, "__notes__", []))
    return f"{type(fault).__name__}: {str(fault)[:1500]} {notes[:600]}"


def _try(operation: Any, world: World, token: str, examples: int, judge: Callable[[Any, Any], str]) -> None:
    kinds = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=kinds, data=st.data())
    def ask(case: Any, data: Any) -> None:
        _place(case, data, world)
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Token {token}", "Accept-Encoding": "identity"})
            # A value that PostgreSQL alone refuses (400) leaves nothing done, and no transaction to look at it.
            fault = judge(case, answer) if _is_whole() else ""
            transaction.set_rollback(True)
        assert not fault, fault
        left_out = [not_a_server_error] if operation.path == ILL else []
        if "fields" in (case.query or {}):  # what is left out on request is no fault
            left_out.append(response_schema_conformance)
        case.validate_response(answer, checks=CHECKS, excluded_checks=left_out)

    ask()


def _is_whole() -> bool:
    return connection.connection.get_transaction_status() != TRANSACTION_STATUS_INERROR


def _place(case: Any, data: Any, world: World) -> None:
    """Put names of WORLD where they may stand."""
    route = re.match(r"/api/v1/(figures/snapshots|[^/]+)/", case.path)
    rows = world.rows.get(route[1]) if route else None
    for name in case.path_parameters or {}:
        if rows and name in {"id", "code"} and data.draw(st.integers(0, 4)):
            case.path_parameters[name] = str(data.draw(st.sampled_from(rows)))
    for holder in (case.body, case.query):
        if isinstance(holder, dict):
            for name in holder:
                if name in world.values and data.draw(st.integers(0, 3)):
                    holder[name] = data.draw(st.sampled_from(world.values[name]))
