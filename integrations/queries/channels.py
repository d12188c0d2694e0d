"""Who sees which channels, and which of them serve people."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import plain_phone
from integrations.choices.channels import KEPT, PERSONAL, MessageState

if TYPE_CHECKING:
    from accounts.models import User
    from integrations.models import Channel

# What people's addresses are bound to.
OWN = "integrations.ownchannel"
_HANDS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.SYSTEM})


def _ground(user: "User", column: str) -> Q:
    """All for the hands that run and audit the house; for a street office what belongs to its own streets."""
    if user.role in _HANDS:
        return Q()
    if user.role != Role.STREET:
        return Q(pk__in=[])
    grids: Any = apps.get_model("grids", "Grid")._default_manager
    return Q(**{f"{column}__in": grids.ground_of(user).order_by().values("pk")})


class ChannelQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "grid"))

    def for_people(self) -> Self:
        """Those that people may choose for their own inbox."""
        return self.filter(is_active=True, for_people=True, kind__in=PERSONAL)

    def failing(self, since: dt.datetime) -> Self:
        """Switched on, and nothing has come through from SINCE on."""
        return self.filter(is_active=True, failing_since__lte=since)


class SubscriptionQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(_ground(user, "grid"))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


def digest_of(address: str) -> str:
    """The same for the same address; of no use to who has not the house's key."""
    return salted_hmac(OWN, address, algorithm="sha256").hexdigest()[:32]


class OwnChannelQuerySet(LockingQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Those that lead to PHONE."""
        return self.filter(digest__in={digest_of(plain_phone(phone)), digest_of(phone.strip())})

    def of(self, user: "User") -> Self:
        """USER's own; nobody looks at anybody else's."""
        return self.filter(user=user).select_related("channel")


class LineQuerySet(QuerySet):
    def ready(self, at: dt.datetime) -> Self:
        """Those that wait and could go now: their channel is on and doesn't rest, and no message to the same group or person is
        under way. So no channel that fails holds up the others."""
        waiting = apps.get_model("integrations", "Message")._default_manager.waiting()
        to_group = Q(own=None) & Exists(waiting.filter(own=None, channel=OuterRef("channel")))
        under_way = Exists(waiting.filter(own=OuterRef("own"))) | to_group
        channels = apps.get_model("integrations", "Channel")._default_manager.filter(is_active=True)
        return self.filter(~under_way, message=None, channel__in=channels.exclude(rests_until__gt=at))


class MessageQuerySet(QuerySet):
    def old(self, at: dt.datetime) -> Self:
        """Sent, or given up, and made so long before AT that they are forgotten."""
        return self.filter(made_at__lt=at - KEPT).exclude(state=MessageState.WAITING)

    def tried(self, channel: "Channel", since: dt.datetime, *, but: int | None = None) -> int:
        """How many were made for CHANNEL, or tried, after SINCE, not counting the one with the key BUT. The log is the limiter:
        all processes read the same, and it outlives every restart."""
        rows = self.filter(Q(made_at__gt=since) | Q(tried_at__gt=since), channel=channel).exclude(pk=but)
        return rows.order_by().count()

    def visible_to(self, user: "User") -> Self:
        """What went to people is for the hands that run the house, and shows a masked address and no name."""
        rows = self.filter(_ground(user, "channel__grid"))
        return rows if user.role in _HANDS else rows.filter(own=None)

    def for_list(self) -> Self:
        return self.select_related("channel", "own")

    def waiting(self) -> Self:
        return self.filter(state=MessageState.WAITING)
