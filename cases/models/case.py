"""The case itself, who reported it, what the reporter thought of it."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import (
    HELD_MOVES,
    MOVES,
    OPEN_STATES,
    CardLevel,
    CaseState,
    Channel,
    Hold,
    Outcome,
    RejectReason,
    Score,
    Tier,
    Urgency,
)
from cases.models.catalogue import Category
from cases.queries import CaseQuerySet, ReporterQuerySet
from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import mask_name, mask_phone
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField, tail_index, whole_index
from gridgov.core.search import Bigrams
from grids.models import Grid


class CaseNumber(models.Func):
    """The date and six digits of a sequence: easy to say on the phone, unique without a lock."""

    template = (
        "(to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') "
        "|| lpad((nextval('cases_number') %% 1000000)::text, 6, '0'))"
    )


class Case(Changing):
    """One reported problem and its way. `street` … `grid` are the tree above the place as it was when the case came
    in: closed cases stay where they happened. `due_at`, `breached_at`, `card` show the case clock (see Deadline)."""

    no = models.CharField(_("number"), max_length=20, unique=True, db_default=CaseNumber())
    state = models.CharField(_("state"), max_length=12, choices=CaseState.choices, default=CaseState.SUBMITTED)
    category = models.ForeignKey(Category, models.PROTECT, related_name="cases", verbose_name=_("category"))
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    title = models.CharField(_("title"), max_length=80)
    # As long as the longest door lets in (cases.actions.intake.TEXT_CHARS).
    text = models.TextField(_("what was reported"), max_length=5600)

    # Indexed below, in the order of lists.
    street = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"), db_index=False)
    total = models.ForeignKey(
        Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("total grid"), db_index=False
    )
    comprehensive = models.ForeignKey(
        Grid, models.PROTECT, null=True, related_name="+", verbose_name=_("comprehensive grid"), db_index=False
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="cases", verbose_name=_("grid"), db_index=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    lng = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    source_crs = models.CharField(_("read in"), max_length=8, blank=True)
    source_point = models.JSONField(_("reading as it came"), null=True, blank=True)

    reported_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    reported_at = models.DateTimeField(_("reported"))
    occurred_at = models.DateTimeField(_("noted on the device"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True)
    signed_at = models.DateTimeField(_("signed in"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)
    verified_at = models.DateTimeField(_("verified"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    reject_reason = models.CharField(_("why not accepted"), max_length=20, choices=RejectReason.choices, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    completed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("completed by"))
    lead_order = models.ForeignKey(
        "Order", models.PROTECT, null=True, related_name="+", verbose_name=_("order in force"), db_index=False
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    rework_count = models.PositiveSmallIntegerField(_("reworked"), default=0)

    started_at = models.DateTimeField(_("clock started"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    breached_at = models.DateTimeField(_("overdue since"), null=True)
    card = models.PositiveSmallIntegerField(_("card"), choices=CardLevel.choices, default=CardLevel.NONE)
    hold = models.CharField(
        _("stands still"), max_length=10, choices=Hold.choices, blank=True, default="", db_default=""
    )
    hold_until = models.DateTimeField(_("stands still until"), null=True)
    reply = models.TextField(_("public reply"), max_length=2000, blank=True, default="", db_default="")
    leading = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("leading case"), db_index=False
    )
    excluded = models.BooleanField(_("excluded from figures"), default=False, db_default=False)
    urged = models.PositiveSmallIntegerField(_("urged"), default=0, db_default=0)
    extended = models.PositiveSmallIntegerField(_("extended"), default=0, db_default=0)
    version = models.PositiveIntegerField(default=1)
    search = models.GeneratedField(
        expression=Bigrams(F("no"), F("title"), F("text"), F("place")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(lng=None, lat=None) | Q(lng__isnull=False, lat__isnull=False), name="case_point_whole"
            ),
            models.CheckConstraint(condition=Q(hold__in=Hold.values), name="case_hold_known"),
            models.CheckConstraint(
                condition=Q(state=CaseState.MERGED, leading__isnull=False)
                | (~Q(state=CaseState.MERGED) & Q(leading=None)),
                name="case_merged_has_leading",
            ),
        ]
        indexes: ClassVar = [
            # One per level, each in the order of the list: a lead's first page reads just the rows it shows.
            models.Index(fields=["street", "-id"], name="case_street"),
            models.Index(fields=["total", "-id"], name="case_total"),
            models.Index(fields=["comprehensive", "-id"], name="case_comprehensive"),
            models.Index(fields=["grid", "-id"], name="case_grid"),
            models.Index(fields=["state", "-id"], name="case_open", condition=Q(state__in=sorted(OPEN_STATES))),
            # What a street's workbench looks through: the few that are open among all it ever had.
            models.Index(fields=["street"], name="case_street_open", condition=Q(state__in=sorted(OPEN_STATES))),
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(state__in=sorted(OPEN_STATES))),
            # The cases of a period: for figures, the part of today that is due already is counted from here.
            models.Index(fields=["due_at"], name="case_due_at"),
            # The cases reported in a period, for their weekdays and hours: all that the question needs is in the index.
            models.Index(
                fields=["street", "reported_at"],
                include=["total", "comprehensive", "category", "tier", "channel"],
                condition=~Q(state__in=[CaseState.MERGED, CaseState.VOIDED]) & Q(excluded=False),
                name="case_rhythm",
            ),
            models.Index(fields=["reported_by", "-id"], name="case_reported_by"),
            # Earlier days of the map: what was reported in some days lies together, what was open then has closed since.
            BrinIndex(fields=["reported_at"], name="case_reported_at", autosummarize=True),
            models.Index(fields=["closed_at"], name="case_closed_at", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["leading"], name="case_leading", condition=Q(leading__isnull=False)),
            models.Index(fields=["hold_until", "id"], name="case_held", condition=~Q(hold="")),
            # The cases in a box, of any age: for programs of others that draw maps.
            models.Index(fields=["lng", "lat"], name="case_place", condition=Q(lng__isnull=False)),
            GinIndex(fields=["search"], name="case_search", fastupdate=False),
            models.Index(OpClass(Reverse("no"), "text_pattern_ops"), name="case_no_end"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    @property
    def scope_code(self) -> str:
        return self.grid.code

    def can_move(self, verb: str) -> Verdict:
        """A clash where the table of moves has no VERB from the present state, or the case stands still."""
        if self.hold and verb not in HELD_MOVES:
            message = _("Case %(no)s is %(hold)s; it must be resumed first.")
            return Verdict.clash(message % {"no": self.no, "hold": self.get_hold_display()}, "held")
        if self.state not in MOVES[verb][0]:
            message = _("Case %(no)s is “%(state)s” now; this can't be done any more, or not yet.")
            return Verdict.clash(message % {"no": self.no, "state": self.get_state_display()}, "illegal_move")
        return YES

    def insist_on(self, verb: str) -> None:
        """Raise Conflict where VERB can't be done now."""
        self.can_move(verb).insist()

    def move(self, verb: str, **values: Any) -> dict[str, list[Any]]:
        """Make the legal move VERB and set VALUES; answers what changed. Raises Conflict."""
        self.insist_on(verb)
        state = MOVES[verb][1] or values.pop("state", self.state)
        return self.change(state=state, version=self.version + 1, **values)


