"""The agreement, who signed it, what was done, what the court said, and the papers of the volume."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.sealed import SealedTextField
from mediation.choices.deeds import (
    CONTENT_CHARS,
    COURT_CHARS,
    MANNER_CHARS,
    SEALED_HERE,
    WORDS_CHARS,
    AgreementForm,
    Confirmation,
    PaperKind,
    Performance,
    Satisfaction,
    SignedBy,
    SignedHow,
)
from mediation.choices.files import MATTER_CHARS, NAME_CHARS, REASON_CHARS
from mediation.models.files import Mediation, OfFile, Party, Session
from mediation.models.people import Mediator
from mediation.queries import OfFileQuerySet, SignatureQuerySet


class Agreement(OfFile):
    """What the parties agreed on (人民调解法 28, 29). `digest` is the SHA-256 of the text: signatures are below that one."""

    mediation = models.OneToOneField(
        Mediation, models.PROTECT, related_name="agreement", verbose_name=_("mediation file")
    )
    form = models.CharField(_("form"), max_length=8, choices=AgreementForm.choices)
    facts = SealedTextField(_("main facts"), max_length=MATTER_CHARS)
    points = SealedTextField(_("points in dispute"), max_length=MATTER_CHARS)
    duties = SealedTextField(_("responsibilities of the parties"), max_length=MATTER_CHARS, blank=True, default="")
    content = SealedTextField(_("what is agreed"), max_length=CONTENT_CHARS)
    manner = models.CharField(_("manner of performance"), max_length=MANNER_CHARS)
    deadline = models.DateField(_("to be performed by"))
    digest = models.CharField(max_length=64, editable=False)
    # Given up after somebody had signed it: nobody signs it any more, the next text takes its place.
    withdrawn_at = models.DateTimeField(_("text given up"), null=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written down by"))
    written_at = models.DateTimeField(_("written down"))
    # In writing: the day of the last signature or seal; by word of mouth: the day it was reached (人民调解法 29, 30).
    effective_on = models.DateField(_("takes effect on"), null=True)
    # The first working day on or after the thirtieth day from then (人民调解法 33, 民事诉讼法 85).
    confirm_by = models.DateField(_("court may be asked until"), null=True)
    confirmation = models.CharField(
        _("judicial confirmation"), max_length=10, choices=Confirmation.choices, blank=True, default=""
    )
    confirmation_on = models.DateField(_("date"), null=True)
    court = models.CharField(_("court"), max_length=COURT_CHARS, blank=True, default="")
    court_no = models.CharField(_("number of the court"), max_length=COURT_CHARS, blank=True, default="")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(manner="") & ~Q(content=""), name="agreement_whole"),
        ]
        indexes: ClassVar = [models.Index(fields=["effective_on"], name="agreement_effective")]

    def __str__(self) -> str:
        return str(self.mediation)

    @property
    def items(self) -> "models.QuerySet[Task]":
        """What each party performs, which is below the signatures as well."""
        return self.mediation.tasks.select_related("party").order_by("due_on", "pk")


class Signature(OfFile):
    """Somebody signed the agreement, or the seal was put to it; with a `session`, somebody signed the record of that one.
    Never changed, never taken back; struck out where its text was given up before it held."""

    mediation = models.ForeignKey(
        Mediation, models.PROTECT, related_name="signatures", verbose_name=_("mediation file")
    )
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, related_name="signatures", verbose_name=_("session")
    )
    by_whom = models.CharField(_("signed by"), max_length=8, choices=SignedBy.choices)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    mediator = models.ForeignKey(Mediator, models.PROTECT, null=True, related_name="+", verbose_name=_("mediator"))
    how = models.CharField(_("how"), max_length=6, choices=SignedHow.choices)
    # The drawn name or the scan: under MEDIA_ROOT, handed out by the room's own view alone.
    file = models.CharField(max_length=100, blank=True, default="")
    digest = models.CharField(max_length=64)
    signed_on = models.DateField(_("signed on"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("time"))
    struck_at = models.DateTimeField(_("struck out"), null=True)
    struck_reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="", db_default="")

    objects = SignatureQuerySet.as_manager()

    @property
    def how_name(self) -> str:
        """How it was signed, or sealed."""
        is_put_here = self.by_whom == SignedBy.SEAL and self.how == SignedHow.SCREEN
        return str(SEALED_HERE if is_put_here else SignedHow(self.how).label)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(by_whom=SignedBy.PARTY, party__isnull=False, mediator__isnull=True)
                | Q(by_whom=SignedBy.MEDIATOR, party__isnull=True, mediator__isnull=False)
                | Q(by_whom=SignedBy.SEAL, party__isnull=True, mediator__isnull=True),
                name="signature_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(by_whom=SignedBy.SEAL) | Q(session__isnull=True), name="signature_seal_of_agreement"
            ),
            models.UniqueConstraint(
                fields=["mediation", "party"],
                condition=Q(party__isnull=False, session=None, struck_at=None),
                name="signature_of_party_once",
            ),
            models.UniqueConstraint(
                fields=["mediation", "mediator"],
                condition=Q(mediator__isnull=False, session=None, struck_at=None),
                name="signature_of_mediator_once",
            ),
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(by_whom=SignedBy.SEAL, struck_at=None), name="signature_seal_once"
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None) | (Q(session=None) & ~Q(struck_reason="")), name="signature_struck_why"
            ),
            models.UniqueConstraint(
                fields=["session", "party"],
                condition=Q(party__isnull=False, session__isnull=False),
                name="signature_of_record_by_party",
            ),
            models.UniqueConstraint(
                fields=["session", "mediator"],
                condition=Q(mediator__isnull=False, session__isnull=False),
                name="signature_of_record_by_mediator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mediation} · {self.get_by_whom_display()}"

    @property
    def signer(self) -> str:
        """Whose hand it is, in words."""
        return str(self.party or self.mediator or self.get_by_whom_display())


class Task(OfFile):
    """Something a party has to do by a day, as agreed."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="tasks", verbose_name=_("mediation file"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    what = models.CharField(_("what has to be performed"), max_length=MANNER_CHARS)
    due_on = models.DateField(_("to be performed until"))
    state = models.CharField(_("performance"), max_length=8, choices=Performance.choices, default=Performance.OPEN)
    done_on = models.DateField(_("done on"), null=True)
    note = models.CharField(_("note"), max_length=WORDS_CHARS, blank=True, default="")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of performance")
        verbose_name_plural = _("items of performance")
        ordering = ("due_on", "id")
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="mediation_task_due", condition=Q(state=Performance.OPEN)),
        ]

    def __str__(self) -> str:
        return self.what[:40]


