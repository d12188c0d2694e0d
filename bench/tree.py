"""The map: locating a place among 100 k borders, writing into a tree of a district. Runs inside Django, in a process of
its own (`python -m bench.tree`), and prints JSON."""

import datetime as dt
import json
import random
import statistics
from typing import Any

import django

from bench.measure import milliseconds

SIDE = 317  # 317² cells are a little over 100 k


def write_tree() -> dict[str, Any]:
    """Found and move grids in the loaded district."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from grids.actions import found_grid, move_grid
    from grids.models import Grid

    system, nodes = User.objects.system(), Grid.objects.count()
    parents = list(Grid.objects.filter(kind="comprehensive", code__startswith="990101001").order_by("pk")[:2])

    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO floor_case (title, body) VALUES ('x', 'x')")

    founded = []

    def found() -> None:
        values = {"kind": "micro", "micro_type": "resident", "name": "新微网格", "households": 40}
        founded.append(found_grid(parent=parents[0], by=system, at=timezone.now(), **values))

    insert = [milliseconds(found) for _ in range(30)]
    moves = iter(founded)

    def move_one() -> None:
        move_grid(grid=next(moves), parent=parents[1], by=system, at=timezone.now())

    move = [milliseconds(move_one) for _ in range(30)]
    floor = [milliseconds(plain) for _ in range(30)]
    return {
        "nodes": nodes,
        "insert": statistics.median(insert),
        "move": statistics.median(move),
        "floor": statistics.median(floor),
    }


def locate_among_many() -> dict[str, Any]:
    """Fill the grid table with SIDE² square cells, far from the district, and look places up among them."""
    from django.db import connection
    from shapely import to_wkb
    from shapely.geometry import box, mapping

    from grids.models import Grid
    from grids.queries import locate

    step, west, south = 0.002, 80.0, 30.0
    street = Grid.objects.filter(parent=None).first()
    rows = []
    for n in range(SIDE * SIDE):
        x, y = round(west + n % SIDE * step, 6), round(south + n // SIDE * step, 6)
        cell = box(x, y, round(x + step, 6), round(y + step, 6))
        rows.append(
            Grid(
                code=f"9902{n:014d}",
                kind="micro",
                micro_type="resident",
                name=f"格{n}",
                parent=street,
                lft=1,
                rght=2,
                tree_id=10**6,
                level=3,
                valid_from=dt.date(2020, 1, 1),
                border=mapping(cell),
                shape=to_wkb(cell),
                box=cell.bounds,
            )
        )
    Grid.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE grids_grid")
    random.seed(7)
    today = dt.date(2026, 1, 1)

    def place() -> tuple[float, float]:
        return west + random.random() * SIDE * step, south + random.random() * SIDE * step

    assert locate(west + step / 2, south + step / 2, today).name == "格0"
    times = [milliseconds(lambda: locate(*place(), today)) for _ in range(2000)]

    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM grids_grid WHERE id = %s", [random.randrange(1, 1000)])
            cursor.fetchall()

    floor = [milliseconds(plain) for _ in range(2000)]
    return {
        "borders": Grid.objects.exclude(shape=None).count(),
        "median": statistics.median(times),
        "p95": statistics.quantiles(times, n=20)[-1],
        "floor": statistics.median(floor),
    }


def main() -> None:
    django.setup()
    print(json.dumps({"tree": write_tree(), "locate": locate_among_many()}))


if __name__ == "__main__":
    main()
