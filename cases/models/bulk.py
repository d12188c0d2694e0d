"""What somebody did with many cases at once, and what came of it row by row."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import BulkVerb
from cases.models.case import Case
from gridgov.core.models import Changing


class BulkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Everybody's runs are the own ones."""
        return self.filter(by=user)

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        cases = Case.objects.only("no", "title", "state")
        return self.prefetch_related(Prefetch("lines", BulkLine.objects.prefetch_related(Prefetch("case", cases))))


class Bulk(Changing):
    """One run. `key` comes with the form: sent twice, it is the same run."""

    key = models.UUIDField(_("key"), unique=True)
    verb = models.CharField(_("verb"), max_length=10, choices=BulkVerb.choices)
    given = models.JSONField(_("content"), default=dict)
    by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        verbose_name = _("run over many cases")
        verbose_name_plural = _("runs over many cases")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def scope_code(self) -> str:
        return ""


class BulkLine(Changing):
    """One case of a run, as its version was seen in the preview; `done` is empty until its turn has come."""

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="lines", verbose_name=_("run over many cases"))
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name=_("case"), db_index=False)
    version = models.PositiveIntegerField(_("version seen"))
    done = models.BooleanField(_("done"), null=True)
    words = models.CharField(_("result"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("case of a run")
        verbose_name_plural = _("cases of a run")
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulk", "case"], name="bulk_case_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.words}"
