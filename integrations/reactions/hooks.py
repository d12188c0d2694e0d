"""Webhooks hear every record."""

from collections.abc import Sequence

from gridgov.core.records import Told, each
from integrations.actions.hooks import queue_deliveries


@each
def tell_webhooks(told: Sequence[Told]) -> None:
    """What is public goes into the queues of those who asked for it."""
    queue_deliveries(told=told)
