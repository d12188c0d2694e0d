"""Deadlines, why they stand where they stand, and the cards for missing them."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import (
    CardLevel,
    Clock,
    Entry,
)
from cases.models.case import Case
from cases.models.catalogue import Policy
from cases.models.orders import Order
from cases.queries import DeadlineQuerySet
from gridgov.core.calendar import LimitUnit
from gridgov.core.models import Changing
from grids.models import Grid, Unit


class Deadline(Changing):
    """A clock of a case or of an order. `original_due_at` never changes; `due_at` is it plus what the ledger moved;
    `breached_at` is set once, to the moment the limit ran out, and never erased."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines", verbose_name=_("case"))
    order = models.ForeignKey(Order, models.CASCADE, null=True, related_name="deadlines", verbose_name=_("order"))
    clock = models.CharField(_("clock"), max_length=10, choices=Clock.choices)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    value = models.DecimalField(_("limit"), max_digits=8, decimal_places=2)
    unit = models.CharField(_("counted in"), max_length=16, choices=LimitUnit.choices)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="+", verbose_name=_("time limit"))
    started_at = models.DateTimeField(_("started"))
    original_due_at = models.DateTimeField(_("due at first"))
    due_at = models.DateTimeField(_("due"))
    provisional = models.BooleanField(_("provisional"), default=False)
    told = models.PositiveSmallIntegerField(_("share announced"), default=0)
    met_at = models.DateTimeField(_("met"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    breached_at = models.DateTimeField(_("overdue since"), null=True)
    paused_at = models.DateTimeField(_("stands still since"), null=True)
    paused_seconds = models.BigIntegerField(_("stood still for (seconds)"), default=0, db_default=0)
    red_at = models.DateTimeField(_("red card at"), null=True)
    supervision = models.ForeignKey(
        "Supervision",
        models.CASCADE,
        null=True,
        related_name="deadlines",
        verbose_name=_("supervision"),
        db_index=False,
    )

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "order", "clock"],
                condition=Q(met_at=None, dropped_at=None),
                nulls_distinct=False,
                name="deadline_runs_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="deadline_provisional", condition=Q(provisional=True, met_at=None)),
            models.Index(fields=["due_at"], name="deadline_response_due", condition=Q(clock=Clock.RESPONSE)),
            models.Index(fields=["started_at"], name="deadline_report_in", condition=Q(clock=Clock.REPORT_IN)),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.due_at:%Y-%m-%d %H:%M}"

    def stage_at(self, share: int) -> dt.datetime:
        """The moment at which SHARE percent of the limit are over; time in which it stood still is no part of it."""
        span = self.due_at - self.started_at - dt.timedelta(seconds=self.paused_seconds)
        return self.due_at - span * (100 - share) / 100


class LedgerEntry(models.Model):
    """Why a deadline stands where it stands. The seconds of all rows, added to the first due moment, give the present one."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="ledger", verbose_name=_("deadline"))
    entry = models.CharField(_("entry"), max_length=12, choices=Entry.choices)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    moved_seconds = models.BigIntegerField(_("moved by (seconds)"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_entry_display()} {self.moved_seconds:+d} s"


class Card(models.Model):
    """A card on a case (and the unit or grid whose order it was), once per round and level."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="cards", verbose_name=_("case"))
    level = models.PositiveSmallIntegerField(_("card"), choices=CardLevel.choices)
    round = models.PositiveSmallIntegerField(_("round"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="cards", verbose_name=_("unit"))
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "level", "round"], name="card_once")]

    def __str__(self) -> str:
        return self.get_level_display()
