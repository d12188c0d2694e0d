"""Special teams 专班: a hard case gets a plan, a lead, members and days on which it is looked at."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.case import Case
from cases.queries import TeamQuerySet
from gridgov.core.models import Changing


class Team(Changing):
    """One matter, one policy, one team 一事一策一专班 (seed 004)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="teams", verbose_name=_("case"))
    lead = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("leads it"))
    plan = models.TextField(_("plan"), max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("formed by"))
    at = models.DateTimeField(_("formed"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    summary = models.TextField(_("outcome"), max_length=2000, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("special team")
        verbose_name_plural = _("special teams")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="team_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def scope_code(self) -> str:
        return self.case.scope_code


class TeamMember(models.Model):
    """Who is in it, for what."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("special team"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member"))
    task = models.CharField(_("task"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return str(self.user)


class TeamReview(Changing):
    """A day on which the team looks at the case, and what it found."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="reviews", verbose_name=_("special team"))
    due_on = models.DateField(_("review day"))
    held_at = models.DateTimeField(_("held"), null=True)
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("held by"))
    note = models.TextField(_("findings"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("team review")
        verbose_name_plural = _("team reviews")
        ordering = ("due_on", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "due_on"], name="team_review_once")]

    def __str__(self) -> str:
        return f"{self.due_on}"
