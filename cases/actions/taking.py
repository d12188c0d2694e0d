"""How every verb takes hold of its case, and the small things all verbs share."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Func, IntegerField

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases.choices import Tier, Urgency
from cases.models import Case
from gridgov.core.records import record
from grids.queries import heavy

SUBJECT = "cases.case"
# When a job looks again at a case that somebody holds (is_free).
AGAIN = dt.timedelta(seconds=1)


class VersionSeen(Func):
    """The version of a case, found by its id, as it was when the statement began.

    Whoever waits for a case gets its row as it is by then, but all that is joined to it as it was before the wait, and so
    this. Every verb raises the version: where the two differ, the case, held by now, is to be read once more.
    """

    template = "(SELECT seen.version FROM cases_case seen WHERE seen.id = %(expressions)s)"
    output_field = IntegerField()


def take(case: Case | int, by: User, verb: str = "", *, limits: bool = False) -> Case:
    """The case as it is now, locked until the transaction ends; raises Case.DoesNotExist where BY sees no such case, and
    Conflict where VERB is no legal move from its state. LIMITS brings the policies along (see clocks.limits_of).

    The case is always the first row an action locks, then its orders, then its deadlines: one order, no deadlock.
    """
    rows = Case.objects.visible_to(by).select_related("category", "grid", "lead_order__unit", "lead_order__grid")
    rows = rows.with_limits() if limits else rows
    rows = rows.defer("search", *heavy("grid", "lead_order__grid")).annotate(version_seen=VersionSeen("pk"))
    try:
        held = rows.locked(case)
    except Case.DoesNotExist:
        # It may have another category or grid since the statement began: what it was joined to does not fit it any more.
        held = rows.locked(case)
    if held.version != held.version_seen:  # type: ignore[attr-defined]
        held = rows.locked(case)
    if verb:
        held.insist_on(verb)
    return held


def is_free(case: int) -> bool:
    """Lock CASE if nobody holds it. What a job does never waits for a case: it holds its own row of the job table, for which
    whoever holds the case may be waiting."""
    rows = Case.objects.filter(pk=case).select_for_update(no_key=True, skip_locked=True, of=("self",))
    return rows.values_list("pk", flat=True).first() is not None


def write_down(verb: str, case: Case, changes: dict[str, list[Any]], *, by: User, at: dt.datetime, **data: Any) -> None:
    """Record VERB with what it changed; bookkeeping columns stay out of the timeline, and the title, for it may tell an address."""
    kept = {name: pair for name, pair in changes.items() if name not in {"version", "title"}}
    record(verb, case, by=by, at=at, data={"changes": kept, **{k: v for k, v in data.items() if v not in ("", None)}})


def notice(
    case: Case, user_id: int, kind: NoticeKind, text: str, at: dt.datetime, key: str = "", **params: Any
) -> Notice:
    """An unsaved line for somebody's inbox about what happened to CASE at AT; the same key is delivered to a person once.
    Tier A and emergencies are told at once, day and night."""
    return Notice(
        user_id=user_id,
        kind=kind,
        key=key or f"case:{case.pk}:{kind}:{case.version}",
        text=text,
        params={"no": case.no, "title": case.title, **params},
        subject_type=SUBJECT,
        subject_id=case.pk,
        at=at,
        urgent=case.tier == Tier.A or case.urgency == Urgency.EMERGENCY,
    )


def notices(
    case: Case, users: Iterable[int], kind: NoticeKind, text: str, at: dt.datetime, **params: Any
) -> list[Notice]:
    return [notice(case, user, kind, text, at, **params) for user in dict.fromkeys(users)]
