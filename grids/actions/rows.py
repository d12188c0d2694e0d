"""How many rows go in at once; their faults are collected as everywhere (gridgov.core.rows)."""

from gridgov.core.rows import BadRows, FaultList, RowFault

__all__ = ["BATCH", "BadRows", "FaultList", "RowFault"]
BATCH = 1000  # rows of one INSERT
