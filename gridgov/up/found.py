"""What a running `make run` left word of, so that `manage.py` in a second terminal meets the same engines."""

import json
from pathlib import Path


def found(data: Path) -> dict[str, str]:
    """Environment that `make run` wrote to DATA/started.json (DATABASE_URL, REDIS_URL, GRIDGOV_SECRET_KEY), or {}."""
    try:
        return dict(json.loads((data / "started.json").read_text()))
    except (FileNotFoundError, PermissionError):
        return {}
