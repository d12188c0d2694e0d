"""A resident at the door, and a street that has opened it."""

import re
import uuid
from typing import Any

from django.test import Client

from cases.models import Case, Category
from grids import actions
from tests.cases.test_api import jpeg, upload
from tests.factories import MONDAY, Cast

TEXT = "单元门口的消防通道被纸箱堵住了"


def open_door(cast: Cast) -> Cast:
    """CAST's street with open pages and one matter that residents may choose."""
    actions.set_public_page(
        street=cast.place.street, is_open=True, phone="010-12345678", words="", by=cast.street, at=MONDAY
    )
    Category.objects.filter(pk=cast.category.pk).update(public=True)
    return cast


def send(cast: Cast, **more: Any) -> Any:
    """Send the form for the first micro-grid; MORE are fields of it."""
    asked = {"g": cast.place.micros[0].code, "m": cast.category.code[:2], "text": TEXT, "key": str(uuid.uuid4())}
    return Client().post("/r/report/", {**asked, **more})


def write(cast: Cast, **more: Any) -> Case:
    """Send a report, and find its case."""
    number, _code = numbers_of(send(cast, **more))
    return Case.objects.get(no=number)


def numbers_of(answer: Any) -> tuple[str, str]:
    """The number and the code that a page hands out."""
    said = re.findall(r"<dd>([^<]+)</dd>", answer.content.decode())
    assert len(said) == 2, answer.content.decode()
    return said[0], said[1]


def pictures(count: int) -> list[Any]:
    """COUNT photos, no two alike."""
    return [upload(jpeg((64 + number, 48))) for number in range(count)]