class FollowUp(OfFile):
    """Somebody asked how it goes (回访). Whether the quarrel began anew is said of the dispute, never of a person."""

    mediation = models.ForeignKey(
        Mediation, models.PROTECT, related_name="follow_ups", verbose_name=_("mediation file")
    )
    on = models.DateField(_("date"))
    visitor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    performance = models.CharField(_("performance"), max_length=8, choices=Performance.choices)
    satisfaction = models.CharField(
        _("satisfaction"), max_length=12, choices=Satisfaction.choices, blank=True, default=""
    )
    relapsed = models.BooleanField(_("the dispute began anew"), default=False)
    note = models.CharField(_("note"), max_length=WORDS_CHARS, blank=True, default="")
    at = models.DateTimeField(_("entered"))

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.mediation} · {self.on}"


class Paper(OfFile):
    """A scan or a picture in the volume; handed out by the room's own view alone. Struck out, it stays with its reason."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="papers", verbose_name=_("mediation file"))
    kind = models.CharField(_("kind"), max_length=12, choices=PaperKind.choices)
    title = models.CharField(_("title"), max_length=NAME_CHARS)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    file = models.CharField(max_length=100)
    mime = models.CharField(_("file type"), max_length=32)
    pages = models.PositiveSmallIntegerField(_("number of pages"), default=1)
    bytes = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added"))
    struck_at = models.DateTimeField(_("struck out"), null=True)
    struck_reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a file")
        verbose_name_plural = _("papers of files")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class PartyLink(OfFile):
    """A party's own way in, for one browser and some days: `digest` is of the key that stands in the link."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="links", verbose_name=_("mediation file"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="links", verbose_name=_("party"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Of the browser that opened it first.
    browser = models.UUIDField(null=True, default=None, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    ends_at = models.DateTimeField(_("ends"))
    opened_at = models.DateTimeField(_("link opened"), null=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("link made by"))
    at = models.DateTimeField(_("link made"))

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a party")
        verbose_name_plural = _("links of parties")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.party)
