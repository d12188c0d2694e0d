"""Terms that were changed, holds, lifted limits; what persons concerned have asked; and impact assessments."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Conflict
from gridgov.core.masking import mask_name, mask_phone
from gridgov.core.models import Changing, Record
from gridgov.core.sealed import SealedCharField, SealedTextField
from grids.models import Grid
from privacy.choices import (
    LABEL_CHARS,
    MOVES,
    NAME_CHARS,
    PHONE_CHARS,
    REASON_CHARS,
    WORDS_CHARS,
    Ask,
    Ground,
    Held,
    RequestState,
    Risk,
    Source,
    Verified,
)
from privacy.queries import (
    AssessmentQuerySet,
    HoldQuerySet,
    LiftQuerySet,
    LookQuerySet,
    RequestQuerySet,
    TermQuerySet,
)


class OfHouse(Changing):
    """Something of the whole house."""

    class Meta:
        abstract = True

    @property
    def scope_code(self) -> str:
        return ""


class Term(OfHouse):
    """The office keeps a kind for so many days in place of the term that its room says (gridgov.core.keeping)."""

    kind = models.CharField(_("kind of data"), max_length=48, unique=True)
    days = models.PositiveIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("set by"))
    at = models.DateTimeField(_("set at"))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of keeping")
        verbose_name_plural = _("terms of keeping")

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class Hold(Changing):
    """Nothing of a case, a volunteer or an account is deleted while it stands: for a dispute, or a court."""

    what = models.CharField(_("held back"), max_length=24, choices=Held.choices)
    key = models.BigIntegerField(editable=False)
    # Its number or user name, which is no name of a person.
    label = models.CharField(_("number"), max_length=LABEL_CHARS)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("held by"))
    at = models.DateTimeField(_("since"))
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it ended"), max_length=REASON_CHARS, blank=True, default="")

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["what", "key"], condition=Q(ended_at=None), name="hold_once"),
            models.CheckConstraint(condition=Q(what__in=Held.values), name="hold_what_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def scope_code(self) -> str:
        return self.grid.code if self.grid else ""


class Lift(OfHouse):
    """Somebody may look at more people's data than the limit lets, for a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("for whom"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("lifted by"))
    at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    objects = LiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("lifted limit")
        verbose_name_plural = _("lifted limits of looks")
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=["user", "until"], name="lift_of_user")]

    def __str__(self) -> str:
        return str(self.user)


class Look(Record):
    """A record of a look at somebody's data."""

    objects: ClassVar[Any] = LookQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")


class Request(Changing):
    """What a person asks about the own data (PIPL 44–50). Who it is stands sealed, and is struck out three years after the
    answer; nothing of it is in records."""

    no = models.CharField(_("number"), max_length=16, unique=True)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    source = models.CharField(_("came by"), max_length=8, choices=Source.choices)
    who = SealedCharField(_("name"), max_length=NAME_CHARS, editable=False, blank=True, default="")
    contact = SealedCharField(_("phone"), max_length=PHONE_CHARS, editable=False, blank=True, default="")
    # The person's own account, where it came from there.
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("account"))
    asks = models.JSONField(_("what is asked"), default=list)
    words = SealedTextField(_("words of the request"), max_length=WORDS_CHARS, editable=False, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.RECEIVED)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("to be answered by"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    verified = models.CharField(_("verified by"), max_length=10, choices=Verified.choices, blank=True, default="")
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("verified by whom")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True)
    answer = SealedTextField(_("answer"), max_length=WORDS_CHARS, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    # By number and code the person follows it, and fetches the copy.
    code_digest = models.CharField(max_length=64, editable=False, blank=True, default="")
    copy_until = models.DateTimeField(_("copy can be fetched until"), null=True)
    copied_at = models.DateTimeField(_("copy fetched"), null=True)
    # The request whose refusal the person doesn't accept.
    again_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="again", verbose_name=_("asked again after")
    )
    forget_at = models.DateTimeField(_("kept until"), null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="privacy_request_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED) | Q(answered_at__isnull=False),
                name="privacy_request_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["grid", "state"], name="privacy_request_of"),
            models.Index(fields=["forget_at"], name="privacy_request_forget", condition=Q(forget_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.no

    def __repr__(self) -> str:
        return f"<Request {self.pk}>"

    @property
    def scope_code(self) -> str:
        return self.grid.code

    @property
    def person_name(self) -> str:
        return self.who

    @property
    def person_phone(self) -> str:
        return self.contact

    @property
    def said(self) -> str:
        return self.words

    @property
    def masked(self) -> str:
        """Who it is, as pages show it."""
        return " ".join(part for part in (mask_name(self.person_name), mask_phone(self.person_phone)) if part)

    @property
    def ask_labels(self) -> list[str]:
        return [str(Ask(ask).label) for ask in self.asks]

    def move(self, verb: str, **values: Any) -> None:
        """Make the legal move VERB and set VALUES. Raises Conflict."""
        sources, state = MOVES[verb]
        if self.state not in sources:
            raise Conflict(_("This request has moved on already."), code="state")
        self.change(state=state, **values)


class Part(Changing):
    """What was decided about one thing that a request asks, and whether it is carried out."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="parts", verbose_name=_("request"))
    ask = models.CharField(_("what is asked"), max_length=10, choices=Ask.choices)
    # Empty: granted.
    ground = models.CharField(_("refused because"), max_length=10, choices=Ground.choices, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"))
    done_at = models.DateTimeField(_("carried out"), null=True)
    note = models.CharField(_("what was done"), max_length=REASON_CHARS, blank=True, default="")

    class Meta:
        verbose_name = _("part of a request")
        verbose_name_plural = _("parts of requests")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "ask"], name="privacy_part_once")]

    def __str__(self) -> str:
        return str(self.get_ask_display())

    @property
    def granted(self) -> bool:
        return not self.ground


class Assessment(OfHouse):
    """An impact assessment 个人信息保护影响评估 of one kind of processing (PIPL 55, 56). A new one ends the one before; none is
    ever deleted."""

    kind = models.CharField(_("kind of processing"), max_length=48)
    purpose = models.TextField(_("Are purpose and manner lawful, proper and necessary?"), max_length=WORDS_CHARS)
    effect = models.TextField(_("Effect on people's rights, and risk to their safety"), max_length=WORDS_CHARS)
    measures = models.TextField(_("Are the measures lawful, effective, and fit for the risk?"), max_length=WORDS_CHARS)
    risk = models.CharField(_("risk that is left"), max_length=8, choices=Risk.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("assessed by"))
    at = models.DateTimeField(_("assessed"))
    review_on = models.DateField(_("to be reviewed on"))
    ended_at = models.DateTimeField(_("replaced"), null=True)
    # The security administrators have heard that it is to be reviewed.
    told = models.BooleanField(default=False, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None), name="assessment_one_in_force"),
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="assessment_risk_known"),
        ]

    def __str__(self) -> str:
        return self.kind
