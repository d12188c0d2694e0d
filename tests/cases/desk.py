"""What the tests of the cases' pages share: a case brought to a state by the ordinary hands, and a browserless desk."""

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases import actions
from cases.models import Case
from tests.factories import Cast

STEPS = ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed")
MINUTE = dt.timedelta(minutes=1)


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def report(cast: Cast, by: User | None = None, at: dt.datetime | None = None, **values: Any) -> Case:
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    return actions.report_case(
        report=actions.Report(**asked), by=by or cast.street, at=at or timezone.now() - dt.timedelta(hours=2)
    )


def walk(cast: Cast, to: str, **values: Any) -> Case:
    """A case, reported by the street two hours ago unless said otherwise, brought to the state TO."""
    case = report(cast, **values)
    at = case.reported_at
    verbs = {
        "accepted": lambda at: actions.accept_case(case=case.pk, by=cast.lead, at=at),
        "dispatched": lambda at: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at),
        "handling": lambda at: actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at),
        "completed": lambda at: actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at),
        "verified": lambda at: actions.verify_case(case=case.pk, by=cast.lead, at=at),
        "closed": lambda at: actions.close_case(case=case.pk, by=cast.lead, at=at),
    }
    for state in STEPS[1 : STEPS.index(to) + 1]:
        at += MINUTE
        verbs[state](at)
    return Case.objects.get(pk=case.pk)


def page_of(case: Case) -> str:
    return f"/admin/cases/case/{case.pk}/change/"


def verb_of(case: Case, name: str) -> str:
    return f"/admin/cases/case/{case.pk}/do/{name}/"
