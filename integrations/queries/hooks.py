"""Webhooks and deliveries: whose they are, and which may go out now."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy
from integrations.choices.hooks import BATCH, LEASE, SLOW, DeliveryState

if TYPE_CHECKING:
    from accounts.models import User

# Those who look after other systems, and those who look over their shoulder.
LOOK = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})


class WebhookQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The own; the system hand keeps all, the auditor reads all."""
        return self.all() if user.role in LOOK else self.filter(owner=user)

    def for_list(self) -> Self:
        return self.select_related("owner", "grid", "unit").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()

    def current(self) -> Self:
        return self.filter(ended_at=None)

    def with_waiting(self) -> Self:
        """Adds `waiting` and `dead`: how many deliveries are on their way, and how many were given up."""
        rows = _deliveries().order_by()

        def many(state: str) -> Coalesce:
            found = rows.filter(webhook=OuterRef("pk"), state=state).values("webhook").annotate(many=Count("pk"))
            return Coalesce(Subquery(found.values("many")), 0)

        return self.annotate(waiting=many(DeliveryState.WAITING), dead=many(DeliveryState.DEAD))

    def to_serve(self, at: dt.datetime) -> Self:
        """Those that something waits for and that aren't left alone just now, the longest unserved first."""
        due = _deliveries().due(at).order_by()
        rested = Q(resume_at=None) | Q(resume_at__lte=at)
        return self.filter(rested, Exists(due.filter(webhook=OuterRef("pk"))), is_on=True).order_by("served_at", "pk")


def _deliveries() -> Any:
    """Queries lie below models and can't import them."""
    return apps.get_model("integrations", "Delivery")._default_manager.all()


# The oldest of each line that nobody has in hand: what comes later about the same case waits for it.
_CLAIM = """
    UPDATE integrations_delivery SET lease = %(lease)s, leased_until = %(until)s WHERE id IN (
        SELECT id FROM integrations_delivery head
        WHERE webhook_id = %(webhook)s AND state = 'waiting' AND next_at <= %(now)s
            AND (leased_until IS NULL OR leased_until <= %(now)s)
            AND NOT EXISTS (
                SELECT 1 FROM integrations_delivery before
                WHERE before.webhook_id = head.webhook_id AND before.state = 'waiting'
                    AND before.subject_type = head.subject_type AND before.subject_id = head.subject_id
                    AND before.id < head.id
            )
        ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
"""


class DeliveryQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.all() if user.role in LOOK else self.filter(webhook__owner=user)

    def for_list(self) -> Self:
        return self.select_related("webhook")

    def for_detail(self) -> Self:
        return self.select_related("webhook").prefetch_related("log")

    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def due(self, at: dt.datetime) -> Self:
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.filter(free, state=DeliveryState.WAITING, next_at__lte=at)

    def ready(self, at: dt.datetime) -> Self:
        """The first of each line among the due that nothing but a courier is waited for: its webhook is on and not left alone."""
        rested = Q(webhook__resume_at=None) | Q(webhook__resume_at__lte=at)
        line = {name: OuterRef(name) for name in ("webhook", "subject_type", "subject_id")}
        before = _deliveries().order_by().waiting().filter(**line, pk__lt=OuterRef("pk"))
        return self.due(at).filter(rested, ~Exists(before), webhook__is_on=True)

    def under_way(self, at: dt.datetime) -> Self:
        return self.filter(state=DeliveryState.WAITING, lease__isnull=False, leased_until__gt=at)

    def carriers_to(self, host: str, at: dt.datetime) -> int:
        """How many are under way to HOST, each with a handful of deliveries."""
        return self.under_way(at).filter(webhook__host=host).order_by().values("lease").distinct().count()

    def slow_carriers(self, at: dt.datetime) -> int:
        return self.under_way(at).filter(webhook__pace__gt=SLOW).order_by().values("lease").distinct().count()

    def claimed(self, webhook: int, at: dt.datetime, limit: int = BATCH) -> list[Any]:
        """Up to LIMIT deliveries to WEBHOOK that may go out now, taken hold of, in their order."""
        lease = uuid.uuid4()
        args: dict[str, Any] = {"lease": lease, "until": at + LEASE, "now": at, "webhook": webhook, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, args)
            if not cursor.rowcount:
                return []
        return list(self.filter(lease=lease, webhook=webhook).order_by("next_at", "pk"))
