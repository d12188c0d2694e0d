"""Who sees which accounts, stand-ins and notices; and who stands in for whom."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import BaseUserManager
from django.db import connection
from django.db.models import (
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone
from django.utils.translation import get_language

from accounts.choices import ADMIN_HANDS, MOST_STEPS, Role
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import holds_phone
from gridgov.core.sealed import OpenOrder

if TYPE_CHECKING:
    from accounts.models import User

# For a WITH clause: the person, and everybody whose chain of stand-ins ends there on a day; who is away stands in for
# nobody. Spelled in SQL because every request's scope contains it (grids.queries.scope_of).
FOR_WHOM = """
    RECURSIVE whom (id, step) AS (
        SELECT %(user)s::bigint, CASE WHEN EXISTS (
            SELECT FROM accounts_delegation own WHERE own.user_id = %(user)s AND own.ended_at IS NULL
                AND %(day)s BETWEEN own.valid_from AND own.valid_to
        ) THEN %(most)s ELSE 0 END
        UNION ALL
        SELECT d.user_id, step + 1 FROM whom JOIN accounts_delegation d ON d.deputy_id = whom.id
        WHERE step < %(most)s AND d.ended_at IS NULL AND %(day)s BETWEEN d.valid_from AND d.valid_to
    )
"""


def for_whom(user_id: int, on: dt.date) -> dict[str, Any]:
    """What FOR_WHOM is to be asked with."""
    return {"user": user_id, "day": on, "most": MOST_STEPS}


def stands_in_for(user: "User", on: dt.date | None = None) -> list[int]:
    """Those for whom USER stands in on a day (today by default). Kept on the user object like the scope, and read
    with it: in a request that has asked the scope it costs no query."""
    kept: list[int] | None = getattr(user, "_stands_in", None)
    if kept is not None and on is None:
        return kept
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {FOR_WHOM} SELECT id FROM whom", for_whom(user.pk, on or timezone.localdate()))  # noqa: S608 - a constant
        found = [pk for (pk,) in cursor.fetchall() if pk != user.pk]
    if on is None:
        user._stands_in = found  # type: ignore[attr-defined]
    return found


class UserQuerySet(OpenOrder):
    def visible_to(self, user: "User") -> Self:
        """The system and security hands see the accounts of all people; everyone else sees the own one."""
        if user.role in ADMIN_HANDS:
            return self.people()
        return self.filter(pk=user.pk)

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self

    def people(self) -> Self:
        """Neither the house's own accounts nor those of other systems."""
        return self.filter(is_client=False).exclude(role=Role.SYSTEM)

    def able(self) -> Self:
        """Accounts that can sign in: people's, for others never can (constraints of the table)."""
        return self.people().filter(is_active=True)

    def about_phone(self, phone: str) -> Self:
        """Accounts of whoever has PHONE."""
        return self.filter(holds_phone(phone, "phone"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Also finds the accounts in whose name the house acts by itself."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def system(self) -> "User":
        """The `system` account; made on first use, can never sign in."""
        return self._nobodys("system", "系统")

    def door(self) -> "User":
        """The account in whose name residents without one come in; made on first use, can never sign in."""
        return self._nobodys("door", "居民")

    def _nobodys(self, username: str, name: str) -> "User":
        user, _made = self.get_or_create(
            username=username, defaults={"role": Role.SYSTEM, "is_active": False, "password": "!", "full_name": name}
        )
        return user


class DelegationQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The system hand sees all; everyone else those in which they are away, stand in, or which they entered."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        return self.filter(Q(user=user) | Q(deputy=user) | Q(made_by=user))

    def for_list(self) -> Self:
        return self.select_related("user", "deputy", "made_by", "ended_by")

    def for_detail(self) -> Self:
        return self.for_list()

    def standing(self, first: dt.date, last: dt.date | None = None) -> Self:
        """Not ended early, and holding on some day from FIRST to LAST (without end)."""
        found = self.filter(ended_at=None, valid_to__gte=first)
        return found if last is None else found.filter(valid_from__lte=last)


class NoticeQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everybody's inbox is the own one, without what is held back."""
        return self.filter(user=user, held_until=None).worded()

    def worded(self) -> Self:
        """With the office's own words, where it has some, in the reader's language: no query more, whatever is read."""
        texts: Any = apps.get_model("accounts", "NoticeText")._default_manager
        own = texts.filter(text=OuterRef("text"), language=get_language() or "").exclude(wording="")
        return self.annotate(reworded=Subquery(own.values("wording")[:1]))

    def handed_on_from(self, user: "User") -> Self:
        """What went to a stand-in instead of USER."""
        return self.filter(instead_of=user, held_until=None).worded().select_related("user", "instead_of")

    def for_list(self) -> Self:
        """Lines of a digest stand in it and not beside it."""
        return self.filter(digest=None).select_related("instead_of")

    def for_detail(self) -> Self:
        rows: Any = self.model._default_manager
        lines = rows.worded().order_by("pk").select_related("instead_of")
        return self.select_related("instead_of").prefetch_related(Prefetch("lines", lines))

    def unread(self) -> Self:
        """A digest is read or not as a whole."""
        return self.filter(read_at=None, digest=None)


class DownloadQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Only whoever asked sees it."""
        return self.filter(user=user)


class SavedListQuerySet(LockingQuerySet):
    def visible_to(self, user: "User", streets: Collection[str] = ()) -> Self:
        """The own ones, and those shared with the STREETS (codes) that USER's posts lie in, which a higher room knows."""
        return self.filter(Q(user=user) | Q(scope__in=[code for code in streets if code]))


class EntryAppQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The three administrator hands; nobody else has to do with them."""
        return self.all() if user.role in ADMIN_HANDS else self.none()

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self.select_related("made_by")


class ApiClientQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The three administrator hands; nobody else has to do with them."""
        return self.all() if user.role in ADMIN_HANDS else self.none()

    def for_list(self) -> Self:
        return self.select_related("user")

    def for_detail(self) -> Self:
        return self.select_related("user", "made_by")


class ApiKeyQuerySet(LockingQuerySet):
    def live(self, at: dt.datetime) -> Self:
        """Neither revoked nor at their end."""
        return self.filter(Q(expiry_date=None) | Q(expiry_date__gt=at), revoked=False)


class IdentityQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The own ones, and all of them for the security hand and the auditor."""
        return self.all() if user.role in {Role.SECURITY_ADMIN, Role.AUDITOR} else self.filter(user=user)

    def for_list(self) -> Self:
        return self.select_related("user")

    def for_detail(self) -> Self:
        return self.for_list()


class SignInQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The own ones, and all of them for the security hand and the auditor; nobody's are nobody's."""
        known = self.exclude(began_at=None)
        return known if user.role in {Role.SECURITY_ADMIN, Role.AUDITOR} else known.filter(user=user)

    def for_list(self) -> Self:
        return self.select_related("user").defer("data")

    def for_detail(self) -> Self:
        return self.for_list()

    def going_on(self, at: dt.datetime) -> Self:
        """Neither ended nor at their longest, nor without use for too long."""
        unused = ExpressionWrapper(F("used_at") + F("idle") * Value(dt.timedelta(seconds=1)), DateTimeField())
        return self.filter(ended_at=None, expires_at__gt=at).alias(until=unused).filter(until__gt=at)
