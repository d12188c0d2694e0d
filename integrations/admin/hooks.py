"""The desk's pages of webhooks: who is told what, what is on its way, and the dead letters."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Conflict, Verdict
from integrations.actions import hooks as actions
from integrations.admin.chips import BAD, DULL, GOOD, chip
from integrations.choices.hooks import EVENTS, DeliveryState
from integrations.forms.hooks import EndForm, KeyForm, WebhookForm, WebhookVerbForm
from integrations.models.hooks import Delivery, Webhook
from integrations.queries.hooks import LOOK
from integrations.rules import hooks as rules

_LOOKS = {DeliveryState.WAITING: GOOD, DeliveryState.DEAD: BAD}


def _check(row: Webhook, **given: Any) -> Webhook:
    found = actions.check_hook(hook=row, **given)
    if found.check_fault:
        raise Conflict(found.check_fault, code="check_failed")
    return found


def _may_switch(on: bool) -> Any:
    return lambda by, row: rules.can_switch_hook(by, row, on)


def _may_replay(by: User, row: Webhook) -> Verdict:
    verdict = rules.can_change_hook(by, row)
    if verdict and not row.deliveries.filter(state=DeliveryState.DEAD).exists():
        return Verdict.clash(_("There are no dead letters."))
    return verdict


def _switch(on: bool) -> Any:
    return lambda row, **given: actions.switch_hook(hook=row, on=on, **given)


@admin.register(Webhook)
class WebhookAdmin(VerbAdmin):
    """The system hand enters, checks and switches them; the auditor reads."""

    viewers = LOOK
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = WebhookForm
    list_display = ("name", "state", "to", "owner_name", "on_their_way", "dead_letters", "good_at")
    list_display_links = ("name",)
    search_fields = ("name", "host")
    ordering = ("name", "id")
    empty = _(
        "Nobody is told of anything yet. Enter a webhook, make its key, let its address be checked and switch it on."
    )
    fields = (
        "name", "state", "url", "told_of", "owner_name", "limit", "key", "checked_at", "starts_at", "on_their_way", "dead_letters",
        "good_at", "resume_at", "made_by", "made_at",
    )  # fmt: skip
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("key", _("Make a new key"), lambda row, *, sure, **given: actions.rotate_key(hook=row, **given), KeyForm,
             may=lambda by, row: rules.can_rotate(by, row, timezone.now()), icon="key", shows="integrations/hook_secret.html"),
        Verb("check", _("Check the address"), _check, may=rules.can_change_hook, icon="network_check",
             done=_("The receiver has answered the challenge rightly.")),
        Verb("on", _("Switch on"), _switch(True), may=_may_switch(True), done=_("It is on."), icon="toggle_on"),
        Verb("replay", _("Send all dead letters again"), lambda row, **given: actions.replay_all(hook=row, **given),
             may=_may_replay, done=_("They are on their way again."), icon="replay"),
        Verb("change", _("Change"), lambda row, **given: actions.change_hook(hook=row, **given), WebhookVerbForm,
             may=rules.can_change_hook, done=_("It is changed."), icon="edit"),
        Verb("old_key", _("End the old key"), lambda row, **given: actions.end_old_key(hook=row, **given),
             may=lambda by, row: rules.can_end_old_key(by, row, timezone.now()), done=_("Only the new key signs."), icon="block"),
        Verb("off", _("Switch off"), _switch(False), may=_may_switch(False), done=_("It is off."), icon="toggle_off", danger=True),
        Verb("end", _("End it"), lambda row, *, sure, **given: actions.end_hook(hook=row, **given), EndForm,
             may=rules.can_change_hook, done=_("It has ended."), icon="delete", danger=True),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else WebhookForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).for_list().with_waiting()

    def act(self, request: HttpRequest, row: Webhook, form: forms.ModelForm, *, change: bool) -> Webhook:
        return form.became(actions.add_hook(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("state"))
    def state(self, row: Webhook) -> str:
        if row.ended_at:
            return chip(DULL, _("ended"))
        if row.is_on:
            return chip(BAD, _("not reached")) if row.failures else chip(GOOD, _("on"))
        if row.off_because:
            return chip(BAD, format_html("{}: {}", _("off"), _t(row.off_because)))
        if row.check_fault:
            return chip(BAD, format_html("{}: {}", _("check failed"), row.check_fault))
        return chip(DULL, _("off") if row.checked_at else _("not checked yet"))

    @display(description=_("on behalf of"))
    def owner_name(self, row: Webhook) -> str:
        return str(row.owner)

    @display(description=_("events"))
    def told_of(self, row: Webhook) -> str:
        return " · ".join(str(EVENTS[name].label) for name in row.events if name in EVENTS)

    @display(description=_("target address"), ordering="host")
    def to(self, row: Webhook) -> str:
        return row.host

    @display(description=_("only"))
    def limit(self, row: Webhook) -> str:
        return " · ".join(str(one) for one in (row.grid, row.unit) if one) or "—"

    @display(description=_("number of the key"))
    def key(self, row: Webhook) -> str:
        if row.old_until and row.old_until > timezone.now():
            until = f"{timezone.localtime(row.old_until):%Y-%m-%d %H:%M}"
            return _t("%(kid)s; the one before holds until %(until)s") % {"kid": row.kid, "until": until}
        return str(row.kid)

    @display(description=_("on their way"))
    def on_their_way(self, row: Webhook) -> str:
        return self._listed(row, DeliveryState.WAITING, row.waiting)  # type: ignore[attr-defined]

    @display(description=_("dead letters"))
    def dead_letters(self, row: Webhook) -> str:
        return self._listed(row, DeliveryState.DEAD, row.dead)  # type: ignore[attr-defined]

    @staticmethod
    def _listed(row: Webhook, state: str, count: int) -> str:
        url = f"{reverse('admin:integrations_delivery_changelist')}?webhook={row.pk}&state={state}"
        bad = count and state == DeliveryState.DEAD
        return format_html('<a class="{}" href="{}">{}</a>', f"gg-chip {BAD}" if bad else "gg-link", url, count)


class _WebhookFilter(ChoiceFilter):
    title = _("webhook")
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Webhook.objects.visible_to(request.user).order_by("name", "pk")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(webhook=chosen) if (chosen := self.chosen()) else rows


class _StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DeliveryState.choices)

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(state=chosen) if (chosen := self.chosen()) else rows


@admin.register(Delivery)
class DeliveryAdmin(VerbAdmin):
    """What went out, what waits, and what was given up, with the log of every try."""

    viewers = LOOK
    by_key = True
    list_display = ("event_name", "number", "webhook", "light", "tries", "at", "next_at", "settled_at")
    list_display_links = ("event_name",)
    list_filter = (_WebhookFilter, _StateFilter)
    ordering = ("-id",)
    empty = _("Nothing has been told yet.")
    fields = (
        "event_name",
        "event_id",
        "number",
        "webhook",
        "light",
        "content",
        "at",
        "next_at",
        "settled_at",
        "replays",
        "tried",
    )
    readonly_fields = fields
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("replay", _("Send it again"), lambda row, **given: actions.replay_delivery(delivery=row, **given),
             may=rules.can_replay, done=_("It is on its way again."), icon="replay"),
    )  # fmt: skip
    primary = "replay"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("webhook__owner")

    @display(description=_("event"))
    def event_name(self, row: Delivery) -> str:
        return row.event_name

    @display(description=_("event's id"))
    def event_id(self, row: Delivery) -> str:
        return format_html("<code>{}</code>", row.event_id)

    @display(description=_("state"))
    def light(self, row: Delivery) -> str:
        return chip(_LOOKS.get(row.state, DULL), row.get_state_display())  # type: ignore[call-overload]

    @display(description=_("content"))
    def content(self, row: Delivery) -> str:
        return format_html('<code class="gg-code">{}</code>', row.body)

    @display(description=_("tries"))
    def tried(self, row: Delivery) -> str:
        """The log, the newest first."""
        lines = format_html_join(
            "", "<tr><td>{}</td><td>{}</td><td>{} ms</td><td>{}</td></tr>",
            ((f"{timezone.localtime(one.at):%m-%d %H:%M:%S}", one.status or "—", one.millis, one.fault or one.answer)
             for one in row.log.all()[:50]),
        )  # fmt: skip
        return format_html('<table class="gg-table">{}</table>', lines) if lines else "—"
