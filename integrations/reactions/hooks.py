"""Webhooks hear every record; what the doctor and the inboxes are told of them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Min
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from gridgov.core.checks import ago
from gridgov.core.doctor import Finding, State, check
from gridgov.core.gauges import Read, gauge, one, seconds_since
from gridgov.core.records import Told, each
from integrations.actions.hooks import queue_deliveries
from integrations.choices.hooks import NOTICE_DEAD, NOTICE_OFF, NOTICE_RESTS, DeliveryState
from integrations.models import Delivery

# A delivery that may go out is on its way within seconds; the couriers are too few, or away, where one waits longer.
LATE, VERY_LATE = dt.timedelta(minutes=5), dt.timedelta(hours=1)


@each
def tell_webhooks(told: Sequence[Told]) -> None:
    """What is public goes into the queues of those who asked for it."""
    queue_deliveries(told=told)


@notice_templates.answers
def told_about_hooks() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in (NOTICE_DEAD, NOTICE_RESTS, NOTICE_OFF)]


@check("deliveries", _("Webhooks"))
def _deliveries(at: dt.datetime) -> Finding:
    """The oldest that could go out and doesn't: what waits for its receiver is none of the courier's."""
    page = "integrations_webhook_changelist"
    oldest = Delivery.objects.ready(at).order_by("next_at").values_list("next_at", flat=True).first()
    if oldest is None or at - oldest <= LATE:
        return Finding(State.OK, _t("Whatever may go out is on its way"), page=page)
    said = _t("The oldest that may go out has been waiting since %(ago)s") % {"ago": ago(oldest, at)}
    advice = _t("See whether the courier process runs, and whether one is enough.")
    return Finding(State.BAD if at - oldest > VERY_LATE else State.WARN, said, advice, page)


@gauge("gridgov_deliveries_lag_seconds", "How long the oldest webhook delivery that may go out has been waiting")
def deliveries_lag(at: dt.datetime) -> Read:
    return one(seconds_since(Delivery.objects.ready(at).aggregate(first=Min("next_at"))["first"], at))


@gauge("gridgov_deliveries", "Webhook deliveries that wait, and dead letters of the last week", ("state",))
def deliveries(at: dt.datetime) -> Read:
    dead = Delivery.objects.filter(state=DeliveryState.DEAD, settled_at__gte=at - dt.timedelta(days=7))
    yield ("waiting",), float(Delivery.objects.waiting().order_by().count())
    yield ("dead",), float(dead.order_by().count())
