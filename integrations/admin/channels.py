"""The desk's pages of channels: by which ways notices go outside, who is told what by them, and what was sent."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from integrations.actions import channels as actions
from integrations.admin.chips import BAD, DULL, GOOD, chip
from integrations.choices.channels import ASKS, LOOKERS, Ask, ChannelKind, MessageState
from integrations.forms.channels import ChannelVerbForm, HushForm, ListenForm, TrialForm, channel_form
from integrations.models import Channel, Message, Subscription
from integrations.rules import channels as rules

_LOOKS = {MessageState.WAITING: GOOD, MessageState.GIVEN_UP: BAD}


def _keeps(by: User, row: Channel) -> Verdict:
    return rules.can_keep_channels(by)


def _may_switch(active: bool) -> Any:
    return lambda by, row: rules.can_switch_channel(by, row, active)


def _switch(active: bool) -> Any:
    return lambda row, **given: actions.switch_channel(channel=row, active=active, **given)


def _hush(row: Channel, *, subscription: Subscription, **given: Any) -> Subscription:
    return actions.end_subscription(subscription=subscription, **given)


def _may_hush(by: User, row: Channel) -> Verdict:
    return rules.can_hush(by, told=row.subscriptions.standing().visible_to(by).exists())


@admin.register(Channel)
class ChannelAdmin(VerbAdmin):
    """The system hand keeps ways and secrets, the street office says what its groups are told, the auditor reads."""

    viewers = LOOKERS
    adders = frozenset({Role.SYSTEM_ADMIN})
    list_display = ("name", "kind", "state", "grid", "told_of", "sent_at")
    list_display_links = ("name",)
    list_select_related = ("grid",)
    search_fields = ("name",)
    ordering = ("name",)
    empty = _(
        "No notice goes outside yet. A channel takes them to a group's robot, to e-mail or to text messages; "
        "none of them names a resident."
    )
    add_form_template = "integrations/channel_add.html"
    fields = (
        "name", "kind", "state", "grid", "told_of", "for_people", "told_in", "per_minute", "way", "sent_at", "failing_since",
        "failure", "rests_until", "log", "wording", "made_by", "made_at",
    )  # fmt: skip
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("try", _("Send a trial"), lambda row, **given: actions.try_channel(channel=row, **given), TrialForm,
             may=_keeps, icon="send", shows="integrations/trial.html"),
        Verb("on", _("Switch on"), _switch(True), may=_may_switch(True), done=_("It is on."), icon="toggle_on"),
        Verb("listen", _("Tell the group"), lambda row, **given: actions.subscribe_group(channel=row, **given), ListenForm,
             may=rules.can_tell_group, done=_("The group is told from now on."), icon="campaign"),
        Verb("hush", _("Tell it no more"), _hush, HushForm, may=_may_hush, done=_("The group is told this no more."),
             icon="notifications_off"),
        Verb("change", _("Change"), lambda row, **given: actions.change_channel(channel=row, **given), ChannelVerbForm,
             may=_keeps, done=_("It is changed."), icon="edit"),
        Verb("off", _("Switch off"), _switch(False), may=_may_switch(False), done=_("It is off."), icon="toggle_off",
             hint=_("What waits is not sent later."), danger=True),
    )  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = channel_form(_kind(request))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else tuple(channel_form(_kind(request)).base_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = _kind(request)
        kinds = [(kind.value, kind.label, kind == here) for kind in ChannelKind]
        return super().add_view(request, *args, extra_context={"kinds": kinds}, **kwargs)

    def act(self, request: HttpRequest, row: Channel, form: forms.ModelForm, *, change: bool) -> Channel:
        return form.became(actions.add_channel(**form.told(), by=request.user, at=timezone.now()))

    def verb_context(self, request: HttpRequest, verb: Verb, row: Channel) -> dict[str, Any]:
        return {"beside": "integrations/trial_text.html"} if verb.name == "try" else {}

    @display(description=_("state"))
    def state(self, row: Channel) -> str:
        if not row.is_active:
            return chip(DULL, _("off"))
        return chip(BAD, _("doesn't come through")) if row.failing_since else chip(GOOD, _("on"))

    @display(description=_("told of"))
    def told_of(self, row: Channel) -> str:
        rows = row.subscriptions.standing().select_related("grid", "unit")
        lines = format_html_join("", "<li>{}: {}</li>", ((one.place, one.kinds_shown) for one in rows))
        return format_html('<ul class="gg-lines">{}</ul>', lines) if lines else "—"

    @display(description=_("language"))
    def told_in(self, row: Channel) -> str:
        return dict(settings.LANGUAGES).get(row.language, row.language)

    @display(description=_("settings"))
    def way(self, row: Channel) -> Any:
        """What it was given, without its secrets."""
        asks = [ask for ask in ASKS[ChannelKind(row.kind)] if not ask.secret and row.given.get(ask.name)]
        lines = ((ask.label, _shown(ask, row.given[ask.name])) for ask in asks)
        return format_html_join("", "<div>{}: <code>{}</code></div>", lines) or _("sealed")

    @display(description=_("log"))
    def log(self, row: Channel) -> str:
        url = f"{reverse('admin:integrations_message_changelist')}?channel={row.pk}"
        return format_html('<a class="gg-link" href="{}">{}</a>', url, _("What was sent"))

    @display(description=_("wording"))
    def wording(self, row: Channel) -> str:
        url = f"{reverse('admin:accounts_noticetext_changelist')}?language={row.language}"
        return format_html('<a class="gg-link" href="{}">{}</a>', url, _("How its notices read"))


def _kind(request: HttpRequest) -> str:
    given = request.GET.get("kind", "")
    return given if given in ChannelKind.values else ChannelKind.WECOM


def _shown(ask: Ask, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return str(dict(ask.choices or ()).get(value, value))


class _ChannelFilter(ChoiceFilter):
    title = _("channel of notices")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Channel.objects.visible_to(request.user).order_by("name")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(channel=chosen) if (chosen := self.chosen()) else rows


class _StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(MessageState.choices)

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(state=chosen) if (chosen := self.chosen()) else rows


@admin.register(Message)
class MessageAdmin(VerbAdmin):
    """What went out, what is on its way and what was given up, with the reason."""

    viewers = LOOKERS
    by_key = True
    list_display = ("made_at", "channel", "to_whom", "begun", "lines", "light", "tries", "failure")
    list_display_links = ("made_at",)
    list_filter = (_ChannelFilter, _StateFilter)
    ordering = ("-id",)
    empty = _("Nothing was sent yet.")
    fields = (
        "made_at",
        "channel",
        "to_whom",
        "whole",
        "lines",
        "urgent",
        "light",
        "tries",
        "tried_at",
        "done_at",
        "failure",
    )
    readonly_fields = fields
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("again", _("Send its notices again"), lambda row, **given: actions.send_again(message=row, **given),
             may=lambda by, row: rules.can_send_again(by, row, seen=True, lines=row.kept.count()),
             done=_("They wait for the next message."), icon="replay"),
    )  # fmt: skip
    primary = "again"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).for_list()

    @display(description=_("sent to"))
    def to_whom(self, row: Message) -> Any:
        return row.own.masked if row.own else _("the group")

    @display(description=_("text"))
    def begun(self, row: Message) -> str:
        return row.text.partition("\n")[0][:60] or "—"

    @display(description=_("text"))
    def whole(self, row: Message) -> Any:
        """Codes lie nowhere."""
        return format_html('<div class="gg-code gg-message">{}</div>', row.text) if row.text else _("a code")

    @display(description=_("state"))
    def light(self, row: Message) -> str:
        return chip(_LOOKS.get(row.state, DULL), row.get_state_display())  # type: ignore[call-overload]
