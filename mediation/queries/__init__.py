"""Who sees what of mediation. Committees, mediators and rooms are no secret; a file is for its mediators and the committee's
director alone (人民调解法 15, 23), whatever somebody's role and grids are."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.choices import CASE_ROLES, NOBODYS, Role
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import holds_phone
from grids.queries import heavy, scope_of
from mediation.choices.files import FileState, SessionState
from mediation.choices.people import LATEST, LEAST_MEMBERS, SEATED, TERM_WARNING, Gap, Office, Sex

if TYPE_CHECKING:
    from accounts.models import User


def _of(name: str) -> Any:
    return apps.get_model("mediation", name)._default_manager


def _grids(user: "User") -> Any:
    """The keys of the grids around the posts of USER, who works here; none of anybody else's."""
    grids: Any = apps.get_model("grids", "Grid")._default_manager
    found = grids.filter(scope_of(user).around()) if user.role in CASE_ROLES else grids.none()
    return found.order_by().values("pk")


def _own_committees(user: "User") -> Any:
    """The keys of the committees in which USER sits today."""
    return _of("Seat").current().filter(mediator__user=user).order_by().values("committee")


def _count_of_committee(files: Any) -> Any:
    """How many FILES the committee of the outer query has."""
    own = files.filter(committee=OuterRef("pk")).order_by().values("committee")
    return own.annotate(n=Count("pk")).values("n")


class OnGridQuerySet(LockingQuerySet):
    """Rows that lie on a grid and are no secret: for those who work on or below it, and those who sit in a committee there."""

    def visible_to(self, user: "User") -> Self:
        own = _of("Committee").filter(pk__in=_own_committees(user)).order_by().values("grid__tree_id")
        return self.filter(Q(grid__in=_grids(user)) | Q(grid__tree_id__in=own))

    def for_list(self) -> Self:
        return self.select_related("grid").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()


class CommitteeQuerySet(OnGridQuerySet):
    def seating(self, user: "User") -> Self:
        """Those in which USER sits today."""
        return self.filter(pk__in=_own_committees(user))

    def standing(self) -> Self:
        return self.filter(ended_on=None)

    def with_seats(self) -> Self:
        """With how many sit in it (`seated`), are women, direct (0 or 1), and are `appointed`; and `open` files."""
        now = Q(seats__until=None)
        sits = now & Q(seats__office__in=SEATED)
        return self.annotate(
            seated=Count("seats", sits, distinct=True),
            women=Count("seats", sits & Q(seats__mediator__sex=Sex.FEMALE), distinct=True),
            directors=Count("seats", now & Q(seats__office=Office.DIRECTOR), distinct=True),
            appointed=Count("seats", now & Q(seats__office=Office.APPOINTED), distinct=True),
            # Counted by its own index: a join would multiply seats and files.
            open=Coalesce(Subquery(_count_of_committee(_of("Mediation").open())), 0),
        )

    def lacking(self, gap: str, day: dt.date) -> Self:
        """Of those `with_seats`, the standing ones with GAP on DAY."""
        return self.standing().filter(
            {
                Gap.FEW: Q(seated__lt=LEAST_MEMBERS),
                Gap.NO_WOMAN: Q(women=0),
                Gap.NO_DIRECTOR: Q(directors=0),
                Gap.TERM_NEAR: Q(term_until__gte=day, term_until__lte=day + TERM_WARNING),
                Gap.TERM_OVER: Q(term_until__lt=day),
            }[Gap(gap)]
        )


