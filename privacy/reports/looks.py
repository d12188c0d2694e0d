"""Looks at personal data as the auditor reads them, and as the person concerned does: which office looked, not which colleague."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from accounts.choices import CASE_ROLES, Role
from accounts.choices.clients import Purpose
from accounts.models import Delegation, User
from cases.models import Case
from gridgov.core.calendar import CHINA
from gridgov.core.looking import declared
from gridgov.core.masking import mask_text
from gridgov.core.models import LOOKS, Record
from grids.models import Post
from mediation.models import Mediation
from privacy.choices import MANY_LOOKS, NIGHT_FROM, NIGHT_UNTIL
from privacy.models import Look
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Told:
    """A look with what its subject is called, and why it is marked, each with the number beside it."""

    row: Look
    about: str = ""
    marks: list[str] = field(default_factory=list)


def why(row: Record) -> str:
    """The reason or purpose that was given, without numbers of people."""
    data: dict[str, Any] = row.data
    return mask_text(str(data.get("note") or data.get("reason") or data.get("purpose") or data.get("what") or ""))


def told(rows: Sequence[Look]) -> list[Told]:
    """ROWS (of `for_list`) with names and marks: a query for each type of subject among them, and two for the grounds."""
    names = _names(rows)
    away = _off_ground(rows)
    return [Told(row, names.get((row.verb, row.subject_id), ""), _marks(row, away)) for row in rows]


def _names(rows: Iterable[Record]) -> dict[tuple[str, int], str]:
    keys: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        keys[row.verb].append(row.subject_id)
    found: dict[tuple[str, int], str] = {}
    for verb, wanted in keys.items():
        look = declared().get(verb)
        if look and look.named:
            found |= {(verb, key): name for key, name in look.named(wanted).items()}
    return found


def _marks(row: Look, away: set[int]) -> list[str]:
    """Plain rules, said with their numbers; they say what to ask about, and nothing about a person."""
    marks = []
    within = getattr(row, "within", 1)
    if within >= MANY_LOOKS:
        marks.append(_("%(count)s within the hour") % {"count": within})
    hour = localtime(row.at).hour
    if hour >= NIGHT_FROM or hour < NIGHT_UNTIL:
        marks.append(_("at night, %(time)s") % {"time": f"{localtime(row.at):%H:%M}"})
    if row.pk in away:
        marks.append(_("out of the own ground, %(code)s") % {"code": row.scope})
    return marks


def _off_ground(rows: Sequence[Look]) -> set[int]:
    """Keys of those of ROWS whose grid lay on no post of whoever looked, on that day. Units and systems have no ground; who
    stands in for somebody looks on that one's, so whoever stood in then isn't marked."""
    actors = {row.actor_id for row in rows if row.scope and row.actor.role in CASE_ROLES - {Role.UNIT_STAFF}}
    if not actors:
        return set()
    posts: dict[int, list[tuple[str, dt.date, dt.date | None]]] = defaultdict(list)
    found = Post.objects.filter(user__in=actors).values_list(
        "user_id", "grid__code", "area_prefix", "valid_from", "valid_to"
    )
    for user, code, area, first, last in found:
        if code or area:
            posts[user].append((code or area, first, last))
    stood_in = _stood_in(actors, rows)
    return {
        row.pk for row in rows
        if row.actor_id in actors and row.scope and row.pk not in stood_in
        and not any(row.scope.startswith(code) and first <= localdate(row.at) and (last is None or localdate(row.at) <= last)
                    for code, first, last in posts[row.actor_id])
    }  # fmt: skip


def _stood_in(actors: set[int], rows: Sequence[Look]) -> set[int]:
    spans = Delegation.objects.filter(Q(deputy__in=actors)).values_list("deputy", "valid_from", "valid_to")
    by_deputy = defaultdict(list)
    for deputy, first, last in spans:
        by_deputy[deputy].append((first, last))
    return {
        row.pk for row in rows if any(first <= localdate(row.at) <= last for first, last in by_deputy[row.actor_id])
    }


def subjects_called(term: str) -> list[tuple[str, int]]:
    """The case or the volunteer with the number TERM, as subjects of records."""
    case = Case.objects.filter(no=term).values_list("pk", flat=True).first()
    volunteer = Volunteer.objects.filter(no=term).values_list("pk", flat=True).first()
    file = Mediation.objects.filter(no=term).values_list("pk", flat=True).first() if term else None
    found = (("cases.case", case), ("volunteers.volunteer", volunteer), ("mediation.mediation", file))
    return [(kind, key) for kind, key in found if key is not None]


def calls_by_purpose(today: dt.date) -> list[tuple[str, str, int]]:
    """(connected system, purpose, looks) of the last 30 days, the most first. One query, over the looks of systems alone."""
    since = dt.datetime.combine(today - dt.timedelta(days=30), dt.time(), CHINA)
    rows = Record.objects.filter(Q(verb__in=LOOKS), verb="accounts.client_looked", at__gte=since)
    counts = Counter((actor, data.get("purpose", "")) for actor, data in rows.values_list("actor__full_name", "data"))
    labels = dict(Purpose.choices)
    return [(actor, str(labels.get(purpose, purpose)), count) for (actor, purpose), count in counts.most_common()]


def own_looks(user: User, most: int = 200) -> list[Record]:
    """Looks at data of USER that rooms declare as theirs, the newest first; one query."""
    about = Q(pk=None)
    for verb, look in declared().items():
        if look.own:
            kind, keys = look.own(user)
            about |= Q(verb=verb, subject_type=kind, subject_id__in=keys)
    return list(Record.objects.filter(about, verb__in=LOOKS).select_related("actor").order_by("-id")[:most])


def own_told(user: User) -> list[tuple[dt.datetime, str, str, str]]:
    """(moment, at what, role of who looked, why) of looks at USER's own data."""
    return [(row.at, _(row.verb), str(row.actor.get_role_display()), why(row)) for row in own_looks(user)]
