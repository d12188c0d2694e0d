"""Pages that belong to no room: the entrance, the health of the house, the admin's first page."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.defaults import server_error
from redis import Redis
from redis.exceptions import RedisError

from accounts.choices import Role
from gridgov.core.middleware import API
from gridgov.core.outage import outage_of
from gridgov.core.phone import error_as_json, wants_json


def home(request: HttpRequest) -> HttpResponse:
    """On a phone, who works outdoors goes to the phone's pages, and who hasn't said yet who they are signs in there; everybody
    else works in the admin."""
    on_phone = "Mobile" in request.headers.get("User-Agent", "")
    role = getattr(request.user, "role", None)
    outdoors = on_phone and role in {Role.WORKER, Role.UNIT_STAFF, None}
    has_no_desk = role == Role.VOLUNTEER
    return HttpResponseRedirect("/m/" if outdoors or has_no_desk else reverse("admin:index"))


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _schema() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DatabaseError("migrations are waiting")


def _broker() -> None:
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
        broker.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "schema": _schema, "broker": _broker}


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, schema and broker are as they should be; 503 otherwise, with the parts that are not."""
    faults: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            check()
        except (DatabaseError, RedisError) as error:
            faults[name] = type(error).__name__
    return JsonResponse({"ok": not faults, "faults": faults}, status=503 if faults else 200)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Whatever was raised and nobody caught, in a view or before one. An outage is no fault of the page: that is said, and
    when to come again. The page asks nothing of the database, which may be what is away."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None or not isinstance(error, Exception):
        return server_error(request)
    answer: HttpResponse
    if wants_json(request) or request.path.startswith(API):
        answer = error_as_json(request, error)
    else:
        told = {"said": outage.said, "again": request.get_full_path() if request.method == "GET" else ""}
        answer = HttpResponse(render_to_string("unavailable.html", told), status=outage.status)
    answer["Retry-After"] = str(outage.wait)
    answer["Cache-Control"] = "no-store"
    return answer
