"""What mediation tells beside a case, and which lines about files it puts into inboxes."""

from typing import Any

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from cases.models import Case
from gridgov.core.questions import Aside, beside_case, case_columns
from mediation.choices import files
from mediation.reports.referring import mediation_columns, told_beside


@case_columns.answers
def columns() -> dict[str, Any]:
    return mediation_columns()


@beside_case.answers
def beside(case: Case) -> list[Aside]:
    return told_beside(case)


@notice_templates.answers
def told_about_files() -> list[NoticeTemplate]:
    return [
        NoticeTemplate(files.NOTICE_OPENED, NoticeKind.APPLICATION),
        NoticeTemplate(files.NOTICE_DECLINED, NoticeKind.RETURNED),
        NoticeTemplate(files.NOTICE_NEAR, NoticeKind.NEAR),
        NoticeTemplate(files.NOTICE_OVER, NoticeKind.BREACH),
        NoticeTemplate(files.NOTICE_ENDED, NoticeKind.PROGRESS),
        NoticeTemplate(files.NOTICE_DANGER, NoticeKind.SYSTEM),
    ]
