"""What every sheet that leaves the house must heed."""

from typing import Any


def harmless(cell: Any) -> Any:
    """CELL; a text that a spreadsheet would run as a formula gets the apostrophe that says it is a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
