"""Each test begins with nothing counted."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from redis import Redis


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[Redis]:
    with Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.flushdb()
        yield valkey
