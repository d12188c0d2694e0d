"""Whose cases, which cases."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, Func, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Reverse
from django.db.models.lookups import StartsWith

from accounts.choices import CASE_ROLES, Role
from cases.choices import CAN_LEAD, OPEN_STATES, TAIL_DIGITS, Hold, LimitOf, OrderState
from cases.queries.catalogue import IN_FORCE
from gridgov.core.models import LockingQuerySet
from gridgov.core.questions import case_columns
from gridgov.core.search import phrase
from grids.choices import GridKind
from grids.queries import heavy, scope_of

if TYPE_CHECKING:
    from accounts.models import User


# Which column of a case holds the ancestor of a kind.
LEVEL_COLUMN = {
    GridKind.STREET: "street",
    GridKind.TOTAL: "total",
    GridKind.COMPREHENSIVE: "comprehensive",
    GridKind.DEDICATED: "comprehensive",
    GridKind.MICRO: "grid",
}
NUMBER_DIGITS = 14
# What the API shows of an order.
_ORDER = (
    "case", "part", "whistled", "state", "note", "sent_at", "signed_at", "ended_at", "return_reason", "result", "excuse",
    "unit__name", "grid__code", "grid__name", "called__full_name", "sent_by__full_name", "handler__full_name",
)  # fmt: skip


class IsAnyOf(Func):
    """`x = ANY (array)`: unlike `x IN (subquery)` it may stand in an OR beside other columns' indexes."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def is_late(at: dt.datetime) -> Q:
    """Of an open case: its clock has run out at AT. One past its due moment is late even before its job has marked it; one
    that stands still is not late by that (cases.reports.light says the same of a row)."""
    return Q(completed_at=None) & (Q(breached_at__isnull=False) | Q(due_at__lt=at, hold=Hold.NONE))


def was_late(at: dt.datetime) -> Q:
    """Of a case that was open at the past moment AT: its clock had run out by then and not been stopped."""
    return Q(breached_at__lte=at) & (Q(completed_at=None) | Q(completed_at__gt=at))


def sees_by_ground(user: "User") -> bool:
    """Whether USER sees the cases on a ground and no others: leads and offices. Workers and units see some beside it."""
    return user.role in CASE_ROLES - {Role.WORKER, Role.UNIT_STAFF}


def on_ground(user: "User", of: str = "") -> Q:
    """The cases on the ground of USER; or, of rows that belong to a case, those whose case is: OF names it, "case__"."""
    found = Q((f"{of}pk__in", []))
    for kind, ids in scope_of(user).grids.items():
        found |= Q((f"{of}{LEVEL_COLUMN[GridKind(kind)]}__in", ids))
    return found


class CaseQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """A worker sees the own micro-grids and what was reported by the own hand, a lead the subtree, a unit its
        orders, the street everything in it; units and workers also the cases of the special teams they are in.
        Administrators and auditors see no case."""
        if user.role == Role.SYSTEM:
            return self.all()
        if user.role not in CASE_ROLES:
            return self.none()
        scope = scope_of(user)
        if user.role == Role.UNIT_STAFF:
            # The union only for the few who need it: without, the list is read off the orders' index in its order, which
            # for a unit of 3,000 orders takes half a millisecond and not seventeen.
            orders, teams = _orders().order_by().filter(unit__in=scope.units).values("case"), _teams_of(user)
            return self.filter(pk__in=orders.union(teams, all=True) if teams.exists() else orders)
        seen = on_ground(user)
        # Only for workers, whose cases are few: with it, a lead's page could not be read off one index in its order.
        # Leads and the street are only taken into teams of cases that they see anyhow (cases.actions.teams).
        if user.role == Role.WORKER:
            seen |= Q(reported_by=user) | Q(IsAnyOf("pk", ArraySubquery(_teams_of(user))))
        return self.filter(seen)

    def for_list(self) -> Self:
        """Everything a line of a list shows, in one query."""
        return self.select_related("category", "grid", "total", "leading").only(
            "leading__no", "no", "title", "state", "tier", "urgency", "channel", "reported_at", "due_at", "started_at", "completed_at",
            "breached_at", "card", "provisional", "hold", "hold_until", "place", "lng", "lat", "version", "rework_count", "urged",
            "category__code", "category__name", "category__name_en", "grid__code", "grid__name", "total__code", "total__name",
        )  # fmt: skip

    def lines(self) -> "QuerySet[Any, dict[str, Any]]":
        """Everything a line of the API's list shows, as dicts: no object is made for what is only read out."""
        return self.values(
            "id", "no", "title", "state", "tier", "urgency", "channel", "place", "lng", "lat", "reported_at", "started_at",
            "due_at", "completed_at", "breached_at", "card", "hold", "version", "category__code", "category__name",
            "category__name_en", "grid__code", "grid__name", "total__code", "total__name", "leading__no",
        )  # fmt: skip

    def for_detail(self) -> Self:
        """Everything the API shows of a case: five queries whatever its history. The grids around it and who entered it come
        aside (`around`, `entered_by`): as joins, a dozen of them, they took PostgreSQL ten milliseconds to plan."""
        rows = self.select_related("category", "grid", "reporter", "rating", "leading")
        rows = rows.defer("search", "leading__search", "leading__text", "leading__source_point", *heavy("grid"))
        orders = _orders().select_related("unit", "grid", "handler", "sent_by", "called").only(*_ORDER)
        return rows.annotate(**_told_beside(), **_around()).prefetch_related(
            Prefetch("orders", orders), "deadlines", "photos"
        )

    def named(self, text: str) -> Self:
        """The case whose number TEXT is, or whose id: numbers have fourteen digits."""
        if len(text) < NUMBER_DIGITS and text.isdecimal():
            return self.filter(pk=int(text))
        return self.filter(no=text)

    def could_lead(self, case: Any) -> Self:
        """Cases of the same category and community that CASE could be merged into, the newest first."""
        place = {"total": case.total_id} if case.total_id else {"street": case.street_id}
        rows = self.filter(category=case.category_id, state__in=CAN_LEAD, reported_at__lte=case.reported_at, **place)
        return rows.exclude(pk=case.pk).order_by("-id")

    def for_bulk(self) -> Self:
        """What a verb over many cases looks at of each, and shows: two queries."""
        rows = self.select_related("grid", "total", "comprehensive", "leading")
        rows = rows.defer("search", "leading__search", *heavy("grid", "total", "comprehensive"))
        return rows.prefetch_related(Prefetch("orders", _orders().select_related("unit", "grid").defer(*heavy("grid"))))

    def for_page(self) -> Self:
        """A case with what it has one of, and `has`, of which rows it has any. The rest is put in its places by
        cases.reports.whole_case."""
        rows = self.select_related("category", "reporter", "rating", "leading", "publication__by")
        rows = rows.defer("search", "leading__search", "leading__text", "leading__source_point")
        above = {name: column for columns in case_columns.ask() for name, column in columns.items()}
        return rows.annotate(**_told_beside(), **above, has=_kinds())

    def with_limits(self) -> Self:
        """Adds `limits`: the policies on anything but the case's own clock that speak about it, as [{limit, id, value,
        unit, since}], those that count first in front. Spares a verb the query for them."""
        policies = apps.get_model("cases", "Policy")._default_manager.exclude(limit=LimitOf.CASE).filter(
            Q(street=None) | Q(street=OuterRef("street")), Q(category=None) | Q(category=OuterRef("category")),
            Q(tier="") | Q(tier=OuterRef("tier")),
        )  # fmt: skip
        row = JSONObject(limit="limit", id="pk", value="value", unit="unit", since="effective_from")
        return self.annotate(limits=ArraySubquery(policies.order_by(*IN_FORCE).values(row=row)))

    def in_grid(self, code: str) -> Self:
        """Cases of the grid CODE and all below it, by where they came in; none if there is no such grid."""
        grid = apps.get_model("grids", "Grid")._default_manager.filter(code=code).only("kind").first()
        return self.none() if grid is None else self.filter(**{LEVEL_COLUMN[GridKind(grid.kind)]: grid})

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def done_by(self, user: "User") -> Self:
        """Cases that USER completed, or an order of which USER carried out."""
        done = _orders().order_by().filter(handler=user, state=OrderState.DONE)
        return self.filter(Q(completed_by=user) | Q(IsAnyOf("pk", ArraySubquery(done.values("case")))))

    def open_at(self, at: dt.datetime) -> Self:
        """Cases that were open at the past moment AT, as far as their rows tell: one that is open again since then counts
        as if it had never been closed, one that was merged without an answer not at all."""
        return self.filter(Q(state__in=OPEN_STATES) | Q(closed_at__gt=at), reported_at__lte=at)

    def late(self, at: dt.datetime) -> Self:
        """Open cases whose clock has run out at AT and was not stopped by completion."""
        return self.open().filter(is_late(at))

    def search(self, words: str) -> Self:
        """Cases in whose number, title, text or place the WORDS occur, each as it stands; four digits or more may be the
        end of the number, too."""
        found = self
        for word in words.split():
            wanted = Q(search=phrase(word))
            if word.isascii() and word.isdigit() and TAIL_DIGITS <= len(word) <= NUMBER_DIGITS:
                wanted |= Q(_ends_with("no", word))
            found = found.filter(wanted)
        return found

    def of_phone(self, tail: str) -> Self:
        """Cases whose reporter's phone ends with the digits TAIL, but for confidential ones. Each look is recorded
        (cases.actions.look_for_phone)."""
        return self.filter(pk__in=apps.get_model("cases", "Reporter")._default_manager.ending_with(tail))


