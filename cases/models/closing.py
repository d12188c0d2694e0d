"""Merged duplicates, and what reporters said when they were asked."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import CaseState
from cases.models.case import Case
from gridgov.core.models import Changing


class Merge(Changing):
    """CASE was found to be the same matter as LEADING. Can be undone: `state_before` is where it goes back to."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="merges", verbose_name=_("case"))
    leading = models.ForeignKey(Case, models.CASCADE, related_name="absorbed", verbose_name=_("leading case"))
    state_before = models.CharField(_("state before"), max_length=12, choices=CaseState.choices)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by"))
    undone_at = models.DateTimeField(_("undone"), null=True)
    undo_reason = models.CharField(_("why it was undone"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(undone_at=None), name="merge_one_open"),
            models.CheckConstraint(condition=~Q(case=F("leading")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.leading_id}"


class Callback(models.Model):
    """A call back 回访 after completion: whether somebody was reached, and what they said."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="callbacks", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    reached = models.BooleanField(_("reached"))
    solved = models.BooleanField(_("is it solved?"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("called by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reached=True) | Q(solved=None), name="callback_answer_if_reached"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
