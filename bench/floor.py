"""The floor: bare views on the same server that do only the query (or the two inserts) and JSON. No sign-in, no scope,
no rule, no record: what it would cost to do nothing but the storage's part."""

import json

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from cases.choices.figures import MEASURES

_LINE = "c.id, c.no, c.title, c.state, c.tier, c.reported_at, c.due_at, k.name, g.name"
_JOIN = "cases_case c JOIN cases_category k ON k.id = c.category_id JOIN grids_grid g ON g.id = c.grid_id"

_MEASURES = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
# A month's figures: one sum over the rollups, and the same counted from the cases themselves.
SUMS = f"SELECT {_MEASURES} FROM cases_tally WHERE span = 'm' AND day = %s"
FULL = f"SELECT {_MEASURES} FROM cases_contribution WHERE day BETWEEN %s AND %s"


def _rows(sql: str, args: list[object]) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        names = [column[0] for column in cursor.description]
        return JsonResponse({"results": [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]})


def lines(request: HttpRequest) -> JsonResponse:
    before = int(request.GET.get("before", 2**62))
    return _rows(f"SELECT {_LINE} FROM {_JOIN} WHERE c.id < %s ORDER BY c.id DESC LIMIT 50", [before])


def detail(request: HttpRequest, pk: int) -> JsonResponse:
    return _rows(f"SELECT {_LINE}, c.text FROM {_JOIN} WHERE c.id = %s", [pk])


def search(request: HttpRequest) -> JsonResponse:
    where = "c.search @@ phraseto_tsquery('simple', %s)"
    return _rows(f"SELECT {_LINE} FROM {_JOIN} WHERE {where} ORDER BY c.id DESC LIMIT 50", [request.GET["q"]])


def figures(request: HttpRequest) -> JsonResponse:
    return _rows(SUMS, [f"{request.GET['month']}-01"])


_GRIDS = "FROM grids_grid WHERE kind IN ('comprehensive', 'dedicated')"
_OPEN = "state NOT IN ('closed', 'rejected', 'merged', 'voided')"
_LATE = "count(*) FILTER (WHERE breached_at IS NOT NULL)"


def map_page(request: HttpRequest) -> JsonResponse:
    return _rows("SELECT kind, count(*) FROM grids_grid GROUP BY kind", [])


def map_borders(request: HttpRequest) -> JsonResponse:
    return _rows(f"SELECT code, name, border {_GRIDS}", [])


def map_figures(request: HttpRequest) -> JsonResponse:
    """Posts by grid, and open cases by grid, now or as a day ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT grid_id, count(*) FROM grids_post WHERE valid_to IS NULL GROUP BY grid_id")
        cursor.fetchall()
    counts = f"SELECT comprehensive_id, count(*), {_LATE} AS late FROM cases_case"
    if day := request.GET.get("day"):
        return _rows(f"{counts} WHERE reported_at <= %s AND ({_OPEN} OR closed_at > %s) GROUP BY 1", [day, day])
    return _rows(f"{counts} WHERE {_OPEN} GROUP BY 1", [])


def map_points(request: HttpRequest) -> JsonResponse:
    return _rows(f"SELECT id, lng, lat, tier, state FROM cases_case WHERE {_OPEN} ORDER BY due_at LIMIT 1000", [])


@csrf_exempt
def report(request: HttpRequest) -> JsonResponse:
    asked = json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO floor_case (title, body) VALUES (%s, %s) RETURNING id", ["x", asked["text"]])
        pk = cursor.fetchone()[0]
        cursor.execute("INSERT INTO floor_note (case_id, body) VALUES (%s, %s)", [pk, "reported"])
    return JsonResponse({"id": pk}, status=201)


@csrf_exempt
def change(request: HttpRequest) -> JsonResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE floor_case SET title = 'y' WHERE id = (SELECT max(id) FROM floor_case) RETURNING id")
        pk = cursor.fetchone()[0]
        cursor.execute("INSERT INTO floor_note (case_id, body) VALUES (%s, %s)", [pk, "changed"])
    return JsonResponse({"id": pk})
