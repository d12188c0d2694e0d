"""What residents say of an activity, what a panel scores, and certificates."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from volunteers.choices.honours import (
    CERTIFICATE_MOVES,
    CODE_CHARS,
    NAME_CHARS,
    NUMBER_CHARS,
    SCORES,
    STARRED,
    TITLE_CHARS,
    WORDS_CHARS,
    CertificateKind,
    CertificateState,
    ObjectionState,
    PanelState,
    Part,
)
from volunteers.models.people import OnGrid, Volunteer
from volunteers.models.work import Project
from volunteers.queries.honours import (
    CertificateQuerySet,
    FeedbackQuerySet,
    IssuerQuerySet,
    ObjectionQuerySet,
    PanelQuerySet,
)


class Feedback(Changing):
    """What somebody says of an activity: one to five, and words. Nobody's name is asked; `voice` is a digest of the device's
    token, so that one device speaks once of one project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="feedback", verbose_name=_("project"))
    stars = models.PositiveSmallIntegerField(_("stars"))
    words = models.CharField(_("words"), max_length=WORDS_CHARS, blank=True, default="")
    voice = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("time"))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "voice"], name="feedback_once"),
            models.CheckConstraint(
                condition=Q(stars__gte=STARRED[0], stars__lte=STARRED[1]), name="feedback_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.stars}"

    @property
    def scope_code(self) -> str:
        return self.project.grid.code


class Panel(OnGrid):
    """Social workers and committee score volunteers for a stretch of time."""

    title = models.CharField(_("title"), max_length=TITLE_CHARS)
    state = models.CharField(_("state"), max_length=8, choices=PanelState.choices, default=PanelState.OPEN)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    # What counts how much, in percent: `residents`, and the parts.
    weights = models.JSONField(_("weights"), default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="panel_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(Changing):
    """Somebody sits on a panel."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats", verbose_name=_("panel"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("account"))
    part = models.CharField(_("as"), max_length=16, choices=Part.choices)

    class Meta:
        verbose_name = _("seat on a panel")
        verbose_name_plural = _("seats on panels")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "user"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.panel} · {self.user}"


class Candidate(Changing):
    """A volunteer whom a panel scores. What residents said, how many did, and the result, are written when it is closed."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="candidates", verbose_name=_("panel"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="+", verbose_name=_("volunteer"))
    # Hundredths of a point, as reckoned by reports; none where nothing was said.
    residents = models.PositiveIntegerField(_("residents' feedback"), null=True)
    voices = models.PositiveIntegerField(_("residents who spoke"), default=0)
    result = models.PositiveIntegerField(_("result of the panel"), null=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "volunteer"], name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.panel} · {self.volunteer}"


class Score(Changing):
    """What one seat gives one candidate, or that it steps back (`points` none) since it is partial."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="scores", verbose_name=_("seat"))
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="scores", verbose_name=_("candidate"))
    points = models.PositiveSmallIntegerField(_("points"), null=True)
    words = models.CharField(_("words"), max_length=WORDS_CHARS, blank=True, default="")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "candidate"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=SCORES[0], points__lte=SCORES[1]), name="score_up_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.points}"


class Certificate(Changing):
    """A paper with a number and a code. `said` is what stands on it, as it was when it was made: later corrections make
    another paper, not another text. But for the name, which stands with the volunteer alone, and is forgotten there."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates", verbose_name=_("volunteer"))
    kind = models.CharField(_("kind"), max_length=8, choices=CertificateKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=CertificateState.choices)
    no = models.CharField(_("number"), max_length=NUMBER_CHARS, unique=True)
    # Not to be guessed; stands in the QR code.
    code = models.CharField(_("code"), max_length=CODE_CHARS, unique=True)
    title = models.CharField(_("title"), max_length=TITLE_CHARS, blank=True, default="")
    said = models.JSONField(_("content"))
    panel = models.ForeignKey(Panel, models.PROTECT, null=True, related_name="certificates", verbose_name=_("panel"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    public_until = models.DateField(_("publicity until"), null=True)
    issued_at = models.DateTimeField(_("issued on"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state_known"),
            models.CheckConstraint(
                condition=~Q(state=CertificateState.ISSUED) | Q(issued_at__isnull=False), name="certificate_issued_then"
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def scope_code(self) -> str:
        return self.volunteer.grid.code

    @property
    def moves(self) -> frozenset[str]:
        return CERTIFICATE_MOVES[self.state]


class Objection(Changing):
    """Somebody objects to an honour in its publicity period. Nobody's name is asked; `voice` as in Feedback."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="objections", verbose_name=_("certificate")
    )
    state = models.CharField(_("state"), max_length=8, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    words = models.CharField(_("words"), max_length=WORDS_CHARS)
    voice = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("time"))
    answer = models.CharField(_("answer"), max_length=WORDS_CHARS, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "voice"], name="objection_once"),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def scope_code(self) -> str:
        return self.certificate.volunteer.grid.code


class Issuer(OnGrid):
    """Who signs for papers of a street or community (志愿服务记录证明: issuer, responsible person, handler, contact)."""

    name = models.CharField(_("issuer"), max_length=NAME_CHARS)
    responsible = models.CharField(_("responsible person"), max_length=NAME_CHARS)
    handler = models.CharField(_("handler"), max_length=NAME_CHARS)
    contact = models.CharField(_("contact"), max_length=NAME_CHARS)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    set_at = models.DateTimeField(_("entered"))

    objects = IssuerQuerySet.as_manager()

    class Meta:
        verbose_name = _("issuer of certificates")
        verbose_name_plural = _("issuers of certificates")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["grid"], name="issuer_once")]

    def __str__(self) -> str:
        return self.name