class Reporter(models.Model):
    """Who reported, apart from the case, so that the case can be shown without. Masked everywhere until revealed."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="reporter", primary_key=True)
    name = SealedCharField(_("name"), max_length=48, blank=True)
    phone = SealedCharField(_("phone"), max_length=20, blank=True, find="phone", find_tail=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    # Nobody reads name or phone but whoever is entrusted with it; not masked either (rules.can_see_confidential).
    confidential = models.BooleanField(_("confidential"), default=False, db_default=False)
    # Name and phone are deleted then; empty while the case is open.
    expires_at = models.DateTimeField(_("kept until"), null=True)

    objects = ReporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="reporter_expiry", condition=Q(expires_at__isnull=False)),
            whole_index("phone", "reporter_phone"),
            tail_index("phone", "reporter_phone_tail"),
            # Empty once all are sealed; until then ends of numbers are found in clear.
            models.Index(fields=["case"], name="reporter_phone_clear", condition=Q(phone__clear=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.case_id}"

    @property
    def masked(self) -> dict[str, Any]:
        """What everybody who sees the case may read; of a confidential reporter neither name nor phone."""
        name, phone = ("", "") if self.confidential else (mask_name(self.name), mask_phone(self.phone))
        return {"name": name, "phone": phone, "anonymous": self.anonymous, "confidential": self.confidential}


class Rating(models.Model):
    """What the reporter thinks of the outcome, asked or given. One a round; may be changed once."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating", primary_key=True)
    score = models.PositiveSmallIntegerField(_("satisfaction"), choices=Score.choices)
    solved = models.BooleanField(_("is it solved?"))
    text = models.CharField(_("words"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("taken down by"))
    at = models.DateTimeField(_("time"))
    changes = models.PositiveSmallIntegerField(_("changed"), default=0)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return self.get_score_display()
