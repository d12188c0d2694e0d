from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind, Role
from accounts.queries import NoticeQuerySet, UserManager
from gridgov.core.models import Changing


class User(AbstractBaseUser, Changing):
    """A person (or the system) with one role. What a person sees follows from the posts held (grids.Post)."""

    username = models.CharField(
        _("user name"),
        max_length=48,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    full_name = models.CharField(_("full name"), max_length=48)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["full_name", "role"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("username",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(role=Role.SYSTEM) | Q(is_active=False), name="system_never_signs_in"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.UniqueConstraint(fields=["role"], condition=Q(role=Role.SYSTEM), name="one_system_account"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def is_staff(self) -> bool:
        """Django's word for "may open the admin": every role has its pages there."""
        return self.role != Role.SYSTEM

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The admin pages ask the role (gridgov.core.admin_base); Django's own permissions are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active


class Notice(models.Model):
    """One line in somebody's inbox. `text` is a msgid, filled with `params` in the reader's language."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("for"))
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    key = models.CharField(max_length=64)
    text = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    subject_type = models.CharField(max_length=32, blank=True)
    subject_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="notice_inbox")]

    def __str__(self) -> str:
        return gettext(self.text) % self.params
