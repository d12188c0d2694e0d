"""What every room leans on: the record, the job and the day of the calendar."""

import datetime as dt
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gridgov.core import rules
from gridgov.core.sealed import OpenOrder

M = TypeVar("M", bound=models.Model)
# Verbs by which somebody looked at people's data or took it out (gridgov.core.looking). Spelled here, for an index must say them;
# whoever adds one makes a migration.
LOOKS = (
    "accounts.client_looked", "accounts.download_taken", "cases.phone_searched", "cases.photo_revealed", "cases.printed",
    "cases.revealed", "core.exported", "fieldwork.trail_looked_at", "integrations.caller_revealed", "integrations.message_read",
    "mediation.looked", "privacy.copied", "privacy.searched", "resources.revealed", "volunteers.revealed",
)  # fmt: skip


class Recordable(Protocol):
    """Whatever a record can be about."""

    pk: Any
    _meta: ClassVar[Any]

    @property
    def scope_code(self) -> str:
        """Code of the grid it belongs to, or '' for things of no grid."""
        ...


class Changing(models.Model):
    """A model whose actions change it by `change`, which says what it changed."""

    class Meta:
        abstract = True

    def change(self, **values: Any) -> dict[str, list[Any]]:
        """Set and save VALUES; answer {field: [before, after]} of those that differ. For actions only."""
        changed = {name: [getattr(self, name), value] for name, value in values.items() if getattr(self, name) != value}
        for name, (_before, after) in changed.items():
            setattr(self, name, after)
        if changed:
            self.save(update_fields=list(changed))
        return {name: [_plain(before), _plain(after)] for name, (before, after) in changed.items()}


def _plain(value: Any) -> Any:
    """VALUE as JSON holds it: a model row is its key, an instant its ISO form."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str | float | None) else str(value)


class LockingQuerySet(OpenOrder):
    """Adds the way an action takes hold of one row."""

    def locked(self, row: M | int) -> M:
        """The row as it is now, held until the transaction ends. Raises DoesNotExist."""
        pk = row if isinstance(row, int) else row.pk
        held: M = self.select_for_update(no_key=True, of=("self",)).get(pk=pk)  # type: ignore[assignment]
        return held


class Record(models.Model):
    """One immutable row per action: history, audit and event in one.

    `seq`, `prev` and `hash` are set by the database (migration 0002): each row carries the SHA-256 of the one before
    it about the same subject, and the daily seal carries the digest of all rows since the last one.
    """

    at = models.DateTimeField(_("time"))
    verb = models.CharField(_("verb"), max_length=48)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("actor"))
    subject_type = models.CharField(_("subject"), max_length=32)
    subject_id = models.BigIntegerField(_("subject number"))
    scope = models.CharField(_("grid code"), max_length=18, blank=True)
    data = models.JSONField(_("content"), default=dict)
    seq = models.IntegerField(_("place in the chain"), editable=False, default=0)
    prev = models.BinaryField(editable=False, default=b"")
    hash = models.BinaryField(editable=False, default=b"")

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="record_chain"),
        ]
        indexes: ClassVar = [
            # The access log, and how many looks somebody had within the hour; a few of a thousand records are looks.
            models.Index(fields=["id"], name="record_look", condition=Q(verb__in=LOOKS)),
            models.Index(fields=["actor", "at"], name="record_look_of", condition=Q(verb__in=LOOKS)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}#{self.seq}"


class JobQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Promised and neither done nor stuck."""
        return self.filter(done_at=None, stuck_at=None)

    def stuck(self) -> Self:
        return self.filter(done_at=None, stuck_at__isnull=False)


