"""The file of a dispute, whoever takes part in it, and when they meet."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField, SealedTextField, whole_index
from grids.models import Grid
from mediation.choices.deeds import Retention
from mediation.choices.files import (
    MATTER_CHARS,
    NAME_CHARS,
    REASON_CHARS,
    RECORD_CHARS,
    ConflictKind,
    Consent,
    FileState,
    HelperKind,
    Outcome,
    PartyRole,
    SessionKind,
    SessionState,
    Source,
)
from mediation.choices.people import PHONE_CHARS, PLACE_CHARS, DisputeKind, Sex
from mediation.models.people import Committee, Expert, Mediator, Room
from mediation.queries import (
    AssignmentQuerySet,
    HelperQuerySet,
    MediationQuerySet,
    OfFileQuerySet,
    PartyQuerySet,
    SessionQuerySet,
)


class Mediation(Changing):
    """A dispute in mediation. Counted by `grid` and `committee`; all else in it is for its mediators and the director."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="files", verbose_name=_("mediation committee")
    )
    # (2026)SHORT人调字第1号, from acceptance on: `year` and `serial` count within the committee.
    no = models.CharField(_("volume number"), max_length=40, blank=True, default="")
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    serial = models.PositiveIntegerField(null=True, editable=False)
    kind = models.CharField(_("kind of dispute"), max_length=16, choices=DisputeKind.choices)
    source = models.CharField(_("came by"), max_length=12, choices=Source.choices)
    # The number a court, the police or an authority has for it.
    reference = models.CharField(_("reference of the sender"), max_length=NAME_CHARS, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="mediations", verbose_name=_("case"))
    state = models.CharField(_("state"), max_length=8, choices=FileState.choices, default=FileState.APPLIED)
    outcome = models.CharField(
        _("outcome of mediation"), max_length=16, choices=Outcome.choices, blank=True, default=""
    )
    title = models.CharField(_("title"), max_length=NAME_CHARS)
    facts = SealedTextField(_("main facts"), max_length=MATTER_CHARS, blank=True, default="")
    points = SealedTextField(_("points in dispute"), max_length=MATTER_CHARS, blank=True, default="")
    happened_at = SealedCharField(_("place of the dispute"), max_length=PLACE_CHARS, blank=True, default="")
    people = models.PositiveSmallIntegerField(_("people concerned"), default=2)
    is_hard = models.BooleanField(_("hard dispute: heard by a panel"), default=False)
    # The parties may want it open (人民调解法 23); by itself it is not.
    is_open = models.BooleanField(_("held in public"), default=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    applied_at = models.DateTimeField(_("came in"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    due_at = models.DateTimeField(_("to be over by"), null=True)
    # By the will of both parties.
    extended_at = models.DateTimeField(_("extended"), null=True)
    ended_at = models.DateTimeField(_("over"), null=True)
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")
    informed_at = models.DateTimeField(_("told of other ways"), null=True)
    filed_at = models.DateTimeField(_("filed"), null=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by"))
    retention = models.CharField(_("kept for"), max_length=10, choices=Retention.choices, default=Retention.LONG)
    # What the volume says of itself (卷宗情况说明): why something of the set isn't in it.
    statement = models.CharField(
        _("statement about the volume"), max_length=REASON_CHARS, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediation file")
        verbose_name_plural = _("mediation files")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="mediation_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="mediation_outcome_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[FileState.ENDED, FileState.FILED]) | ~Q(outcome=Outcome.NONE),
                name="mediation_ends_somehow",
            ),
            models.UniqueConstraint(
                fields=["committee", "year", "serial"], condition=Q(serial__isnull=False), name="mediation_number_once"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[FileState.APPLIED, FileState.RUNNING], case__isnull=False),
                name="mediation_of_case_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "state", "-id"], name="mediation_of_committee"),
            models.Index(fields=["grid", "-applied_at"], name="mediation_on_grid"),
            models.Index(fields=["due_at"], name="mediation_due", condition=Q(state=FileState.RUNNING)),
            models.Index(
                fields=["id"], name="mediation_open", condition=Q(state__in=[FileState.APPLIED, FileState.RUNNING])
            ),
            models.Index(fields=["ended_at"], name="mediation_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["applied_at"], name="mediation_applied"),
        ]

    def __str__(self) -> str:
        return self.no or f"#{self.pk}"

    @property
    def scope_code(self) -> str:
        return self.grid.code


class OfFile(Changing):
    """Something that belongs to a file."""

    mediation: "models.ForeignKey[Mediation]"

    class Meta:
        abstract = True

    def __repr__(self) -> str:
        """For logs and traces, where no name of a party and no word of a file may stand."""
        return f"<{type(self).__name__} {self.pk}>"

    @property
    def scope_code(self) -> str:
        return self.mediation.grid.code


class Party(OfFile):
    """A side of the dispute, or whoever the outcome concerns: a person, or an organisation with whoever speaks for it."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="parties", verbose_name=_("mediation file"))
    role = models.CharField(_("role"), max_length=10, choices=PartyRole.choices)
    name = SealedCharField(_("name"), max_length=NAME_CHARS, find="name")
    is_organisation = models.BooleanField(_("an organisation"), default=False)
    # What 人民调解法 29 calls the basics of a party, and the record's form asks for.
    sex = models.CharField(_("sex"), max_length=8, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(_("born in"), null=True, blank=True)
    occupation = SealedCharField(_("occupation"), max_length=NAME_CHARS, blank=True, default="")
    address = SealedCharField(_("address"), max_length=PLACE_CHARS, blank=True, default="")
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    # Who speaks for the party, by a power of attorney (paper `authority`), or for an organisation by office.
    agent_name = SealedCharField(_("agent"), max_length=NAME_CHARS, blank=True, default="")
    agent_phone = SealedCharField(_("agent's phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    consent = models.CharField(_("consent"), max_length=8, choices=Consent.choices, default=Consent.ASKED)
    consented_at = models.DateTimeField(_("consent given or refused"), null=True)
    # Told of rights and duties (人民调解法 23, 24), and signed that they were.
    told_at = models.DateTimeField(_("told of rights and duties"), null=True)
    # Wants more time than the limit.
    extends_at = models.DateTimeField(_("agrees to more time"), null=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="party_consent_known"),
        ]
        indexes: ClassVar = [
            whole_index("name", "party_whole_name"),
            whole_index("phone", "party_whole_phone"),
            whole_index("agent_phone", "party_whole_agent_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sex_name(self) -> str:
        return str(Sex(self.sex).label) if self.sex in Sex.values else ""


class Assignment(OfFile):
    """Somebody mediates in a file, from a moment to a moment: access to it ends with it."""

    mediation = models.ForeignKey(
        Mediation, models.PROTECT, related_name="assignments", verbose_name=_("mediation file")
    )
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="assignments", verbose_name=_("mediator"))
    is_lead = models.BooleanField(_("leads the file"), default=False)
    # Chosen by a party, or named by the committee and accepted by the parties (人民调解法 19, 23).
    chosen_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("chosen by"))
    accepted_by = models.ManyToManyField(Party, related_name="+", blank=True, verbose_name=_("accepted by"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediator of a file")
        verbose_name_plural = _("mediators of files")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mediation", "mediator"], condition=Q(until=None), name="mediation_assigned_once"
            ),
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(until=None, is_lead=True), name="mediation_one_lead"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mediator"], name="mediation_of_mediator", condition=Q(until=None)),
            models.Index(fields=["mediator", "-mediation"], name="mediation_newest_of_mediator"),
        ]

    def __str__(self) -> str:
        return f"{self.mediation} · {self.mediator}"


class Conflict(OfFile):
    """A tie between a mediator and a party, said by either: whoever has it doesn't mediate here (人民调解法 15)."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="conflicts", verbose_name=_("mediation file"))
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="+", verbose_name=_("mediator"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="conflicts", verbose_name=_("party"))
    kind = models.CharField(_("kind"), max_length=8, choices=ConflictKind.choices)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    said_at = models.DateTimeField(_("entered"))

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator", "party"], name="mediation_conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mediator} · {self.party}"


class Helper(OfFile):
    """Somebody who is invited to help, once the parties agree (人民调解法 20)."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="helpers", verbose_name=_("mediation file"))
    kind = models.CharField(_("kind"), max_length=10, choices=HelperKind.choices)
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="calls", verbose_name=_("expert"))
    name = SealedCharField(_("full name"), max_length=NAME_CHARS)
    phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    agreed_by = models.ManyToManyField(Party, related_name="+", blank=True, verbose_name=_("agreed by"))
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited"))

    objects = HelperQuerySet.as_manager()

    class Meta:
        verbose_name = _("invited helper")
        verbose_name_plural = _("invited helpers")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Session(OfFile):
    """The parties meet, or one of them is heard. The record is one text; `version` counts its changes, so that of two who
    write at once the second is told."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="sessions", verbose_name=_("mediation file"))
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind.choices, default=SessionKind.MEDIATION)
    state = models.CharField(_("state"), max_length=10, choices=SessionState.choices, default=SessionState.PLANNED)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("mediation room")
    )
    place = models.CharField(_("place"), max_length=PLACE_CHARS, blank=True, default="")
    is_open = models.BooleanField(_("held in public"), default=False)
    mediators = models.ManyToManyField(Mediator, related_name="sessions", verbose_name=_("mediators"))
    record = SealedTextField(_("words of the record"), max_length=RECORD_CHARS, blank=True, default="")
    version = models.PositiveIntegerField(default=0, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"), null=True)
    # Of a hearing: what the panel thinks.
    opinion = SealedTextField(_("opinion of the panel"), max_length=MATTER_CHARS, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-starts_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["room", "starts_at"], name="session_in_room")]

    def __str__(self) -> str:
        return f"{self.mediation} · {self.get_kind_display()}"


class Attendance(Changing):
    """Who was there: a party, a helper, or somebody of the panel (an expert or a named person)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", verbose_name=_("session"))
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    helper = models.ForeignKey(Helper, models.PROTECT, null=True, related_name="+", verbose_name=_("invited helper"))
    on_panel = models.BooleanField(_("sits on the panel"), default=False)
    came = models.BooleanField(_("was there"), default=False)

    class Meta:
        verbose_name = _("attendance at a session")
        verbose_name_plural = _("attendances")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(party__isnull=True, helper__isnull=False) | Q(party__isnull=False, helper__isnull=True),
                name="attendance_of_one",
            ),
            models.UniqueConstraint(fields=["session", "party"], name="attendance_of_party_once"),
            models.UniqueConstraint(fields=["session", "helper"], name="attendance_of_helper_once"),
        ]

    __repr__ = OfFile.__repr__

    def __str__(self) -> str:
        return str(self.party or self.helper)
