"""Pages that belong to no room: the entrance, the health of the house, the admin's first page."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from redis import Redis
from redis.exceptions import RedisError

from accounts.choices import Role


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
