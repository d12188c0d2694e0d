"""Volunteers, their squads."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField, whole_index
from grids.models import Grid
from volunteers.choices.people import NAME_CHARS, PHONE_CHARS, WORDS_CHARS, SquadKind, VolunteerKind, VolunteerState
from volunteers.queries import MemberQuerySet, SquadQuerySet, VolunteerQuerySet


class OnGrid(Changing):
    """Something that lies on a grid."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"))

    class Meta:
        abstract = True

    @property
    def scope_code(self) -> str:
        return self.grid.code


class Volunteer(OnGrid):
    """Somebody who helps, on `grid` and wherever `serves` says. Name, phone and birthday are for organisers in scope; all
    others read `nickname`, or `no` where there is none. No identity number is kept: who asks for a certificate shows it."""

    no = models.CharField(_("volunteer number"), max_length=16, unique=True)
    # Signs in by it; an account of the role volunteer, or the one that somebody had already.
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="volunteer", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=16, choices=VolunteerKind.choices, default=VolunteerKind.RESIDENT)
    state = models.CharField(_("state"), max_length=8, choices=VolunteerState.choices, default=VolunteerState.APPLIED)
    name = SealedCharField(_("full name"), max_length=NAME_CHARS, blank=True, find="name")
    nickname = models.CharField(_("nickname"), max_length=NAME_CHARS, blank=True, default="")
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, find="phone")
    born_on = models.DateField(_("born on"), null=True, blank=True)
    guardian_name = SealedCharField(_("guardian"), max_length=NAME_CHARS, blank=True, default="")
    guardian_phone = SealedCharField(
        _("guardian's phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone"
    )
    guardian_agreed_at = models.DateTimeField(_("guardian agreed"), null=True, blank=True)
    # Of volunteers.choices.people: Skill, FREE_TIMES.
    skills = models.JSONField(_("skills"), default=list, blank=True)
    times = models.JSONField(_("free times"), default=list, blank=True)
    serves = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name=_("serves in"))
    # The number in the national record 全国志愿服务信息系统, where there is one.
    national_no = models.CharField(_("number in the national record"), max_length=32, blank=True, default="")
    # For new-employment groups: the platform or firm.
    employer = models.CharField(_("platform or firm"), max_length=NAME_CHARS, blank=True, default="")
    consent = models.CharField(_("agreed to version"), max_length=16)
    applied_at = models.DateTimeField(_("applied"))
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")
    trained_on = models.DateField(_("trained on"), null=True, blank=True)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    # When name, phone and birthday are struck out, for who is no longer here.
    forget_at = models.DateTimeField(_("kept until"), null=True)
    forgotten_at = models.DateTimeField(_("forgotten"), null=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=VolunteerState.values), name="volunteer_state_known"),
            models.CheckConstraint(
                condition=Q(guardian_agreed_at=None) | ~Q(guardian_name="") | Q(forgotten_at__isnull=False),
                name="volunteer_guardian_named",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["grid", "state"], name="volunteer_on_grid"),
            whole_index("phone", "volunteer_whole_phone"),
            whole_index("name", "volunteer_whole_name"),
            whole_index("guardian_phone", "volunteer_guardian_phone"),
            models.Index(fields=["forget_at"], name="volunteer_forget", condition=Q(forget_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """What others read."""
        return self.nickname or self.no


class Squad(OnGrid):
    """A squad: its lead is a social worker or another of the field. 一专五志 is bound to micro-grids (`micros`)."""

    kind = models.CharField(_("kind"), max_length=16, choices=SquadKind.choices)
    name = models.CharField(_("name"), max_length=NAME_CHARS)
    lead = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("squad lead"))
    micros = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name=_("micro-grids"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    ended_on = models.DateField(_("ended on"), null=True)

    objects = SquadQuerySet.as_manager()

    class Meta:
        verbose_name = _("squad")
        verbose_name_plural = _("squads")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grid", "kind", "name"], condition=Q(ended_on=None), name="squad_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(Changing):
    """A volunteer stands in a squad from a day to a day."""

    squad = models.ForeignKey(Squad, models.PROTECT, related_name="members", verbose_name=_("squad"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships", verbose_name=_("volunteer"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a squad")
        verbose_name_plural = _("members of squads")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["squad", "volunteer"], condition=Q(until=None), name="member_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="member_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.squad} · {self.volunteer}"

    @property
    def scope_code(self) -> str:
        return self.squad.grid.code
