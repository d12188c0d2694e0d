"""Applications, the rules for deciding about them, and the times a case stood still."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import Ask, AskState, Hold, Level, PauseReason
from cases.models.case import Case
from cases.models.orders import Order
from cases.queries import ApplicationQuerySet, ApprovalRuleQuerySet, PauseQuerySet
from gridgov.core.calendar import LimitUnit
from gridgov.core.models import Changing
from grids.models import Grid


class ApprovalRule(Changing):
    """How a kind of application is treated from `effective_from` on, where a street differs from cases.choices.TERMS.
    Never edited: a new row takes over."""

    street = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"),
        help_text=_("Empty: every street."),
    )  # fmt: skip
    kind = models.CharField(_("application"), max_length=16, choices=Ask.choices)
    steps = models.PositiveSmallIntegerField(_("rungs above the applicant"), default=1)
    again = models.PositiveSmallIntegerField(_("more rungs for each further request"), default=1)
    least = models.PositiveSmallIntegerField(_("never below"), choices=Level.choices, default=Level.NONE)
    most = models.PositiveSmallIntegerField(
        _("at most"), null=True, blank=True, help_text=_("Approved ones for one case. Empty: no cap.")
    )
    longest = models.DecimalField(_("longest"), max_digits=6, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("counted in"), max_length=16, choices=LimitUnit.choices, blank=True)
    effective_from = models.DateTimeField(_("holds from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ApprovalRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        ordering = ("-effective_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Ask.values), name="approval_kind_known"),
            models.CheckConstraint(condition=Q(longest=None) | (Q(longest__gt=0) & ~Q(unit="")), name="approval_longest_whole"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def scope_code(self) -> str:
        return self.street.code if self.street else ""


class Application(Changing):
    """Somebody asks for something that somebody else must allow. `data` holds what the kind needs (cases.actions.asking);
    `level` is the rung that decides; `lapses_at` the clock's due moment, with which a pending one ends."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="applications", verbose_name=_("case"))
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, related_name="applications", verbose_name=_("order"), db_index=False
    )
    kind = models.CharField(_("application"), max_length=16, choices=Ask.choices)
    state = models.CharField(_("state"), max_length=10, choices=AskState.choices, default=AskState.PENDING)
    level = models.PositiveSmallIntegerField(_("decided by"), choices=Level.choices)
    nth = models.PositiveSmallIntegerField(_("request no."), default=1)
    data = models.JSONField(_("what is asked for"), default=dict)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("applicant"))
    at = models.DateTimeField(_("asked"))
    lapses_at = models.DateTimeField(_("lapses"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("words on the decision"), max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Ask.values), name="application_kind_known"),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state=AskState.PENDING), name="application_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="application_decided_by_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "-id"], name="application_waiting", condition=Q(state=AskState.PENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def scope_code(self) -> str:
        return self.case.scope_code


class Pause(Changing):
    """A time in which the case stands still. A suspension ends by itself at `until`; of a parked case that is the day
    on which it is looked at again."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=Hold.choices)
    cause = models.CharField(_("why it waits"), max_length=20, choices=PauseReason.choices)
    plan = models.TextField(_("plan"), max_length=2000, blank=True)
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, related_name="pause", verbose_name=_("application")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("started"))
    until = models.DateTimeField(_("until"))
    reviews = models.PositiveSmallIntegerField(_("reviewed"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by"))

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="pause_one_open"),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="pause_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d}"

    @property
    def scope_code(self) -> str:
        return self.case.scope_code
