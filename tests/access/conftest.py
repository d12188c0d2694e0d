"""The two streets of the matrix, built once for all tests of this folder and taken back afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.access.walk import Walk
from tests.access.world import THEIRS, Hand, build, hands


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Walk]:
    media = tmp_path_factory.mktemp("access")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        ours = build()
        yield Walk(ours, build(THEIRS), hands(ours))
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def people(walk: Walk) -> dict[str, Hand]:
    return walk.hands
