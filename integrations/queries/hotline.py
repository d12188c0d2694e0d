"""Partners, their orders and messages, and who sees them: the hands that run and audit the house see all of it but no
content, a street office what concerns its own ground."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from integrations.choices.hotline import InboundState, OutboundState, Told

if TYPE_CHECKING:
    from accounts.models import User

SUBJECT = "cases.case"
_HANDS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.SYSTEM})


def _ground(user: "User", partner: str) -> Q:
    """Where PARTNER ("partner__", "order__partner__") sends its orders to."""
    if user.role in _HANDS:
        return Q()
    if user.role != Role.STREET:
        return Q(pk__in=[])
    grids: Any = apps.get_model("grids", "Grid")._default_manager
    own = grids.ground_of(user).order_by().values("pk")
    return Q(**{f"{partner}ground__in": own})


class PartnerQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, ""))

    def taking_requests(self) -> Self:
        """Those that a street may ask for something."""
        return self.filter(is_active=True, profile__out__messages__has_key=Told.ORDER).exclude(address="")


class PartnerCodeQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "partner__"))

    def with_waiting(self) -> Self:
        """`waiting` messages wait for each code to be mapped."""
        held = Q(messages__state=InboundState.REVIEW)
        return self.select_related("partner").annotate(waiting=Count("messages", filter=held))


class PartnerOrderQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "partner__"))

    def unheard(self, since: dt.datetime) -> Self:
        """Something was recorded about their case that the partner was not told of; cases closed before SINCE left out."""
        records = apps.get_model("core", "Record")._default_manager
        more = records.filter(subject_type=SUBJECT, subject_id=OuterRef("case"), seq__gt=OuterRef("heard"))
        lately = Q(case__closed_at=None) | Q(case__closed_at__gte=since)
        return self.filter(Exists(more.order_by()), lately, ours=False, case__isnull=False)


class PartnerFileQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "order__partner__"))


class RefusedMessageQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "partner__"))


class InboundQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "partner__"))

    def to_review(self) -> Self:
        return self.filter(state=InboundState.REVIEW)

    def old(self, before: dt.datetime) -> QuerySet:
        """Dealt with before BEFORE, with the body still there."""
        return self.filter(done_at__lt=before).exclude(body="")


class OutboundQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "order__partner__"))

    def waiting(self) -> Self:
        return self.filter(state=OutboundState.WAITING)
