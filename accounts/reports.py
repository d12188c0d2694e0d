"""What is known of another system: its keys, how often it came, and what it looked at and did; of a person, the passwords."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db.models import Count, Max, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.timezone import localdate

from accounts.choices.clients import WARN_DAYS
from accounts.choices.signing import REMEMBERED
from accounts.models import ApiClient, ApiKey, ClientCalls, Download, PastPassword, User
from gridgov.core import keeping
from gridgov.core.models import Record

DAYS, SHOWN = 14, 50
SUBJECT = "accounts.apiclient"


@dataclass
class Tally:
    """Calls, and those among them that were refused, by code."""

    calls: int = 0
    last: dt.date | None = None
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        return self.codes.total()

    @property
    def by_code(self) -> list[tuple[str, int]]:
        """The commonest refusals first. (A template that asks a Counter for its `items` gets how often "items" was counted.)"""
        return self.codes.most_common()

    def add(self, row: ClientCalls) -> None:
        self.calls += row.count
        self.last = max(row.day, self.last or row.day)
        if row.status >= 400:
            self.codes[row.code or str(row.status)] += row.count


@dataclass(frozen=True)
class Looked:
    """How often an operation that shows somebody was asked for, for what purpose, about how many cases, and when last. Each such
    answer shows one person's data."""

    operation: str
    purpose: str
    rows: int
    cases: int
    last: dt.datetime


@dataclass(frozen=True)
class ClientPage:
    """Of the last DAYS days, the newest first; operations by how often they were asked for. What was looked at, ever."""

    days: list[tuple[dt.date, Tally]]
    operations: list[tuple[str, Tally]]
    looked: list[Looked]
    looks: list[Record]
    verbs: list[Record]


def page_of(client: ApiClient, at: dt.datetime) -> ClientPage:
    """What the page of CLIENT shows AT a moment."""
    today = localdate(at)
    days: dict[dt.date, Tally] = {today - dt.timedelta(days=back): Tally() for back in range(DAYS)}
    operations: defaultdict[str, Tally] = defaultdict(Tally)
    for row in ClientCalls.objects.filter(client=client, day__in=days):
        days[row.day].add(row)
        operations[row.operation].add(row)
    by_calls = sorted(operations.items(), key=lambda pair: (-pair[1].calls, pair[0]))
    looks = Record.objects.filter(subject_type=SUBJECT, subject_id=client.pk, verb="accounts.client_looked")
    verbs = Record.objects.filter(actor=client.user_id).exclude(verb="accounts.client_looked")
    return ClientPage(
        list(days.items()),
        by_calls[:SHOWN],
        _looked(looks),
        list(looks.order_by("-id")[:SHOWN]),
        list(verbs.order_by("-id")[:SHOWN]),
    )


def _looked(looks: Any) -> list[Looked]:
    """LOOKS counted by operation and purpose, the commonest first."""
    named: dict[str, Any] = {name: KeyTextTransform(name, "data") for name in ("operation", "purpose", "path")}
    rows: Any = looks.order_by().annotate(**named).values("operation", "purpose")
    counted = rows.annotate(rows=Count("pk"), cases=Count("path", distinct=True), last=Max("at"))
    return [Looked(**row) for row in counted.order_by("-rows", "operation", "purpose")]


def ending(at: dt.datetime) -> list[tuple[ApiClient, dt.datetime | None]]:
    """Systems that are switched on and will have no key in WARN_DAYS days, and when they have none (None: already), the
    soonest first. Whoever never had a key is still being set up."""
    last: dict[ApiClient, list[ApiKey]] = defaultdict(list)
    for key in ApiKey.objects.filter(client__is_active=True).select_related("client").order_by("pk"):
        last[key.client].append(key)
    found: list[tuple[ApiClient, dt.datetime | None]] = []
    for client, keys in last.items():
        ends = [key.expiry_date for key in keys if not key.revoked]
        if None in ends:
            continue
        end = max((moment for moment in ends if moment is not None and moment > at), default=None)
        if end is None or end <= at + dt.timedelta(days=WARN_DAYS):
            found.append((client, end))
    return sorted(found, key=lambda pair: (pair[1] or at, pair[0].name))


def accounts_of(person: keeping.Person) -> QuerySet[User]:
    """People's accounts with the phone of PERSON."""
    return User.objects.about_phone(person.phone).people()


def copy_of_account(row: User) -> dict[str, Any]:
    return {
        "user_name": row.username,
        "name": row.full_name,
        "phone": row.phone,
        "role": str(row.get_role_display()),
        "opened": row.created_at,
    }


def downloads_due(at: dt.datetime) -> QuerySet[Download]:
    return Download.objects.filter(expires_at__lte=at)


def names_of_clients(keys: list[int]) -> dict[int, str]:
    """{key: name} of connected systems."""
    return dict(ApiClient.objects.filter(pk__in=keys).values_list("pk", "name"))


def was_theirs(user: User, password: str) -> bool:
    """Whether PASSWORD is USER's, or one of the last ones."""
    last = PastPassword.objects.filter(user=user).order_by("-id").values_list("hash", flat=True)[:REMEMBERED]
    return any(check_password(password, one) for one in {user.password, *last})
