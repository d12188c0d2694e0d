"""What resources do for the public each month: begun and ended."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from resources import rules
from resources.models import Resource, Service


@transaction.atomic
def add_service(
    *, resource: Resource | int, what: str, weekday: int | None = None, week: int | None = None,
    month_day: int | None = None, time: str = "", by: User, at: dt.datetime,
) -> Service:  # fmt: skip
    """From today on RESOURCE does WHAT: on a WEEKDAY each week, or on the WEEKth of a month (5: the last), or each month on the
    MONTH_DAYth; TIME in words. Raises Forbidden, Invalid, Conflict where the resource has ended."""
    row: Resource = Resource.objects.for_list().locked(resource)
    rules.can_change(by, row).insist()
    rules.check_words(what=what, time=time).insist()
    rules.check_days(weekday, week, month_day).insist()
    given = {"what": what.strip(), "weekday": weekday, "week": week, "month_day": month_day, "time": time.strip()}
    service = Service.objects.create(resource=row, since=localdate(at), **given)
    record("resources.service_added", service, by=by, at=at, data=given)
    return service


@transaction.atomic
def end_service(*, service: Service | int, by: User, at: dt.datetime) -> Service:
    """Today is its last day. Raises Forbidden, Conflict."""
    row: Service = Service.objects.for_list().locked(service)
    rules.can_end_service(by, row).insist()
    row.change(ended_on=localdate(at))
    record("resources.service_ended", row, by=by, at=at)
    return row
