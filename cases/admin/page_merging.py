"""What the page of a case shows of merging, replies and calls back."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from cases import rules
from cases.admin import looks
from cases.models import Case
from cases.reports import Merged, calls, merged_into, needs_rework

CASE, DO = "admin:cases_case_change", "admin:cases_case_do"


def _row(one: Merged, opens: bool) -> dict[str, Any]:
    """A merged case; whoever does not see it reads its number only."""
    return {
        "no": one.no,
        "reported_at": one.reported_at,
        "url": reverse(CASE, args=[one.pk]) if opens else "",
        "take_out": reverse(DO, args=[one.pk, "unmerge"]),
    }


def merging_parts(case: Case, by: User) -> dict[str, Any]:
    """The context of cases/parts/{leading,merged,reply,calls}.html."""
    leading, merged = case.leading, merged_into(case)
    others = [one.pk for one in merged] + ([leading.pk] if leading else [])
    seen = set(Case.objects.visible_to(by).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {
        "leading": leading,
        "leading_url": reverse(CASE, args=[leading.pk]) if leading and leading.pk in seen else "",
        "leading_state": looks.state_chip(leading) if leading else "",
        "read": leading or case,
        "merged": [_row(one, one.pk in seen) for one in merged],
        "may_take_out": bool(rules.can_unmerge(by, case)),
        "calls": calls(case)[::-1],
        "suggests_rework": needs_rework(case),
    }
