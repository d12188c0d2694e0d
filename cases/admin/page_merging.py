"""What the page of a case shows of merging, replies and calls back."""

from typing import Any

from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from cases import rules
from cases.admin import looks
from cases.models import Case
from cases.reports import Merged, calls, merged_into, needs_rework

CASE, DO = "admin:cases_case_change", "admin:cases_case_do"


def _row(one: Merged, by: User) -> dict[str, Any]:
    """A merged case as BY sees it: a unit reads its number only."""
    opens = reverse(CASE, args=[one.pk]) if by.role != Role.UNIT_STAFF else ""
    return {
        "no": one.no,
        "reported_at": one.reported_at,
        "url": opens,
        "take_out": reverse(DO, args=[one.pk, "unmerge"]),
    }


def _sees(by: User, case: Case) -> bool:
    return Case.objects.visible_to(by).filter(pk=case.pk).exists()


def merging_parts(case: Case, by: User) -> dict[str, Any]:
    """The context of cases/parts/{leading,merged,reply,calls}.html."""
    leading = case.leading
    return {
        "leading": leading,
        "leading_url": reverse(CASE, args=[leading.pk]) if leading and _sees(by, leading) else "",
        "leading_state": looks.state_chip(leading) if leading else "",
        "read": leading or case,
        "merged": [_row(one, by) for one in merged_into(case)],
        "may_take_out": bool(rules.can_unmerge(by, case)),
        "calls": calls(case)[::-1],
        "suggests_rework": needs_rework(case),
    }
