"""Two ledgers, append-only: hours in minutes, and points; what they add up to; and where points are exchanged."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from grids.models import Grid
from volunteers.choices.ledger import (
    NAME_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    AppealState,
    HoursKind,
    PointsFor,
    PointsKind,
    RedemptionState,
)
from volunteers.choices.people import VolunteerKind
from volunteers.models.people import OnGrid, Volunteer
from volunteers.models.work import SignUp
from volunteers.queries import (
    AppealQuerySet,
    GoodQuerySet,
    HoursQuerySet,
    OfVolunteerQuerySet,
    PointsQuerySet,
    PointsRuleQuerySet,
    RedemptionQuerySet,
    StationQuerySet,
)


class Balance(Changing):
    """What the ledgers of a volunteer add up to; one from approval on. It moves with each line, by the database's own hand
    (migration 0003). Whoever asks how much there is before writing holds its row."""

    volunteer = models.OneToOneField(
        Volunteer, models.PROTECT, primary_key=True, related_name="balance", verbose_name=_("volunteer")
    )
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    points = models.PositiveIntegerField(_("points"), default=0)

    objects = OfVolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gte=0, points__gte=0), name="balance_never_negative"),
        ]

    def __str__(self) -> str:
        return str(self.volunteer)


class Entry(Changing):
    """A line of a ledger. It is never changed, the database refuses that (migration 0003); another one takes it back."""

    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("entered"))

    class Meta:
        abstract = True

    @property
    def scope_code(self) -> str:
        return self.volunteer.grid.code  # type: ignore[attr-defined]


class HoursEntry(Entry):
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="hours", verbose_name=_("volunteer"))
    kind = models.CharField(_("kind"), max_length=10, choices=HoursKind.choices)
    minutes = models.IntegerField(_("minutes"))
    sign_up = models.ForeignKey(SignUp, models.PROTECT, null=True, related_name="hours", verbose_name=_("sign-up"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    # More than eight hours on one day: to be looked at.
    is_flagged = models.BooleanField(_("flagged"), default=False)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours of service")
        verbose_name_plural = _("hours of service")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(minutes=0), name="hours_never_nothing"),
            models.CheckConstraint(
                condition=~Q(kind=HoursKind.REVERSAL) | Q(reverses__isnull=False), name="hours_reversal_of_something"
            ),
            models.UniqueConstraint(
                fields=["sign_up"], condition=Q(kind=HoursKind.SERVICE), name="hours_once_a_sign_up"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "day"], name="hours_of_day"),
            models.Index(fields=["-id"], name="hours_flagged", condition=Q(is_flagged=True)),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {self.day}"

    @property
    def is_taken_back(self) -> bool:
        return hasattr(self, "reversed_by")

    @property
    def stands(self) -> bool:
        """It is no reversal, and none takes it back."""
        return self.reverses_id is None and not self.is_taken_back

    @property
    def minutes_now(self) -> int:
        """What stands for its sign-up."""
        return self.minutes

    @property
    def is_to_look_at(self) -> bool:
        """Flagged, in force, and found right by nobody yet."""
        return self.is_flagged and not self.is_taken_back and not hasattr(self, "look")


class HoursLook(Changing):
    """Somebody looked at a flagged line and found it right; the line itself never changes."""

    entry = models.OneToOneField(HoursEntry, models.PROTECT, related_name="look", verbose_name=_("hours of service"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("looked at by"))
    at = models.DateTimeField(_("time"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)

    class Meta:
        verbose_name = _("look at flagged hours")
        verbose_name_plural = _("looks at flagged hours")

    def __str__(self) -> str:
        return self.reason


class Appeal(Changing):
    """A volunteer asks for hours to be corrected (志愿服务记录与证明出具办法)."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="appeals", verbose_name=_("volunteer"))
    sign_up = models.ForeignKey(SignUp, models.PROTECT, related_name="appeals", verbose_name=_("sign-up"))
    state = models.CharField(_("state"), max_length=8, choices=AppealState.choices, default=AppealState.OPEN)
    words = models.CharField(_("what is wrong"), max_length=REASON_CHARS)
    at = models.DateTimeField(_("time"))
    answer = models.CharField(_("answer"), max_length=REASON_CHARS, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal about hours")
        verbose_name_plural = _("appeals about hours")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sign_up"], condition=Q(state=AppealState.OPEN), name="appeal_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def scope_code(self) -> str:
        return self.volunteer.grid.code

    @property
    def minutes_now(self) -> int:
        """What stands for its sign-up."""
        return sum(entry.minutes for entry in self.sign_up.hours.all())


class PointsRule(Changing):
    """For what points are given, from a day on until the next rule for the same. A street's beats the house's (no street);
    one for a kind of volunteers beats one for all. 0 points: nothing for it any more."""

    street = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"))
    what = models.CharField(_("for what"), max_length=16, choices=PointsFor.choices)
    kind = models.CharField(_("for whom"), max_length=16, choices=VolunteerKind.choices, blank=True, default="")
    points = models.PositiveSmallIntegerField(_("points"))
    # Of this rule, for one volunteer on one day; none: as many as there are.
    day_most = models.PositiveSmallIntegerField(_("points a day at most"), null=True, blank=True)
    # They run out so many days later; none: never.
    expire_days = models.PositiveSmallIntegerField(_("expire after days"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"), null=True)

    objects = PointsRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of points")
        verbose_name_plural = _("rules of points")
        ordering = ("-effective_from", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["street", "what", "kind", "effective_from"], nulls_distinct=False, name="points_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.points}"

    @property
    def scope_code(self) -> str:
        return self.street.code if self.street else ""


class Station(OnGrid):
    """Where points are exchanged for goods 爱心超市; never for money."""

    name = models.CharField(_("name"), max_length=NAME_CHARS)
    place = models.CharField(_("place"), max_length=PLACE_CHARS)
    hours = models.CharField(_("opening hours"), max_length=PLACE_CHARS, blank=True, default="")
    is_open = models.BooleanField(_("open for exchange"), default=True)
    # Hands goods over and sees who is to collect some; beside the organisers in scope.
    keeper = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeper"))

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange station")
        verbose_name_plural = _("exchange stations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Good(Changing):
    """What a station gives for points."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="goods", verbose_name=_("exchange station"))
    name = models.CharField(_("name"), max_length=NAME_CHARS)
    points = models.PositiveIntegerField(_("points"))
    stock = models.PositiveIntegerField(_("in stock"))
    is_open = models.BooleanField(_("offered"), default=True)

    objects = GoodQuerySet.as_manager()

    class Meta:
        verbose_name = _("good")
        verbose_name_plural = _("goods")
        ordering = ("points", "id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stock__gte=0, points__gte=1), name="good_has_a_price"),
            models.UniqueConstraint(fields=["station", "name"], name="good_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.station.grid.code


class Redemption(Changing):
    """Points were exchanged: reserved by the volunteer, handed over at the station against its code."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="redemptions", verbose_name=_("volunteer"))
    good = models.ForeignKey(Good, models.PROTECT, related_name="redemptions", verbose_name=_("good"))
    state = models.CharField(
        _("state"), max_length=12, choices=RedemptionState.choices, default=RedemptionState.RESERVED
    )
    count = models.PositiveSmallIntegerField(_("count"))
    points = models.PositiveIntegerField(_("points"))
    code = models.CharField(_("code"), max_length=8)
    at = models.DateTimeField(_("time"))
    collect_by = models.DateField(_("to be collected by"))
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange of points")
        verbose_name_plural = _("exchanges of points")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["collect_by"], name="redemption_waits", condition=Q(state=RedemptionState.RESERVED)),
        ]

    def __str__(self) -> str:
        return f"{self.good} × {self.count}"

    @property
    def scope_code(self) -> str:
        return self.good.station.grid.code


class PointsEntry(Entry):
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="points", verbose_name=_("volunteer"))
    kind = models.CharField(_("kind"), max_length=8, choices=PointsKind.choices)
    points = models.IntegerField(_("points"))
    rule = models.ForeignKey(PointsRule, models.PROTECT, null=True, related_name="+", verbose_name=_("rule"))
    # What they are for, once: `case:12`, `sign_up:7`, `claim:3:2026-11`. Shown to nobody: who reported a case stays unsaid.
    source = models.CharField(_("what they are for"), max_length=40, blank=True, default="")
    expires_on = models.DateField(_("expire on"), null=True)
    redemption = models.ForeignKey(
        Redemption, models.PROTECT, null=True, related_name="entries", verbose_name=_("exchange")
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("takes back")
    )

    objects = PointsQuerySet.as_manager()

    class Meta:
        verbose_name = _("points")
        verbose_name_plural = _("points")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(points=0), name="points_never_nothing"),
            models.UniqueConstraint(
                fields=["volunteer", "source"], condition=Q(kind=PointsKind.EARNED), name="points_once_a_source"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PointsKind.SPENT) | Q(redemption__isnull=False), name="points_spent_on_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "day"], name="points_of_day"),
            models.Index(fields=["expires_on"], name="points_expiring", condition=Q(kind=PointsKind.EARNED)),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {self.day}: {self.points:+d}"

    @property
    def is_taken_back(self) -> bool:
        return hasattr(self, "reversed_by")
