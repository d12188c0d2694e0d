"""The whole schema at random, as the street office and as another one (tests/contract/fuzz.py). `make fuzz` asks more."""

import os
from typing import Any

import pytest

from gridgov.core.models import Record
from tests.contract.fuzz import build, try_all
from tests.factories import make_cast
from tests.house.rows import SHARED

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("GRIDGOV_FUZZ_EXAMPLES", "1"))


def test_every_operation_keeps_its_word_to_the_street() -> None:
    world = build(make_cast())
    faults = list(try_all(world, world.cast.street, examples=EXAMPLES, judge=lambda case, answer: ""))
    assert faults == [], "\n".join(faults)


def test_every_operation_keeps_its_word_to_an_outsider_and_tells_nothing() -> None:
    world = build(make_cast())
    outsider, street = world.cast.outsider, world.cast.place.street.code

    def judge(case: Any, answer: Any) -> str:
        shared = {case.path.split("/")[3], str((case.path_parameters or {}).get("resource"))} & SHARED.keys()
        if not shared and answer.status_code < 300 and street in answer.content.decode("utf-8", "replace"):
            return f"names the other street: {answer.content[:300]!r}"
        # Reporting is for everybody who works with cases, wherever it is.
        done = Record.objects.filter(actor=outsider, scope__startswith=street).exclude(verb="cases.reported")
        if done.exists():
            return "did something in the other street"
        return ""

    faults = list(try_all(world, outsider, examples=EXAMPLES, judge=judge))
    assert faults == [], "\n".join(faults)
