"""Channels of notices: the ways out, who is told what by them, what waits to be told, and what was sent."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from accounts.models import User
from gridgov.core.models import Changing
from grids.models import Grid, Unit
from integrations.choices.channels import ADDRESS_CHARS, NAME_CHARS, ChannelKind, MessageState, Wanted
from integrations.queries.channels import (
    ChannelQuerySet,
    LineQuerySet,
    MessageQuerySet,
    OwnChannelQuerySet,
    SubscriptionQuerySet,
)


class Channel(Changing):
    """A way out: a group's robot, a mail server, a gateway of text messages. `given` is what its kind asks for
    (integrations.choices.channels.ASKS), `sealed` the secrets among it (gridgov.core.secrets)."""

    name = models.CharField(_("name"), max_length=NAME_CHARS, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind.choices)
    # Nothing of cases beyond it goes to the channel's group.
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("group of"))
    for_people = models.BooleanField(_("people may choose it for their own inbox"), default=False)
    language = models.CharField(_("language"), max_length=8)
    given = models.JSONField(_("settings"), default=dict)
    sealed = models.TextField(blank=True, default="", editable=False)
    is_active = models.BooleanField(_("switched on"), default=False)
    per_minute = models.PositiveSmallIntegerField(_("messages a minute at most"))
    # Empty while all is well.
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failure = models.CharField(_("why it fails"), max_length=200, blank=True, default="")
    # Not tried before this moment: the other side asked for a rest, or is away.
    rests_until = models.DateTimeField(_("rests until"), null=True)
    sent_at = models.DateTimeField(_("last sent"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel of notices")
        verbose_name_plural = _("channels of notices")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="channel_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.grid.code if self.grid else ""


class Subscription(Changing):
    """What a channel's group is told: notices of `kinds` about cases in `grid`; where a unit is named, only those that
    somebody of the unit was told."""

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="subscriptions", verbose_name=_("channel of notices")
    )
    kinds = models.JSONField(_("what is told"), default=list)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("cases in"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("of the unit")
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription of a group")
        verbose_name_plural = _("subscriptions of groups")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.place}: {self.kinds_shown}"

    @property
    def place(self) -> str:
        return f"{self.grid} · {self.unit}" if self.unit else str(self.grid)

    @property
    def scope_code(self) -> str:
        return self.grid.code

    @property
    def kinds_shown(self) -> str:
        return " · ".join(str(NoticeKind(kind).label) for kind in self.kinds)


class OwnChannel(Changing):
    """The own inbox by e-mail or text message, as its owner wants it. The address is sealed: other people's lists show the
    mask, the code proves that it is the owner's."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("whose"))
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", verbose_name=_("by which way"))
    masked = models.CharField(_("address"), max_length=ADDRESS_CHARS)
    sealed = models.TextField(editable=False)
    # The same for the same address, and of no use without the house's key: for limits and against doubles.
    digest = models.CharField(max_length=32, editable=False)
    wanted = models.CharField(_("what is told"), max_length=10, choices=Wanted.choices, default=Wanted.PRESSING)
    language = models.CharField(_("language"), max_length=8)
    is_active = models.BooleanField(_("switched on"), default=False)
    # What the code is made of, until when it holds and how often it was tried.
    salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    verified_at = models.DateTimeField(_("proved"), null=True)
    made_at = models.DateTimeField(_("entered"))

    objects = OwnChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("own channel")
        verbose_name_plural = _("own channels")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "channel", "digest"], name="own_channel_once"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(verified_at__isnull=False), name="own_channel_proved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.masked}"

    @property
    def scope_code(self) -> str:
        return ""


class Message(models.Model):
    """One message to a group or to one person: what the log shows. Made of lines, sent at least once."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="messages", verbose_name=_("channel of notices"))
    own = models.ForeignKey(OwnChannel, models.CASCADE, related_name="+", null=True, verbose_name=_("sent to"))
    # Empty for codes, which are made when they are sent and lie nowhere.
    text = models.TextField(_("text"), blank=True)
    lines = models.PositiveIntegerField(_("notices"), default=1)
    urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    # Why the last try failed, as a sentence in the language of the house.
    failure = models.CharField(_("why it failed"), max_length=200, blank=True, default="")
    made_at = models.DateTimeField(_("time"))
    tries = models.PositiveSmallIntegerField(_("tries to send"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent message")
        verbose_name_plural = _("sent messages")
        ordering = ("-id",)
        constraints: ClassVar = [
            # While one is under way, what comes gathers behind it: order is kept, and a channel that is away heaps up nothing.
            models.UniqueConstraint(
                fields=["channel", "own"], condition=Q(state=MessageState.WAITING) & ~Q(text=""),
                name="message_under_way_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["channel"], name="message_waiting", condition=Q(state=MessageState.WAITING)),
            models.Index(fields=["channel", "tried_at"], name="message_tried"),
            models.Index(fields=["channel", "-id"], name="message_of_channel"),
            models.Index(fields=["made_at"], name="message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {localtime(self.made_at):%Y-%m-%d %H:%M}"


class Line(models.Model):
    """One notice for one group or one person, once however many people have it in their inboxes."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", verbose_name=_("channel of notices"))
    own = models.ForeignKey(OwnChannel, models.CASCADE, related_name="+", null=True, verbose_name=_("sent to"))
    key = models.CharField(max_length=96, verbose_name=_("key"))
    kind = models.CharField(_("kind"), max_length=12)
    text = models.CharField(_("text"), max_length=200)
    # Only what may go outside (integrations.choices.outside).
    params: Any = models.JSONField(_("content"), default=dict)
    urgent = models.BooleanField(_("urgent"), default=False)
    told_at = models.DateTimeField(_("time"))
    message = models.ForeignKey(Message, models.CASCADE, related_name="kept", null=True, verbose_name=_("message"))

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a message")
        verbose_name_plural = _("lines of messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "own", "key"], name="line_once", nulls_distinct=False)
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "own"], name="line_waiting", condition=Q(message=None)),
            models.Index(fields=["told_at"], name="line_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.key}"
