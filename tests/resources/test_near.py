"""What is near: exact in metres against a reckoning by hand, in order, in scope, and as costly for many rows as for few."""

import math
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridgov.core.errors import Invalid
from gridgov.core.geodesy import metres_between
from gridgov.core.nearness import Spot
from resources.models import Resource
from resources.reports.nearby import looking_from
from tests.factories import MONDAY, Cast
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.resources.stock import LAT, LNG, make_resource

pytestmark = pytest.mark.django_db
HERE = (104.005, 30.005)


def scatter(cast: Cast, count: int) -> list[Resource]:
    """COUNT resources within some 4 km of HERE, all over both micro-grids."""
    dice, by = random.Random(47), cast.street  # of which none lies on a circle, nor two equally far
    return Resource.objects.bulk_create(
        Resource(
            grid=cast.place.micros[number % 2], kind="shop", name=f"商铺{number}", lng=HERE[0] + dice.uniform(-0.04, 0.04),
            lat=HERE[1] + dice.uniform(-0.04, 0.04), made_by=by, made_at=MONDAY, changed_at=MONDAY,
        )
        for number in range(count)
    )  # fmt: skip


def test_it_is_exact_and_the_nearest_comes_first(cast: Cast) -> None:
    rows = scatter(cast, 400)
    make_resource(cast.place.micros[0], "没有位置")
    for metres in (500, 1000, 2000):
        apart = {row.pk: metres_between(HERE, (row.lng, row.lat)) for row in rows}
        wanted = sorted((far, pk) for pk, far in apart.items() if far <= metres)
        found = Resource.objects.near(Spot.at(*HERE), metres).nearest_first()
        assert [row.pk for row in found] == [pk for _far, pk in wanted]
        assert [row.metres for row in found] == pytest.approx([far for far, _pk in wanted], abs=0.5)
        assert len(wanted) > 3


def test_round_a_border_it_is_the_way_to_the_border(cast: Cast) -> None:
    spot = Spot.within(square(104.0, 30.0))
    inside = make_resource(cast.place.micros[0], "里面", lng=LNG, lat=LAT)
    east = make_resource(cast.place.micros[0], "东边", lng=104.014, lat=LAT)  # 0.004 degrees beyond the edge
    corner = make_resource(cast.place.micros[0], "东北角", lng=104.013, lat=30.013)
    make_resource(cast.place.micros[0], "太远", lng=104.05, lat=LAT)
    found = list(Resource.objects.near(spot, 1000).nearest_first())
    assert found == [inside, east, corner]
    beside = metres_between((104.01, LAT), (104.014, LAT))
    across = metres_between((104.01, 30.01), (104.013, 30.013))
    assert [row.metres for row in found] == pytest.approx([0, beside, across], abs=0.5)
    assert list(Resource.objects.near(spot, 386).nearest_first()) == [inside, east]


def test_from_where_one_looks(cast: Cast) -> None:
    micro = cast.place.micros[0]
    draw(micro, square(104.0, 30.0))
    assert looking_from(cast.worker, micro.code).name == micro.name
    assert looking_from(cast.worker, "104.005，30.005").spot == Spot.at(104.005, 30.005)
    foreign = cast.outsider
    odd = ("", "x", "²", "1,2,3", "a,b", "nan,1", "inf,1", "200,1", ",", "9" * 30, cast.place.micros[1].code)
    for asked in odd:
        with pytest.raises(Invalid):
            looking_from(cast.worker, asked)
    with pytest.raises(Invalid):
        looking_from(foreign, micro.code)


def queries(rows: Any) -> int:
    with CaptureQueriesContext(connection) as caught:
        list(rows)
    return len(caught)


def test_many_cost_what_few_do_and_the_box_is_read_by_an_index(cast: Cast) -> None:
    scatter(cast, 2200)
    near = Resource.objects.visible_to(cast.street).for_list().near(Spot.at(*HERE), 500).nearest_first()
    assert queries(near) == 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE resources_resource")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Resource.objects.near(Spot.at(*HERE), 500).order_by("metres", "id").explain()
    assert "resource_place" in plan
    assert math.isclose(near[0].metres, metres_between(HERE, (near[0].lng, near[0].lat)), abs_tol=0.5)
