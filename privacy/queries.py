"""Who sees which terms, holds, looks, requests and assessments."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, DateTimeField, ExpressionWrapper, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractHour

from accounts.choices import Role
from gridgov.core.calendar import CHINA
from gridgov.core.codes import fits, tidied
from gridgov.core.models import LOOKS, LockingQuerySet
from grids.queries import heavy, scope_of
from privacy import choices

if TYPE_CHECKING:
    from accounts.models import User
    from privacy.models import Request


class TermQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.all() if user.role in choices.RETENTION_READERS else self.none()


class HoldQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The street's own ground; the security administrator and the auditor see all."""
        if user.role in {Role.SECURITY_ADMIN, Role.AUDITOR}:
            return self.all()
        return self.filter(grid__in=_own_grids(user)) if user.role == Role.STREET else self.none()

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def for_list(self) -> Self:
        return self.select_related("by", "ended_by", "grid").defer(*heavy("grid"))


class LiftQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """What one has lifted oneself; the security administrator and the auditor see all."""
        if user.role in {Role.SECURITY_ADMIN, Role.AUDITOR}:
            return self.all()
        return self.filter(by=user)

    def for_list(self) -> Self:
        return self.select_related("user", "by")

    def standing(self, at: dt.datetime) -> Self:
        return self.filter(at__lte=at, until__gt=at)


class LookQuerySet(QuerySet):
    """Records of looks (gridgov.core.looking)."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(verb__in=LOOKS) if user.role in choices.LOG_READERS else self.none()

    def for_list(self) -> Self:
        """With how many looks whoever looked had had within the hour (`within`), this one counted."""
        lately: Any = apps.get_model("core", "Record")._default_manager
        hour = OuterRef("at") - dt.timedelta(hours=1)
        own = lately.filter(Q(verb__in=LOOKS), actor=OuterRef("actor"), at__lte=OuterRef("at"))
        own = own.filter(at__gt=ExpressionWrapper(hour, DateTimeField())).order_by().values("actor")
        count = Subquery(own.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        return self.select_related("actor").annotate(within=Coalesce(count, 1))

    def at_night(self) -> Self:
        hour: Any = ExtractHour("at", tzinfo=CHINA)
        rows = self.annotate(hour=hour)
        return rows.filter(Q(hour__gte=choices.NIGHT_FROM) | Q(hour__lt=choices.NIGHT_UNTIL))

    def many(self) -> Self:
        """Of those `for_list`."""
        return self.filter(within__gte=choices.MANY_LOOKS)


class RequestQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The street office's own ground; the auditor all, masked. What is closed off from them does not exist."""
        if user.role == Role.AUDITOR:
            return self.all()
        return self.filter(grid__in=_own_grids(user)) if user.role in choices.ANSWERERS else self.none()

    def for_list(self) -> Self:
        return self.select_related("grid", "entered_by").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return (
            self.for_list()
            .select_related("verified_by", "answered_by", "again_of")
            .prefetch_related("parts__decided_by")
        )

    def open(self) -> Self:
        return self.exclude(state=choices.RequestState.ANSWERED)

    def held_by(self, number: str, code: str) -> "Request | None":
        """The request NUMBER that CODE belongs to. An unknown number and a wrong code are answered alike, and take alike long."""
        found = list(self.filter(no=number.strip().upper()).exclude(code_digest="").values_list("pk", "code_digest"))
        fit = fits(tidied(code), [digest for _pk, digest in found] or ["0" * 64])
        pk = next((pk for pk, digest in found if digest == fit), None)
        row: Request | None = None if pk is None else self.for_detail().get(pk=pk)  # type: ignore[assignment]
        return row


class AssessmentQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.all() if user.role in choices.ASSESSMENT_READERS else self.none()

    def for_list(self) -> Self:
        return self.select_related("by")

    def in_force(self) -> Self:
        return self.filter(ended_at=None)

    def to_review(self, day: dt.date) -> Self:
        return self.in_force().filter(review_on__lte=day)


def _own_grids(user: "User") -> Any:
    grids: Any = apps.get_model("grids", "Grid")._default_manager
    return grids.filter(scope_of(user).under()).order_by().values("pk")
