"""One verb over many cases: each in a transaction of its own, by the action that one case has, once however often sent."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.actions.merging import merge_case
from cases.actions.orders import dispatch_case
from cases.actions.supervising import urge_case
from cases.actions.taking import SUBJECT, take
from cases.choices import MOST_AT_ONCE, BulkVerb
from cases.models import Bulk, BulkLine, Case
from gridgov.core.errors import Conflict, Invalid, Refusal
from gridgov.core.models import Record
from gridgov.core.records import record

WORDS = 300


def do_in_bulk(
    *, key: UUID, verb: str, rows: Mapping[int, int], given: dict[str, Any], by: User, at: dt.datetime
) -> Bulk:
    """Do VERB to each case of ROWS ({id: the version that was seen}) with what was GIVEN; the run, with its lines.

    A case that has changed since it was seen is left alone and says who changed it. The KEY makes a run one: sent again,
    it is answered as it stands, perhaps still under way. Raises Invalid for too many rows, Conflict for somebody else's key.
    """
    run, is_new = _begin(key, verb, rows, given, by=by, at=at)
    if not is_new:
        return run
    for line in run.lines.all():
        _do_one(run, line, by=by, at=at)
    return _finish(run, by=by, at=at)


@transaction.atomic
def _begin(
    key: UUID, verb: str, rows: Mapping[int, int], given: dict[str, Any], *, by: User, at: dt.datetime
) -> tuple[Bulk, bool]:
    rules.works_with_cases(by).insist()
    if verb not in BulkVerb.values or not 0 < len(rows) <= MOST_AT_ONCE:
        raise Invalid(_("Choose one to %(most)s cases.") % {"most": MOST_AT_ONCE})
    run, is_new = Bulk.objects.get_or_create(key=key, defaults={"verb": verb, "given": given, "by": by, "at": at})
    if run.by_id != by.pk:
        raise Conflict(_("This form was sent already."))
    if is_new:
        seen = Case.objects.visible_to(by).filter(pk__in=rows).order_by("pk").values_list("pk", flat=True)
        BulkLine.objects.bulk_create(BulkLine(bulk=run, case_id=pk, version=rows[pk]) for pk in seen)
        record("cases.bulk_begun", run, by=by, at=at, data={"verb": verb, "cases": list(rows)})
    return run, is_new


def _do_one(run: Bulk, line: BulkLine, *, by: User, at: dt.datetime) -> None:
    """The deed and its mark are one transaction; a refusal leaves only its words."""
    try:
        with transaction.atomic():
            # In the order of ids, as merging itself takes two.
            held = {pk: take(pk, by) for pk in sorted({line.case_id, run.given.get("leading") or line.case_id})}
            case = held[line.case_id]
            if case.version != line.version:
                raise Conflict(_who_changed(case, line.version), code="changed")
            _DEEDS[BulkVerb(run.verb)](case, by=by, at=at, **run.given)
            line.change(done=True)
    except Refusal as refusal:
        line.change(done=False, words=str(refusal)[:WORDS])
    except Case.DoesNotExist:
        line.change(done=False, words=_("This case is out of your scope by now."))


@transaction.atomic
def _finish(run: Bulk, *, by: User, at: dt.datetime) -> Bulk:
    done = run.lines.filter(done=True).count()
    run.change(finished_at=at)
    record("cases.bulk_finished", run, by=by, at=at, data={"done": done, "refused": run.lines.count() - done})
    return run


def _who_changed(case: Case, version: int) -> str:
    """Each verb raises the version and writes a record, so the last one is of whoever came before."""
    last = (
        Record.objects.filter(subject_type=SUBJECT, subject_id=case.pk).select_related("actor").order_by("-seq").first()
    )
    if last is None:
        return _("The case has changed since you looked; it was left alone.")
    words = {"name": last.actor, "verb": _(last.verb)}
    return _("%(name)s was quicker (%(verb)s); the case was left alone. Look again.") % words


def _dispatch(case: Case, *, unit: int | None, own: str, note: str, by: User, at: dt.datetime) -> None:
    place = getattr(case, own) if own else None
    dispatch_case(case=case.pk, unit=unit, grid=place.code if place else "", note=note, by=by, at=at)


def _urge(case: Case, *, note: str, by: User, at: dt.datetime) -> None:
    urge_case(case=case.pk, note=note, by=by, at=at)


def _merge(case: Case, *, leading: int, reason: str, by: User, at: dt.datetime) -> None:
    merge_case(case=case.pk, leading=leading, reason=reason, by=by, at=at)


_DEEDS: dict[BulkVerb, Callable[..., None]] = {
    BulkVerb.DISPATCH: _dispatch, BulkVerb.URGE: _urge, BulkVerb.MERGE: _merge,
}  # fmt: skip
