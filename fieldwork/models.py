import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from fieldwork.choices import NOTE_CHARS, PAGE_CHARS, PLACE_CHARS, REASON_CHARS, WGS84, DailyKind, Diligence, Ending
from fieldwork.queries import NeedlessQuerySet, OfWorkerQuerySet, PatrolQuerySet, VisitQuerySet
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField
from grids.models import Grid


class OfWorker(Changing):
    """Something of a person's day on a grid."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("worker"))
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"))

    class Meta:
        abstract = True

    @property
    def scope_code(self) -> str:
        return self.grid.code


class Patrol(OfWorker):
    """From pressing start to pressing stop. Where it went (`points`) is the worker's own to see."""

    kind = models.CharField(_("diligence"), max_length=8, choices=Diligence.choices, default=Diligence.PATROL)
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ending = models.CharField(_("ended how"), max_length=8, choices=Ending.choices, blank=True, default="")
    # The device's moment of the last point.
    seen_at = models.DateTimeField(_("last point"), null=True)
    note = models.CharField(_("note"), max_length=NOTE_CHARS, blank=True, default="")
    # What the phone called it while there was no network.
    key = models.UUIDField(_("the phone's key"), null=True, editable=False)

    objects = PatrolQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol")
        verbose_name_plural = _("patrols")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="patrol_runs_once"),
            models.UniqueConstraint(fields=["user", "key"], name="patrol_key_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__gte=F("started_at")) & ~Q(ending="")),
                name="patrol_ends_somehow",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-started_at"], name="patrol_of_user"),
            models.Index(fields=["grid", "-started_at"], name="patrol_on_grid"),
            # Which trails are old enough to go.
            models.Index(fields=["started_at"], name="patrol_begun"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.grid}"

    @property
    def counted_until(self) -> dt.datetime | None:
        """Up to when its minutes count; None while it runs. One that the house ended counts to its last sign of life:
        nobody knows what was after it."""
        return self.ended_at if self.ending in {"", Ending.SELF} else self.seen_at or self.started_at


class TrailPoint(models.Model):
    """Where a patrol was, as the phone said at `taken_at` by its own clock. `x`, `y` is what it said in `crs`."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="points", verbose_name=_("patrol"), db_index=False)
    taken_at = models.DateTimeField(_("time on the phone"))
    received_at = models.DateTimeField(_("received"))
    lng = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    accuracy = models.FloatField(_("accuracy in metres"), null=True)
    crs = models.CharField(_("read in"), max_length=5, default=WGS84)
    x = models.FloatField(_("longitude as read"))
    y = models.FloatField(_("latitude as read"))

    class Meta:
        verbose_name = _("point of a trail")
        verbose_name_plural = _("points of trails")
        ordering = ("taken_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patrol", "taken_at"], name="trail_point_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lng:.6f}, {self.lat:.6f}"


class TrailLook(models.Model):
    """Somebody of the street office looked at a trail, and why; the worker reads it."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="looks", verbose_name=_("patrol"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who looked"))
    at = models.DateTimeField(_("time"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)

    class Meta:
        verbose_name = _("look at a trail")
        verbose_name_plural = _("looks at trails")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.by}: {self.reason}"


class TrailDay(models.Model):
    """What is left of a day's trails once their points are deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("worker"))
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    kilometres = models.DecimalField(_("kilometres"), max_digits=5, decimal_places=1, default=0)

    class Meta:
        verbose_name = _("day of trails")
        verbose_name_plural = _("days of trails")
        ordering = ("-day",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="trail_day_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class Visit(OfWorker):
    """One thing done for or with residents. No register of people: place and note are words without names or numbers."""

    kind = models.CharField(_("diligence"), max_length=8, choices=Diligence.choices, default=Diligence.VISIT)
    at = models.DateTimeField(_("time"))
    entered_at = models.DateTimeField(_("entered"))
    place = SealedCharField(_("household or place"), max_length=PLACE_CHARS)
    note = SealedCharField(_("note"), max_length=NOTE_CHARS, blank=True, default="")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", verbose_name=_("case made from it"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="visit_of_user"),
            models.Index(fields=["grid", "-at"], name="visit_on_grid"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place}"


class DailyReport(OfWorker):
    """What somebody reports of a day. `counts` are the day's own records when it was given, reckoned by the house."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind of report"), max_length=8, choices=DailyKind.choices)
    note = models.CharField(_("note"), max_length=NOTE_CHARS, blank=True, default="")
    counts = models.JSONField(_("counts"), default=dict)
    given_at = models.DateTimeField(_("given"))

    objects = OfWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        ordering = ("-day", "-id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="daily_report_once")]
        indexes: ClassVar = [models.Index(fields=["day", "grid"], name="daily_report_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.user} {self.get_kind_display()}"


class NeedlessWork(Changing):
    """Somebody says that something asked of them is needless. Without `said_by` nobody knows who: it is not written down
    anywhere, and only the day is kept."""

    street = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    page = models.CharField(_("page it is about"), max_length=PAGE_CHARS, blank=True, default="")
    words = models.CharField(_("what is needless"), max_length=NOTE_CHARS)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("said by"))
    said_on = models.DateField(_("day"))
    answer = models.CharField(_("answer"), max_length=NOTE_CHARS, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = NeedlessQuerySet.as_manager()

    class Meta:
        verbose_name = _("word about needless work")
        verbose_name_plural = _("needless work")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="needless_answer_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["street", "-id"], name="needless_of_street")]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def scope_code(self) -> str:
        return self.street.code
