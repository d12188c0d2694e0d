"""Committees, mediators, experts, rooms."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField
from grids.models import Grid
from mediation.choices.people import (
    NAME_CHARS,
    PHONE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    SHORT_CHARS,
    WORDS_CHARS,
    CommitteeKind,
    MediatorKind,
    Office,
    Profession,
    Sex,
)
from mediation.queries import (
    CommitteeQuerySet,
    ExpertQuerySet,
    MediatorQuerySet,
    RoomQuerySet,
    SeatQuerySet,
    StudioQuerySet,
)


class OnGrid(Changing):
    """Something that lies on a grid, until it is ended."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    ended_reason = models.CharField(
        _("reason"), max_length=REASON_CHARS, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        abstract = True

    @property
    def scope_code(self) -> str:
        return self.grid.code


class Committee(OnGrid):
    """A people's mediation committee 人民调解委员会. `short` stands in the numbers of its volumes: (2026)SHORT人调字第1号."""

    kind = models.CharField(_("kind"), max_length=12, choices=CommitteeKind.choices)
    name = models.CharField(_("name"), max_length=NAME_CHARS)
    short = models.CharField(_("short name in numbers"), max_length=SHORT_CHARS)
    place = models.CharField(_("place"), max_length=PLACE_CHARS, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="")
    term_from = models.DateField(_("term begins on"))
    term_until = models.DateField(_("term ends on"))

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediation committee")
        verbose_name_plural = _("mediation committees")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CommitteeKind.values), name="committee_kind_known"),
            models.CheckConstraint(condition=Q(term_until__gt=F("term_from")), name="committee_term_in_order"),
            models.UniqueConstraint(fields=["short"], condition=Q(ended_on=None), name="committee_short_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Mediator(OnGrid):
    """Somebody who mediates. `user` is the account, where there is one: without it nobody writes records by phone."""

    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="mediator", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MediatorKind.choices)
    name = models.CharField(_("full name"), max_length=NAME_CHARS)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex.choices)
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    about = models.CharField(_("about"), max_length=WORDS_CHARS, blank=True, default="")
    # Of DisputeKind; empty: any.
    skills = models.JSONField(_("kinds of disputes"), default=list, blank=True)
    serves = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name=_("serves in"))

    objects = MediatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediator")
        verbose_name_plural = _("mediators")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MediatorKind.values), name="mediator_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(Changing):
    """A mediator is in a committee from a day to a day."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="seats", verbose_name=_("mediation committee")
    )
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="seats", verbose_name=_("mediator"))
    office = models.CharField(_("office"), max_length=8, choices=Office.choices, default=Office.MEMBER)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a committee")
        verbose_name_plural = _("seats in committees")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "mediator"], condition=Q(until=None), name="committee_seat_once"
            ),
            models.UniqueConstraint(
                fields=["committee"], condition=Q(until=None, office=Office.DIRECTOR), name="committee_one_director"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.mediator}"

    @property
    def scope_code(self) -> str:
        return self.committee.grid.code


class Room(OnGrid):
    """A mediation room 调解室 that is booked by sessions."""

    name = models.CharField(_("name"), max_length=NAME_CHARS)
    place = models.CharField(_("place"), max_length=PLACE_CHARS)
    seats = models.PositiveSmallIntegerField(_("seats"), default=8)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediation room")
        verbose_name_plural = _("mediation rooms")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Studio(OnGrid):
    """A brand 品牌调解室: known by the name of whoever mediates there."""

    name = models.CharField(_("name"), max_length=NAME_CHARS)
    about = models.CharField(_("about"), max_length=WORDS_CHARS, blank=True, default="")
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="studios", verbose_name=_("mediation committee")
    )
    mediator = models.ForeignKey(
        Mediator, models.PROTECT, null=True, blank=True, related_name="studios", verbose_name=_("mediator")
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mediation room")
    )

    objects = StudioQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediation studio")
        verbose_name_plural = _("mediation studios")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Expert(OnGrid):
    """Somebody of the pool 三官二师一首席 who is called into a file with the parties' consent (人民调解法 20)."""

    profession = models.CharField(_("profession"), max_length=16, choices=Profession.choices)
    name = models.CharField(_("full name"), max_length=NAME_CHARS)
    office = models.CharField(_("office or firm"), max_length=NAME_CHARS, blank=True, default="")
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    about = models.CharField(_("about"), max_length=WORDS_CHARS, blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account"))

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(profession__in=Profession.values), name="expert_profession_known"),
        ]

    def __str__(self) -> str:
        return self.name
