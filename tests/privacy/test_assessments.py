"""Impact assessments: what needs one is shown missing, a new one ends the one before, reviews are told, the register is printed."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Notice
from gridgov.core import jobs
from gridgov.core.models import Record
from privacy.models import Assessment
from privacy.reports.assessed import register
from tests.cases.desk import desk
from tests.factories import make_cast, make_user

pytestmark = pytest.mark.django_db


def test_assessed_replaced_reviewed_and_printed() -> None:
    cast, security = make_cast(), make_user(Role.SECURITY_ADMIN)
    client, url, today = desk(security), "/admin/privacy/assessment/", timezone.localdate()
    missing = [line.name for line in register() if line.missing]
    assert {
        "fieldwork.trail",
        "mediation.party",
        "volunteers.volunteer",
        "accounts.download",
        "export.api",
        "export.partners",
    } <= set(missing)
    given = {
        "kind": "fieldwork.trail", "purpose": "只为本人举证，必要", "effect": "轨迹敏感，误用有害",
        "measures": "只在巡查时取，90天删除",
        "risk": "middle", "review_on": today + dt.timedelta(days=30),
    }  # fmt: skip
    assert desk(cast.street).post(f"{url}add/", given).status_code == 403
    late = client.post(f"{url}add/", {**given, "review_on": today + dt.timedelta(days=400)})
    assert late.status_code == 200 and not Assessment.objects.exists()
    assert client.post(f"{url}add/", given).status_code == 302
    assert client.post(f"{url}add/", {**given, "risk": "low"}).status_code == 302
    before, now = Assessment.objects.order_by("pk")
    assert (before.risk, now.risk) == ("middle", "low") and before.ended_at and not now.ended_at
    jobs.run_due(at=timezone.now() + dt.timedelta(days=31))
    assert Notice.objects.filter(user=security, key__startswith="privacy:review:").count() == 1
    assert Record.objects.filter(verb="privacy.review_due").count() == 1
    page = desk(cast.street).get(url).content.decode()
    assert "缺少" in page and "巡查走过的路" in page
    assert desk(cast.street).get(f"{url}print/").content.startswith(b"%PDF")
    assert desk(cast.worker).get(f"{url}print/").status_code == 403