class MediatorQuerySet(OnGridQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Those who have PHONE."""
        return self.filter(holds_phone(phone, "phone"))

    def active(self) -> Self:
        return self.filter(ended_on=None)

    def skilled(self, kind: str) -> Self:
        """Those who mediate disputes of KIND, or any."""
        return self.filter(Q(skills=[]) | Q(skills__contains=[kind]))

    def with_load(self) -> Self:
        """With how many files of theirs are `open`, and the outcomes of the latest that are over (`ended`, at most LATEST): no word
        of any. Each is found by its index, however many files there are."""
        own = _of("Assignment").filter(mediator=OuterRef("pk")).order_by()
        now = own.current().filter(mediation__state__in=[FileState.APPLIED, FileState.RUNNING])
        over = own.filter(mediation__state__in=[FileState.ENDED, FileState.FILED]).order_by("-mediation_id")
        return self.annotate(
            open=Coalesce(Subquery(now.values("mediator").annotate(n=Count("pk")).values("n")), 0),
            ended=ArraySubquery(over.values("mediation__outcome")[:LATEST]),
        )

    def of(self, user: "User") -> Any:
        """The mediator that USER is; None for whoever is none."""
        return self.active().filter(user=user).first()


class SeatQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(committee__in=_of("Committee").visible_to(user).order_by().values("pk"))

    def current(self) -> Self:
        return self.filter(until=None)

    def seated(self) -> Self:
        """Those who are the committee today."""
        return self.current().filter(office__in=SEATED)

    def of(self, user: "User") -> Self:
        """Those by which USER mediates in a committee today."""
        return self._of_account(user).filter(mediator__ended_on=None)

    def directing(self, user: "User") -> Self:
        """Those by which USER is the director of a committee today."""
        return self._of_account(user).filter(office=Office.DIRECTOR)

    def _of_account(self, user: "User") -> Self:
        """Somebody made up, as the page of roles asks about, sits nowhere: the database isn't asked."""
        return self.current().filter(mediator__user=user) if user.pk else self.none()

    def for_list(self) -> Self:
        return self.select_related("committee", "mediator")


class StudioQuerySet(OnGridQuerySet):
    pass


class ExpertQuerySet(OnGridQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Those who have PHONE."""
        return self.filter(holds_phone(phone, "phone"))

    def on_call(self) -> Self:
        return self.filter(ended_on=None)


class RoomQuerySet(OnGridQuerySet):
    def in_use(self) -> Self:
        return self.filter(ended_on=None)


class MediationQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those that USER mediates today, and those of the committees that USER directs. Nobody else reads a file."""
        mine = _of("Assignment").mediated_by(user).order_by().values("mediation")
        directed = _of("Seat").directing(user).order_by().values("committee")
        return self.filter(Q(pk__in=mine) | Q(committee__in=directed))

    def readable_by(self, by: "User") -> Self:
        """What BY takes hold of: the house itself, which keeps promises about files, any; nobody else what isn't theirs."""
        return self.all() if by.role == Role.SYSTEM and by.username == NOBODYS[0] else self.visible_to(by)

    def open(self) -> Self:
        return self.filter(state__in=[FileState.APPLIED, FileState.RUNNING])

    def running(self) -> Self:
        return self.filter(state=FileState.RUNNING)

    def for_list(self) -> Self:
        return self.select_related("grid", "committee").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list().select_related("case", "agreement").defer("case__search")

    def whole(self) -> Self:
        """With all that a file holds, which is read by `.all()` then: twelve queries more."""
        there = _of("Attendance").select_related("party", "helper")
        sessions = _of("Session").select_related("room", "recorded_by")
        helpers, assigned = (
            _of("Helper").select_related("expert"),
            _of("Assignment").select_related("mediator", "chosen_by"),
        )
        return self.for_detail().prefetch_related(
            "parties",
            Prefetch("helpers", helpers.prefetch_related("agreed_by")),
            Prefetch("assignments", assigned.prefetch_related("accepted_by")),
            Prefetch("sessions", sessions.prefetch_related("mediators", Prefetch("attendances", there))),
            Prefetch("signatures", _of("Signature").select_related("party", "mediator")),
            Prefetch("tasks", _of("Task").select_related("party")),
            Prefetch("follow_ups", _of("FollowUp").select_related("visitor")),
            Prefetch("papers", _of("Paper").select_related("party")),
        )


class OfFileQuerySet(LockingQuerySet):
    """Rows of a file (`mediation`): whoever reads the file reads them."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(mediation__in=_of("Mediation").visible_to(user).order_by().values("pk"))

    def for_list(self) -> Self:
        return self.select_related("mediation")

    def for_detail(self) -> Self:
        return self.for_list()


class PartyQuerySet(OfFileQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Parties who have PHONE, or whose agent has."""
        return self.filter(holds_phone(phone, "phone", "agent_phone"))


class HelperQuerySet(OfFileQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Those who have PHONE."""
        return self.filter(holds_phone(phone, "phone"))


class AssignmentQuerySet(OfFileQuerySet):
    def current(self) -> Self:
        return self.filter(until=None)

    def mediated_by(self, user: "User") -> Self:
        """Those by which USER mediates today."""
        return self.current().filter(mediator__user=user)

    def for_list(self) -> Self:
        return super().for_list().select_related("mediator")


class SessionQuerySet(OfFileQuerySet):
    def planned(self) -> Self:
        return self.filter(state=SessionState.PLANNED)

    def taking_place(self) -> Self:
        """Those that take their room and their people: planned or held."""
        return self.exclude(state=SessionState.CANCELLED)

    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that take place at some time from START (included) to END."""
        return self.taking_place().filter(starts_at__lt=end, ends_at__gt=start)

    def for_list(self) -> Self:
        return super().for_list().select_related("room")


class SignatureQuerySet(OfFileQuerySet):
    def standing(self) -> Self:
        """Those that count: below the text as it is now."""
        return self.filter(struck_at=None)

    def of_agreement(self) -> Self:
        """The standing ones below the agreement."""
        return self.standing().filter(session=None)


class VolumeQuerySet(OfFileQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Only whoever asked, and only while the file is theirs to read."""
        return super().visible_to(user).filter(user=user)


class TemplateQuerySet(LockingQuerySet):
    """The texts of papers: no secret."""

    def visible_to(self, user: "User") -> Self:
        own = _of("Committee").filter(pk__in=_own_committees(user)).order_by().values("grid__tree_id")
        return self.filter(Q(street=None) | Q(street__in=_grids(user)) | Q(street__tree_id__in=own))

    def for_list(self) -> Self:
        return self.select_related("street", "by").defer(*heavy("street"))
