"""A city's platform, what its codes mean here, its orders, and every message to and fro."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case, Photo
from gridgov.core.models import Changing
from grids.models import Grid, Unit
from integrations.choices.hotline import (
    CODE_CHARS,
    NONCE_CHARS,
    NUMBER_CHARS,
    SOURCE_CHARS,
    Asked,
    FileState,
    InboundState,
    OutboundState,
    RequestType,
    Table,
    Told,
)
from integrations.queries.hotline import (
    InboundQuerySet,
    OutboundQuerySet,
    PartnerCodeQuerySet,
    PartnerFileQuerySet,
    PartnerOrderQuerySet,
    PartnerQuerySet,
    RefusedMessageQuerySet,
)


class Partner(Changing):
    """A platform that exchanges orders with us. `profile` describes its messages (integrations.rules.profiles), `account`
    is in whose name its orders come in, `ground` the street that they are about."""

    code = models.SlugField(_("short name"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=48, unique=True)
    profile = models.JSONField(_("profile"))
    ground = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    account = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("account"))
    # Sealed (gridgov.core.secrets); the old one is good until its hour.
    secret = models.TextField(blank=True, default="", editable=False)
    old_secret = models.TextField(blank=True, default="", editable=False)
    old_until = models.DateTimeField(null=True, editable=False)
    address = models.CharField(_("where our messages go"), max_length=200, blank=True, default="")
    sources = models.JSONField(_("comes from"), default=list, blank=True)
    is_active = models.BooleanField(_("switched on"), default=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange partner")
        verbose_name_plural = _("exchange partners")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_active=False) | ~Q(secret=""), name="partner_on_with_secret")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def sealed_for(self) -> str:
        """What its secrets are bound to."""
        return f"integrations.partner:{self.code}"


class PartnerCode(Changing):
    """One code of a partner and what it is here: a category's, grid's or unit's, or a word of ours. Empty: nobody has said."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="codes", verbose_name=_("exchange partner"))
    table = models.CharField(_("list"), max_length=10, choices=Table.choices)
    theirs = models.CharField(_("their code"), max_length=CODE_CHARS)
    ours = models.CharField(_("our code"), max_length=CODE_CHARS, blank=True, default="")

    objects = PartnerCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code of a partner")
        verbose_name_plural = _("codes of partners")
        ordering = ("partner", "table", "theirs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "table", "theirs"], name="partner_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.theirs} → {self.ours or '?'}"

    @property
    def scope_code(self) -> str:
        return ""


class PartnerOrder(Changing):
    """An order under the partner's number, and the case that it became. `version` orders what the partner says about it;
    `heard` is the place in the case's chain of records up to which the partner has been told."""

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="orders", verbose_name=_("exchange partner"), db_index=False
    )
    number = models.CharField(_("their number"), max_length=NUMBER_CHARS)
    # Ours is what the grid itself asked the partner for.
    ours = models.BooleanField(_("asked for by us"), default=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="partner_orders", verbose_name=_("case"))
    version = models.BigIntegerField(_("version"), null=True)
    request = models.CharField(_("type of request"), max_length=10, choices=RequestType.choices, blank=True, default="")
    # The partner's own limits, beside our clocks.
    deadline = models.DateTimeField(_("their deadline"), null=True)
    sign_deadline = models.DateTimeField(_("to be signed in by"), null=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit they name"), db_index=False
    )
    duplicate_of = models.CharField(_("same as"), max_length=NUMBER_CHARS, blank=True, default="")
    # Whoever wants not to be known is in no table in clear.
    confidential = models.BooleanField(_("confidential"), default=False)
    status = models.CharField(_("state there"), max_length=100, blank=True, default="")
    words = models.TextField(_("what they added"), max_length=2000, blank=True, default="")
    recalled_at = models.DateTimeField(_("recalled"), null=True)
    heard = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("came in"))

    objects = PartnerOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of a partner")
        verbose_name_plural = _("orders of partners")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["partner", "number"], name="partner_order_once")]

    def __str__(self) -> str:
        return f"{self.partner} {self.number}"

    @property
    def scope_code(self) -> str:
        return ""


