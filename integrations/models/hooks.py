"""Webhooks: who wants to be told what, what is on its way, and how each try went."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from gridgov.core.secrets import unseal
from grids.models import Grid, Unit
from integrations.choices.hooks import ANSWER_KEPT, EVENTS, FAULT_KEPT, DeliveryState
from integrations.queries.hooks import DeliveryQuerySet, WebhookQuerySet


class Webhook(Changing):
    """A subscription: events of EVENTS that OWNER may see, in the subtree of a grid or of a unit where one is named, are told
    to an address. The second half is how sending goes, and is written by the couriers."""

    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("target address"), max_length=500)
    host = models.CharField(max_length=255, editable=False)
    events = models.JSONField(_("events"), default=list)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("on behalf of"))
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only in grid")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only of unit")
    )
    is_on = models.BooleanField(_("switched on"), default=False)
    starts_at = models.DateTimeField(_("events since"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    # Its secrets, sealed (gridgov.core.secrets) for this webhook alone: that of the present key, and of the one before.
    salt = models.CharField(max_length=32, editable=False)
    sealed = models.TextField(default="", editable=False)
    sealed_old = models.TextField(blank=True, default="", editable=False)
    kid = models.PositiveIntegerField(_("key"), default=1)
    old_until = models.DateTimeField(_("key before holds until"), null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    check_fault = models.CharField(_("why the check failed"), max_length=FAULT_KEPT, blank=True, default="")
    off_because = models.CharField(_("switched off because"), max_length=FAULT_KEPT, blank=True, default="")

    served_at = models.DateTimeField(_("last served"))
    good_at = models.DateTimeField(_("last good answer"), null=True)
    resume_at = models.DateTimeField(_("left alone until"), null=True)
    failures = models.PositiveIntegerField(_("not reached, in a row"), default=0)
    pace = models.FloatField(_("seconds it takes"), default=0)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(checked_at__isnull=False, ended_at=None), name="hook_on_when_checked"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["served_at"], name="hook_on", condition=Q(is_on=True))]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.grid.code if self.grid else ""

    @property
    def sealed_for(self) -> str:
        """What its secrets are bound to."""
        return f"integrations.hook:{self.salt}"

    def secret(self) -> str:
        """The secret of the present key. Raises Unreadable."""
        return unseal(self.sealed, of=self.sealed_for)

    def keys(self, at: dt.datetime) -> list[tuple[int, str]]:
        """The keys that sign at the moment AT, the present one first. Raises Unreadable."""
        old = (
            [(self.kid - 1, unseal(self.sealed_old, of=self.sealed_for))]
            if self.old_until and at < self.old_until
            else []
        )
        return [(self.kid, self.secret()), *old]


class Delivery(Changing):
    """One event on its way to one receiver. BODY is what is sent, at every try the same.

    No constraint of the database ties it to its webhook: telling others must never be what a verb fails of.
    """

    webhook = models.ForeignKey(
        Webhook,
        models.PROTECT,
        related_name="deliveries",
        verbose_name=_("webhook"),
        db_constraint=False,
        db_index=False,
    )
    record = models.BigIntegerField(_("record"))
    event = models.CharField(_("event"), max_length=24)
    subject_type = models.CharField(_("subject"), max_length=8)
    subject_id = models.BigIntegerField(_("subject number"))
    number = models.CharField(_("number"), max_length=20)
    body = models.TextField(_("content"))
    at = models.DateTimeField(_("time"))
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"))
    replays = models.PositiveSmallIntegerField(_("replayed"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "record"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "next_at"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(
                fields=["webhook", "subject_type", "subject_id", "id"],
                name="delivery_line",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["leased_until"], name="delivery_leased", condition=Q(lease__isnull=False)),
            models.Index(fields=["webhook", "-id"], name="delivery_dead", condition=Q(state="dead")),
            models.Index(fields=["webhook", "-id"], name="delivery_list"),
            models.Index(fields=["settled_at"], name="delivery_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event_name} {self.number}"

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def event_name(self) -> str:
        return str(EVENTS[self.event].label) if self.event in EVENTS else self.event

    @property
    def event_id(self) -> str:
        """By this a receiver knows an event again."""
        return f"evt_{self.record}"


class Try(models.Model):
    """One line of the delivery log: what a receiver answered, or why nothing came back."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log", verbose_name=_("delivery"))
    at = models.DateTimeField(_("time"))
    millis = models.PositiveIntegerField(_("milliseconds"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.CharField(_("beginning of the answer"), max_length=ANSWER_KEPT, blank=True)
    fault = models.CharField(_("fault"), max_length=FAULT_KEPT, blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=["at"], name="hook_try_at")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status or self.fault}"
