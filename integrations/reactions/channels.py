"""What the house knows of channels: their words, and whether they come through."""

import datetime as dt

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices.wording import NoticeTemplate, notice_templates
from gridgov.core.checks import ago
from gridgov.core.doctor import Finding, State, check
from gridgov.core.gauges import Read, gauge
from integrations.choices.channels import FAILING, MessageState
from integrations.choices.outside import TEMPLATES
from integrations.models import Channel, Message


@notice_templates.answers
def told_outside() -> list[NoticeTemplate]:
    """The office words them like all others (accounts.admin.wording); the places are those that may go outside."""
    return list(TEMPLATES.values())


@check("channels", _("Channels of notices"), names=True)
def channels_come_through(at: dt.datetime) -> Finding:
    channels = Channel.objects.filter(is_active=True)
    failing = list(channels.failing(at - FAILING).order_by("failing_since"))
    if not failing:
        return Finding(
            State.OK, _t("%(count)d switched on") % {"count": channels.count()}, page="integrations_channel_changelist"
        )
    first = failing[0]
    assert first.failing_since is not None
    said = _t("Nothing comes through any more: %(names)s (since %(ago)s)")
    words = {"names": ", ".join(one.name for one in failing[:5]), "ago": ago(first.failing_since, at)}
    return Finding(State.BAD, said % words, first.failure, "integrations_channel_changelist")


@gauge("gridgov_messages", "Messages to groups and people outside: waiting, and given up in the last week", ("state",))
def messages(at: dt.datetime) -> Read:
    given_up = Message.objects.filter(state=MessageState.GIVEN_UP, made_at__gte=at - dt.timedelta(days=7))
    yield ("waiting",), float(Message.objects.filter(state=MessageState.WAITING).order_by().count())
    yield ("given_up",), float(given_up.order_by().count())


@gauge("gridgov_channels_failing", "Channels of notices through which nothing comes any more")
def channels_failing(at: dt.datetime) -> Read:
    yield (), float(Channel.objects.filter(is_active=True).failing(at - FAILING).count())
