"""Accounts as somebody outside knows them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.queries import IdentityQuerySet
from gridgov.core.models import Changing


class Identity(Changing):
    """That whoever `way` knows under a name (kept as a digest, accounts.choices.outside) has this account."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities", verbose_name=_("account"))
    way = models.SlugField(_("way in"), max_length=12, db_index=False)
    subject = models.CharField(max_length=64, editable=False)
    bound_at = models.DateTimeField(_("since"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in from outside")
        verbose_name_plural = _("sign-ins from outside")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["way", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["user", "way"], name="identity_one_of_a_way"),
        ]

    def __str__(self) -> str:
        return f"{self.way} → {self.user}"

    @property
    def scope_code(self) -> str:
        return ""
