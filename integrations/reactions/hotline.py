"""What the room tells beside a case, and which lines it puts into inboxes."""

from typing import Any

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from cases.models import Case
from gridgov.core.questions import Aside, beside_case, case_columns
from integrations.choices.hotline import NOTICE_ANSWERED, NOTICE_ORDER_CHANGED, NOTICE_RECALLED
from integrations.reports.hotline import order_columns, told_beside


@case_columns.answers
def columns() -> dict[str, Any]:
    return order_columns()


@beside_case.answers
def beside(case: Case) -> list[Aside]:
    return told_beside(case)


@notice_templates.answers
def told_about_orders() -> list[NoticeTemplate]:
    return [
        NoticeTemplate(text, NoticeKind.PROGRESS) for text in (NOTICE_ORDER_CHANGED, NOTICE_RECALLED, NOTICE_ANSWERED)
    ]