class RefusedMessage(models.Model):
    """How often on a day messages came to a partner's door that were not let in: counted, and nothing of them kept."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, related_name="refused", verbose_name=_("exchange partner"), db_index=False
    )
    day = models.DateField(_("day"))
    code = models.CharField(_("why"), max_length=32)
    # '' for the rest of those of a minute in which very many addresses tried.
    address = models.CharField(_("from"), max_length=64, blank=True)
    count = models.PositiveIntegerField(_("messages"))
    last_at = models.DateTimeField(_("last"))

    objects = RefusedMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused message")
        verbose_name_plural = _("refused messages")
        ordering = ("-last_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "day", "code", "address"], name="refused_message_once")
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="refused_message_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.code} {self.address}"

    @property
    def scope_code(self) -> str:
        return ""


class PartnerFile(Changing):
    """A picture that came with an order: where it lies at the partner's, how far fetching it has come, and what it became."""

    order = models.ForeignKey(
        PartnerOrder, models.PROTECT, related_name="files", verbose_name=_("their order"), db_index=False
    )
    source = models.CharField(_("lies at"), max_length=SOURCE_CHARS)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=FileState.choices, default=FileState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, related_name="+", verbose_name=_("photo"))
    at = models.DateTimeField(_("came in"))
    done_at = models.DateTimeField(_("done"), null=True)

    objects = PartnerFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a partner")
        verbose_name_plural = _("pictures of partners")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "source"], name="partner_file_once")]
        indexes: ClassVar = [
            models.Index(fields=["-id"], name="partner_file_review", condition=Q(state=FileState.REVIEW)),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"

    @property
    def scope_code(self) -> str:
        return ""


class Inbound(Changing):
    """A message as it came in, sealed, whatever came of it. Its nonce lets it in once."""

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="+", verbose_name=_("exchange partner"), db_index=False
    )
    nonce = models.CharField(max_length=NONCE_CHARS, editable=False)
    asked = models.CharField(_("asks for"), max_length=8, choices=Asked.choices, blank=True, default="")
    order = models.ForeignKey(
        PartnerOrder, models.PROTECT, null=True, related_name="messages", verbose_name=_("their order")
    )
    body = models.TextField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=InboundState.choices, default=InboundState.WAITING)
    # Why it waits for somebody: a machine's word, what it is about, and the sentence that its reader gets.
    fault = models.CharField(max_length=40, blank=True, default="", editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    code = models.ForeignKey(PartnerCode, models.SET_NULL, null=True, related_name="messages", verbose_name=_("code"))
    received_at = models.DateTimeField(_("received"))
    done_at = models.DateTimeField(_("done"), null=True)

    objects = InboundQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a partner")
        verbose_name_plural = _("messages of partners")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["partner", "nonce"], name="inbound_nonce_once")]
        indexes: ClassVar = [
            models.Index(fields=["partner", "-id"], name="inbound_review", condition=Q(state=InboundState.REVIEW)),
            models.Index(fields=["done_at"], name="inbound_done", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_asked_display()} {self.pk}"

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def sealed_for(self) -> str:
        return f"integrations.inbound:{self.partner_id}:{self.nonce}"


class Outbound(Changing):
    """What a partner is told about one order; they leave in the order of their ids. `record` is what it tells of."""

    order = models.ForeignKey(PartnerOrder, models.PROTECT, related_name="told", verbose_name=_("their order"))
    told = models.CharField(_("tells"), max_length=20, choices=Told.choices)
    record = models.BigIntegerField(null=True, editable=False)
    said: Any = models.JSONField(_("content"), default=dict)
    at = models.DateTimeField(_("time"))
    state = models.CharField(_("state"), max_length=8, choices=OutboundState.choices, default=OutboundState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    answer = models.CharField(_("last answer"), max_length=300, blank=True, default="")

    objects = OutboundQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a partner")
        verbose_name_plural = _("messages to partners")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "told", "record"], name="outbound_once")]
        indexes: ClassVar = [
            models.Index(fields=["order", "id"], name="outbound_waiting", condition=~Q(state=OutboundState.SENT)),
        ]

    def __str__(self) -> str:
        return f"{self.get_told_display()} {self.pk}"

    @property
    def scope_code(self) -> str:
        return ""
