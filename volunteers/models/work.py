"""Needs, projects, shifts and sign-ups; governance posts."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from gridgov.core.models import Changing
from volunteers.choices.people import Skill
from volunteers.choices.work import (
    ABOUT_CHARS,
    PLACE_CHARS,
    REFERENCE_CHARS,
    TITLE_CHARS,
    WORDS_CHARS,
    CameBy,
    NeedSource,
    NeedState,
    ProjectKind,
    ProjectState,
    ShiftState,
    SignUpState,
)
from volunteers.models.people import OnGrid, Volunteer
from volunteers.queries import (
    ClaimQuerySet,
    GovernancePostQuerySet,
    NeedQuerySet,
    OfVolunteerQuerySet,
    ProjectQuerySet,
    ShiftQuerySet,
    SignUpQuerySet,
)


class Project(OnGrid):
    """Something that volunteers do together, once or again and again (its shifts)."""

    kind = models.CharField(_("kind"), max_length=8, choices=ProjectKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=ProjectState.choices, default=ProjectState.DRAFT)
    title = models.CharField(_("title"), max_length=TITLE_CHARS)
    about = models.CharField(_("what it is about"), max_length=ABOUT_CHARS, blank=True, default="")
    organiser = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("organiser"))
    skills = models.JSONField(_("skills wanted"), default=list, blank=True)
    least_age = models.PositiveSmallIntegerField(_("from the age of"), default=0)
    # Only who is insured takes part (志愿服务条例 17).
    is_dangerous = models.BooleanField(_("dangerous: only for the insured"), default=False)
    is_public = models.BooleanField(_("stands on the public page"), default=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")
    # Under it residents say how it was: in an address, not to be guessed.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ProjectState.values), name="project_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["grid", "state"], name="project_on_grid")]

    def __str__(self) -> str:
        return self.title


class Need(OnGrid):
    """Somebody needs help. Words about what is needed; who needs it stands in the case or the care plan alone."""

    source = models.CharField(_("where it comes from"), max_length=8, choices=NeedSource.choices)
    state = models.CharField(_("state"), max_length=8, choices=NeedState.choices, default=NeedState.OPEN)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("case"))
    reference = models.CharField(_("number of the care plan"), max_length=REFERENCE_CHARS, blank=True, default="")
    words = models.CharField(_("what is needed"), max_length=WORDS_CHARS)
    skill = models.CharField(_("skill"), max_length=12, choices=Skill.choices, blank=True, default="")
    people = models.PositiveSmallIntegerField(_("people needed"), default=1)
    wanted_on = models.DateField(_("wanted on"), null=True)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="needs", verbose_name=_("project"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"))
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need for help")
        verbose_name_plural = _("needs for help")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source=NeedSource.RESIDENT, case=None, reference="")
                | Q(source=NeedSource.CASE, case__isnull=False, reference="")
                | (Q(source=NeedSource.CARE, case=None) & ~Q(reference="")),
                name="need_source_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[NeedState.TAKEN, NeedState.MET]) | Q(project__isnull=False),
                name="need_taken_by_a_project",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["grid", "state"], name="need_on_grid")]

    def __str__(self) -> str:
        return self.words[:40]


class Shift(OnGrid):
    """A stretch of time of a project with places. `grid` is the project's. `taken` is how many places are: counted along
    under the row's lock, so that the last place is taken once."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="shifts", verbose_name=_("project"))
    state = models.CharField(_("state"), max_length=10, choices=ShiftState.choices, default=ShiftState.OPEN)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    break_minutes = models.PositiveSmallIntegerField(_("break in minutes"), default=0)
    capacity = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    place = models.CharField(_("place"), max_length=PLACE_CHARS)
    # What its QR code says, to check in by.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("hours confirmed by")
    )
    closed_at = models.DateTimeField(_("hours confirmed"), null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("-starts_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="shift_never_overbooked"),
            models.CheckConstraint(condition=Q(state__in=ShiftState.values), name="shift_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["grid", "starts_at"], name="shift_on_grid"),
            models.Index(fields=["starts_at"], name="shift_open", condition=Q(state=ShiftState.OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.project} {localtime(self.starts_at):%Y-%m-%d %H:%M}"


class SignUp(Changing):
    """A volunteer and a shift: from the wish to the confirmed minutes."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="sign_ups", verbose_name=_("shift"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="sign_ups", verbose_name=_("volunteer"))
    state = models.CharField(_("state"), max_length=10, choices=SignUpState.choices)
    # When the present wish was made: the order of the waiting list.
    queued_at = models.DateTimeField(_("signed up at"))
    arrived_at = models.DateTimeField(_("checked in at"), null=True)
    arrived_by = models.CharField(_("checked in"), max_length=10, choices=CameBy.choices, blank=True, default="")
    left_at = models.DateTimeField(_("checked out at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    cancelled_late = models.BooleanField(_("cancelled late"), default=False)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift", "volunteer"], name="sign_up_once"),
            models.CheckConstraint(condition=Q(state__in=SignUpState.values), name="sign_up_state_known"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")), name="sign_up_leaves_after_coming"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["volunteer", "state"], name="sign_up_of_volunteer")]

    def __str__(self) -> str:
        return f"{self.shift} · {self.volunteer}"

    @property
    def scope_code(self) -> str:
        return self.shift.grid.code


class GovernancePost(OnGrid):
    """A post in the neighbourhood that volunteers of new-employment groups claim (seed 004: 82 posts)."""

    name = models.CharField(_("name"), max_length=TITLE_CHARS)
    duty = models.CharField(_("what is to be done"), max_length=WORDS_CHARS)
    place = models.CharField(_("place"), max_length=PLACE_CHARS)
    places = models.PositiveSmallIntegerField(_("places"), default=1)
    is_open = models.BooleanField(_("can be claimed"), default=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))

    objects = GovernancePostQuerySet.as_manager()

    class Meta:
        verbose_name = _("governance post")
        verbose_name_plural = _("governance posts")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Claim(Changing):
    """A volunteer keeps a governance post from a day to a day."""

    post = models.ForeignKey(GovernancePost, models.PROTECT, related_name="claims", verbose_name=_("governance post"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="claims", verbose_name=_("volunteer"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    reason = models.CharField(_("reason"), max_length=WORDS_CHARS, blank=True, default="")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a post")
        verbose_name_plural = _("claims of posts")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "volunteer"], condition=Q(until=None), name="claim_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="claim_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.post} · {self.volunteer}"

    @property
    def scope_code(self) -> str:
        return self.volunteer.grid.code


class Finding(Changing):
    """A case that a volunteer reported; its points follow when it is adopted. Who reported stands here alone."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="findings", verbose_name=_("volunteer"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="+", verbose_name=_("case"))
    post = models.ForeignKey(GovernancePost, models.PROTECT, null=True, related_name="findings", verbose_name=_("post"))
    at = models.DateTimeField(_("time"))

    objects = OfVolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported problem")
        verbose_name_plural = _("reported problems")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.case_id}"

    @property
    def scope_code(self) -> str:
        return self.volunteer.grid.code
