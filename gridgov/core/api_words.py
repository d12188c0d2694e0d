"""The words of the API for whoever connects a system (api_words.yaml), and how a part of it is taken out of service."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).with_suffix(".yaml")


@cache
def words() -> dict[str, Any]:
    """Tags, descriptions, refusals and examples, as the file holds them."""
    found: dict[str, Any] = yaml.load(WORDS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found
