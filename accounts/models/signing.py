"""What signing in needs: sessions, second factors, passwords that were, and tries that went wrong."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices.signing import Ended
from accounts.models.people import User
from accounts.queries import SignInQuerySet
from gridgov.core.models import Changing, LockingQuerySet


class Session(models.Model):
    """What a browser's cookie stands for (gridgov.sessions); once somebody has signed in, theirs. Kept for half a year after its
    end, without content: the log of who came in when and from where."""

    # A digest of what the cookie says: who reads the table can't come in by it.
    key = models.CharField(max_length=64, unique=True, editable=False)
    data = models.TextField(editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("account"))
    # Empty until all is shown that has to be: the second factor, a password of one's own.
    began_at = models.DateTimeField(_("signed in at"), null=True)
    used_at = models.DateTimeField(_("last used"))
    # Seconds without use after which it is over; empty where nobody has signed in.
    idle = models.PositiveIntegerField(null=True, editable=False)
    expires_at = models.DateTimeField(_("ends at the latest"))
    address = models.CharField(_("address"), max_length=45, blank=True, default="")
    # “Chrome, Windows”, no more of what a browser says of itself.
    device = models.CharField(_("device"), max_length=40, blank=True, default="")
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_why = models.CharField(
        _("why the session ended"), max_length=12, choices=Ended.choices, blank=True, default=""
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in session")
        verbose_name_plural = _("sign-in sessions")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="session_ended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(began_at=None) | Q(user__isnull=False, idle__isnull=False), name="session_of_somebody"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="session_of_user", condition=Q(user__isnull=False)),
            models.Index(fields=["expires_at"], name="session_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.device or '—'}"

    @property
    def scope_code(self) -> str:
        return ""


class Factor(Changing):
    """The second factor of an account: a secret shared with an app on its owner's phone (TOTP, RFC 6238)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="factor", verbose_name=_("account"))
    # Sealed (gridgov.core.secrets). `fresh` waits for its first code, not for long, and then takes the place of `secret`.
    secret = models.CharField(max_length=120, blank=True, default="", editable=False)
    fresh = models.CharField(max_length=120, blank=True, default="", editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(_("set up"), null=True)
    # The step of the last code that was taken: no code is good twice, and none before it.
    last_step = models.BigIntegerField(default=0, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(confirmed_at=None) | ~Q(secret=""), name="factor_has_a_secret"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def sealed_for(self) -> str:
        """What its secret is bound to: on another account it doesn't open."""
        return f"accounts.factor:{self.user_id}"

    @property
    def scope_code(self) -> str:
        return ""


class RecoveryCode(models.Model):
    """Lets in once instead of a code, for whoever has lost the phone; kept as a digest."""

    factor = models.ForeignKey(Factor, models.CASCADE, related_name="codes", editable=False)
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.factor} #{self.pk}"


class PastPassword(models.Model):
    """The hash of a password that somebody has or had, so that it doesn't come again too soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords", verbose_name=_("account"))
    hash = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField(_("set on"))

    class Meta:
        verbose_name = _("earlier password")
        verbose_name_plural = _("earlier passwords")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class Tries(Changing):
    """Wrong tries in a row with one name, whether or not anybody bears it, or with the codes of one account."""

    # A digest: what is typed for a name may be a password.
    key = models.CharField(max_length=64, unique=True, editable=False)
    failures = models.PositiveIntegerField(_("wrong tries"), default=0)
    last_at = models.DateTimeField(_("last try"))
    locked_until = models.DateTimeField(_("locked until"), null=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrong tries")
        verbose_name_plural = _("wrong tries")
        indexes: ClassVar = [models.Index(fields=["last_at"], name="tries_last")]

    def __str__(self) -> str:
        return f"{self.failures} × {self.key[:8]}…"
