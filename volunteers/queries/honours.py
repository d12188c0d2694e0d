"""What is seen of feedback, panels, certificates and who signs for them."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Prefetch

from grids.queries import heavy
from volunteers.choices.honours import CertificateState, ObjectionState
from volunteers.queries import InScopeQuerySet, OfVolunteerQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def _rows(model: str) -> Any:
    return apps.get_model("volunteers", model)._default_manager


class FeedbackQuerySet(InScopeQuerySet):
    grid = "project__grid"

    def for_list(self) -> Self:
        return super().for_list().select_related("project")


class PanelQuerySet(InScopeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those in scope, and those one sits on."""
        return super().visible_to(user) | self.filter(pk__in=_rows("Seat").filter(user=user).order_by().values("panel"))

    def for_list(self) -> Self:
        return super().for_list().select_related("made_by")

    def for_detail(self) -> Self:
        candidates = _rows("Candidate").select_related("volunteer__user", "volunteer__grid")
        slim = candidates.defer(*heavy("volunteer__grid"))
        return self.for_list().prefetch_related("seats__user", "seats__scores", Prefetch("candidates", slim))


class CertificateQuerySet(OfVolunteerQuerySet):
    def in_publicity(self, on: dt.date) -> Self:
        """Names that stand open on this day."""
        return self.filter(state=CertificateState.PUBLICITY, public_until__gte=on)

    def to_issue(self, on: dt.date) -> Self:
        """Those whose publicity is over, and to which no objection waits for its answer."""
        over = self.filter(state=CertificateState.PUBLICITY, public_until__lt=on)
        return over.exclude(objections__state=ObjectionState.OPEN)

    def for_list(self) -> Self:
        return super().for_list().select_related("panel")


class ObjectionQuerySet(InScopeQuerySet):
    grid = "certificate__volunteer__grid"

    def open(self) -> Self:
        return self.filter(state=ObjectionState.OPEN)

    def for_list(self) -> Self:
        return super().for_list().select_related("certificate__volunteer")


class IssuerQuerySet(InScopeQuerySet):
    def nearest(self, path: Iterable[int]) -> Any:
        """Of the grids PATH (the street first) the lowest that has one; None if none has."""
        return self.filter(grid__in=list(path)).for_list().order_by("-grid__lft").first()