class Job(models.Model):
    """One piece of promised work. `due_at` is the promise; `run_at` is when it is tried next."""

    kind = models.CharField(_("kind"), max_length=48)
    key = models.CharField(_("key"), max_length=96)
    due_at = models.DateTimeField(_("due"))
    run_at = models.DateTimeField(_("next try"))
    payload = models.JSONField(_("content"), default=dict, blank=True)
    lease = models.UUIDField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    stuck_at = models.DateTimeField(_("stuck since"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # The request that promised it (gridgov.core.access), for the log; with a default of the database's own, so that processes of
    # the version before, which don't know it, promise on.
    request = models.CharField(max_length=64, default="", db_default="", blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes: ClassVar = [
            models.Index(fields=["run_at"], name="job_open", condition=Q(done_at=None, stuck_at=None)),
            models.Index(fields=["stuck_at"], name="job_stuck", condition=Q(done_at=None, stuck_at__isnull=False)),
            models.Index(fields=["done_at"], name="job_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DayKind(models.TextChoices):
    WORK = "work", _("working day")
    REST = "rest", _("day off")


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nation's days, those of the own streets and districts; the hands that run the house see all."""
        if user.role in rules.EVERYWHERE:
            return self.all()
        seen = Q(scope="")
        for place in rules.places(user):
            # Whoever keeps a district sees its streets too, whether or not a grid has their code.
            seen |= Q(scope__startswith=place.code) if place.kept else Q(scope=place.code)
        return self.filter(seen)

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self


class CalendarDay(Changing):
    """One day as the office counts it. `scope` is '' for the nation, 6 digits for a district, 9 for a street."""

    scope = models.CharField(
        _("holds for"),
        max_length=9,
        blank=True,
        help_text=_("Empty: everywhere. Six digits: a district. Nine: a street."),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=4, choices=DayKind.choices)
    windows = models.JSONField(
        _("hours of work"),
        default=list,
        blank=True,
        help_text=_('Pairs like [["08:00","12:00"],["14:00","18:00"]]; empty: the ordinary hours.'),
    )
    name = models.CharField(_("name"), max_length=32, blank=True)
    source = models.CharField(_("source"), max_length=64, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ("date", "scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "date"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.name}".strip()

    @property
    def scope_code(self) -> str:
        return self.scope


class KeptAnswer(models.Model):
    """What a client was answered under a key of its own choosing, so that the same request sent again is answered alike
    (gridgov.core.idempotency). CLIENT is `user:<id>`, or `visitor:<digest of a token>` where nobody is signed in."""

    client = models.CharField(_("client"), max_length=64)
    key = models.CharField(_("key"), max_length=64)
    asked = models.CharField(_("SHA-256 of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    body = models.JSONField(_("content"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="answer_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


class Upload(Changing):
    """A file on its way, sent in pieces by CLIENT (see KeptAnswer) until a verb takes it. The client chose the id. The row
    says how many bytes of the file hold; what lies behind them was never confirmed."""

    id = models.UUIDField(primary_key=True)
    client = models.CharField(_("client"), max_length=64)
    mime = models.CharField(_("file type"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    received = models.PositiveIntegerField(_("bytes received"), default=0)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    at = models.DateTimeField(_("time"))
    expires_at = models.DateTimeField(_("kept until"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="upload_within_size"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client"], name="upload_open", condition=Q(used_at=None)),
            models.Index(fields=["expires_at"], name="upload_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.received}/{self.size}"

    @property
    def done(self) -> bool:
        return self.received == self.size


class KeepingRun(models.Model):
    """When what is due of a kind of data was last looked through to be deleted (gridgov.core.keeping)."""

    kind = models.CharField(_("kind of data"), max_length=48, primary_key=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("run of keeping")
        verbose_name_plural = _("runs of keeping")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Era(models.Model):
    """A stretch of time in which numbers of transactions only grew: the life of the table of records at one PLACE
    (gridgov.core.positions). Records up to `last_record` were there when it began."""

    place = models.CharField(_("place"), max_length=96)
    last_record = models.BigIntegerField(_("last record before"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("era of the records")
        verbose_name_plural = _("eras of the records")

    def __str__(self) -> str:
        return f"{self.pk} {self.place}"
