from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared as they stand in the source; requests still answer in the user's language."""
    with translation.override("en"):
        yield
