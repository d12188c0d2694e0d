"""What would come of a verb for each of many cases: the same table and the same rules that the actions ask, no write.

A fixed number of queries for any number of cases. What changes between the look and the deed, the deed itself tells
(cases.actions.bulk).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.choices import ORDER_IN_FORCE, URGE_PAUSE, BulkVerb
from cases.models import Case
from gridgov.core.errors import Verdict
from gridgov.core.models import Record
from grids.choices import PostKind
from grids.models import Post, Unit


@dataclass(frozen=True)
class Foreseen:
    """One case: whether it can be done, and what will happen in words."""

    case: Case
    verdict: Verdict
    words: str = ""

    @property
    def why(self) -> str:
        return str(self.verdict.refusal or "")


def foresee(
    *, verb: str, cases: Sequence[Case], by: User, at: dt.datetime, given: dict[str, Any] | None = None
) -> list[Foreseen]:
    """VERB over CASES (`CaseQuerySet.for_bulk`), with what the form has GIVEN; without it, as far as can be said."""
    return _LOOKS[BulkVerb(verb)](cases, by, at, given)


def _dispatch(cases: Sequence[Case], by: User, at: dt.datetime, given: dict[str, Any] | None) -> list[Foreseen]:
    chosen = given or {}
    unit = Unit.objects.filter(pk=chosen["unit"]).first() if chosen.get("unit") else None
    places = {case.pk: None if given is None else getattr(case, chosen.get("own") or "", None) for case in cases}
    grids = {place.pk for place in places.values() if place is not None}
    posts = Post.objects.current(localdate(at)).exclude(kind=PostKind.SPECIALIST_WORKER).order_by()
    held = set(posts.filter(grid__in=grids).values_list("grid", flat=True)) if grids else set()
    reaches = bool(unit) and posts.filter(unit=unit).exists()
    found = []
    for case in cases:
        verdict = case.can_move("dispatch") and rules.can_dispatch(by, case)
        place = places[case.pk]
        if verdict and given is not None:
            staffed = reaches if unit else place is not None and place.pk in held
            verdict = rules.can_send_to(case, unit, place) and rules.can_reach(unit or place, staffed)
        found.append(Foreseen(case, verdict, f"→ {unit or place}" if verdict and given is not None else ""))
    return found


def _urge(cases: Sequence[Case], by: User, at: dt.datetime, given: dict[str, Any] | None) -> list[Foreseen]:
    lately = Record.objects.filter(
        subject_type=Case._meta.label_lower, subject_id__in=[case.pk for case in cases], verb="cases.urged",
        at__gt=at - URGE_PAUSE,
    )  # fmt: skip
    urged = set(lately.values_list("subject_id", flat=True))
    found = []
    for case in cases:
        orders = [order for order in case.orders.all() if order.state in ORDER_IN_FORCE]
        verdict = case.can_move("urge") and rules.can_urge(by, case) and rules.can_be_urged(orders, case.pk in urged)
        names = " · ".join(str(order) for order in orders)
        found.append(Foreseen(case, verdict, _("%(names)s will be reminded") % {"names": names} if verdict else ""))
    return found


def _merge(cases: Sequence[Case], by: User, at: dt.datetime, given: dict[str, Any] | None) -> list[Foreseen]:
    leads = set(Case.objects.filter(leading__in=[case.pk for case in cases]).values_list("leading", flat=True))
    leading = Case.objects.visible_to(by).get(pk=given["leading"]) if given else None
    found = []
    for case in cases:
        verdict = case.can_move("merge") and rules.can_merge(by, case, leads_others=case.pk in leads)
        if verdict and leading is not None:
            verdict = rules.can_lead(leading, case)
        words = _("goes into %(no)s") % {"no": leading.no} if verdict and leading else ""
        found.append(Foreseen(case, verdict, words))
    return found


_LOOKS: dict[BulkVerb, Callable[..., list[Foreseen]]] = {
    BulkVerb.DISPATCH: _dispatch, BulkVerb.URGE: _urge, BulkVerb.MERGE: _merge,
}  # fmt: skip
