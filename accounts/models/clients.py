"""Other systems: who they are, by which keys they come in, and how often they did."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.crypto import KeyGenerator
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

from accounts.choices.clients import USUAL_PER_MINUTE
from accounts.models.people import User
from accounts.queries import ApiClientQuerySet, ApiKeyQuerySet
from gridgov.core.models import Changing


class ApiClient(Changing):
    """Another system that comes in by key. Its account is who it is for rules, scope and records; the role of the account
    and what it sees follow from its ground, which a higher room keeps (grids.ClientGround)."""

    user = models.OneToOneField(
        User, models.PROTECT, primary_key=True, related_name="client", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=40, unique=True)
    purpose = models.CharField(_("what it is for"), max_length=200)
    # Of accounts.choices.clients.SCOPES.
    scopes = models.JSONField(_("may"), default=list)
    # Of accounts.choices.clients.Purpose: for what it may see personal data.
    purposes = models.JSONField(_("personal data for"), default=list, blank=True)
    # Networks like 10.20.0.0/16 from which it may come; none: from everywhere.
    networks = models.JSONField(_("comes from"), default=list, blank=True)
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=USUAL_PER_MINUTE)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("switched on"), default=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("connected system")
        verbose_name_plural = _("connected systems")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="client_may_ask"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return ""


class KeyManager(BaseAPIKeyManager.from_queryset(ApiKeyQuerySet)):  # type: ignore[misc]
    """Gives keys a number of their own: the package would make it of prefix and hash."""

    key_generator = KeyGenerator()

    def assign_key(self, obj: "ApiKey") -> str:
        key, obj.prefix, obj.hashed_key = self.key_generator.generate()
        return key

    def known(self, raw: str) -> "ApiKey | None":
        """The key RAW with its client and account, whether or not it still holds; None where nobody has it."""
        key = self.select_related("client__user").filter(prefix=raw.partition(".")[0][:8]).first()
        return key if key is not None and self.key_generator.verify(raw, key.hashed_key) else None


class ApiKey(AbstractAPIKey, Changing):
    """A key of a client: shown once, kept as a hash. `prefix` is what people know it by."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="keys", verbose_name=_("connected system"))
    created = models.DateTimeField(_("made"))
    # The minute of its last use.
    last_used = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = KeyManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("keys")
        ordering = ("-created",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revoked=True, revoked_at__isnull=False) | Q(revoked=False, revoked_at=None),
                name="key_revoked_at_a_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def allows(self, scope: str) -> bool:
        """Whether its client may do what SCOPE says."""
        return not scope or scope in self.client.scopes


class ClientCalls(models.Model):
    """How often a client asked for an operation on a day, and was answered alike: what came in a minute is added by a job."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="calls", db_index=False)
    day = models.DateField(_("day"))
    operation = models.CharField(_("operation"), max_length=96)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    # Of a refusal; '' where there was none.
    code = models.CharField(_("code"), max_length=32, blank=True, default="")
    count = models.PositiveIntegerField(_("calls"))

    class Meta:
        verbose_name = _("calls of a system")
        verbose_name_plural = _("calls of systems")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "day", "operation", "status", "code"], name="client_calls_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.operation} {self.status}"