def _ends_with(column: str, tail: str) -> StartsWith:
    """An index on the column read backwards finds ends (Case.Meta)."""
    return StartsWith(Reverse(column), tail[::-1])


def _orders() -> QuerySet:
    """Orders: queries lie below models and can't import them."""
    return apps.get_model("cases", "Order")._default_manager.all()


def _kinds() -> JSONObject:
    """Of which rows a case has any, {"photos": true, …}: a probe of an index each spares most pages most of their queries."""
    models = {"photos": "Photo", "supervisions": "Supervision", "applications": "Application", "teams": "Team"}
    rows = {name: apps.get_model("cases", model)._default_manager.order_by() for name, model in models.items()}
    return JSONObject(**{name: Exists(found.filter(case=OuterRef("pk"))) for name, found in rows.items()})


def _around() -> dict[str, Any]:
    """`around`, the grids of a case as [{pk, code, name}], and `entered_by`, a name."""
    levels = Q(pk__in=[OuterRef(name) for name in LEVEL_COLUMN.values()])
    grids = apps.get_model("grids", "Grid")._default_manager.filter(levels).order_by("pk")
    people = apps.get_model("accounts", "User")._default_manager.filter(pk=OuterRef("reported_by"))
    return {
        "around": ArraySubquery(grids.values(row=JSONObject(pk="pk", code="code", name="name"))),
        "entered_by": Subquery(people.values("full_name")),
    }


def _told_beside() -> dict[str, ArraySubquery]:
    """`merged_rows`, `call_rows`, `voice_rows` of a case's page as JSON, without queries of their own (reports.closing, voices)."""
    merged = apps.get_model("cases", "Case")._default_manager.filter(leading=OuterRef("pk"))
    calls = apps.get_model("cases", "Callback")._default_manager.filter(case=OuterRef("pk"))
    voices = apps.get_model("cases", "VoiceNote")._default_manager.filter(case=OuterRef("pk"))
    number = JSONObject(pk="pk", no="no", reported_at="reported_at")
    said = JSONObject(at="at", by="by__full_name", round="round", reached="reached", solved="solved", note="note")
    return {
        "merged_rows": ArraySubquery(merged.order_by("pk").values(row=number)),
        "call_rows": ArraySubquery(calls.order_by("pk").values(row=said)),
        "voice_rows": ArraySubquery(
            voices.order_by("pk").values(row=JSONObject(pk="pk", by="by__full_name", who="by", at="at"))
        ),
    }


def _teams_of(user: "User") -> QuerySet:
    """The cases of the open special teams that USER is in."""
    members = apps.get_model("cases", "TeamMember")._default_manager.order_by()
    return members.filter(user=user, team__ended_at=None).values("team__case")
