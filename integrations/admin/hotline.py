"""The desk's pages of the exchange: partners and their codes, what came in and waits for somebody, what could not be told."""

import csv
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.questions import case_verbs
from gridgov.core.sheet import harmless
from integrations.actions import hotline as actions
from integrations.actions.hotline import shipped_profiles
from integrations.admin.chips import BAD, DULL, GOOD, chip
from integrations.choices.hotline import EXCHANGE, InboundState, OutboundState
from integrations.forms.case_verbs import CASE_VERBS
from integrations.forms.hotline import (
    CodeForm,
    CodesForm,
    PartnerForm,
    PartnerVerbForm,
    PassUpForm,
    ProfileForm,
    ReasonForm,
    SecretForm,
)
from integrations.models.hotline import Inbound, Outbound, Partner, PartnerCode, PartnerOrder
from integrations.rules import hotline as rules

_LOOKS: dict[str, str] = {
    InboundState.WAITING: GOOD, InboundState.REVIEW: BAD, InboundState.HELD: GOOD, OutboundState.DEAD: BAD, OutboundState.SENT: DULL,
}  # fmt: skip


def _keeps(by: User, row: Any) -> Verdict:
    return rules.can_keep_partners(by)


def _maps(by: User, row: Any) -> Verdict:
    return rules.can_map(by)


def _reviews(by: User, row: Any) -> Verdict:
    return rules.can_review(by)


def _may_see_caller(by: User, row: PartnerOrder) -> Verdict:
    return rules.can_see_content(by, "…" * 2, confidential=row.confidential)


def _may_switch(active: bool) -> Any:
    return lambda by, row: rules.can_switch(by, row, active)


def _switch(active: bool) -> Any:
    return lambda row, **given: actions.switch_partner(partner=row, active=active, **given)


def _and(may: Any, more: Any) -> Any:
    """MAY, and then what MORE says of the row."""

    def both(by: User, row: Any) -> Verdict:
        verdict = may(by, row)
        return verdict and more(row)

    return both


@case_verbs.answers
def offered() -> tuple[Verb, ...]:
    return CASE_VERBS


@admin.register(Partner)
class PartnerAdmin(VerbAdmin):
    """The system hand enters partners and their secrets; the street office sees its own, the auditor all."""

    viewers = EXCHANGE
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = PartnerForm
    list_display = ("name", "code", "ground_name", "state", "address")
    list_display_links = ("name",)
    empty = _("No platform exchanges orders with this house yet.")
    fields = (
        "name",
        "code",
        "kind",
        "ground_name",
        "account_name",
        "state",
        "door",
        "address",
        "comes_from",
        "codes_page",
        "made_at",
    )
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("secret", _("Set the secret"), lambda row, **given: actions.set_partner_secret(partner=row, **given), SecretForm,
             may=_keeps, icon="key", shows="integrations/partner_secret.html"),
        Verb("change", _("Change"), lambda row, **given: actions.change_partner(partner=row, **given), PartnerVerbForm, may=_keeps,
             done=_("It is changed."), icon="edit"),
        Verb("profile", _("Change the profile"), lambda row, **given: actions.change_partner(partner=row, **given), ProfileForm,
             may=_keeps, done=_("It is changed."), icon="edit_note"),
        Verb("codes", _("Bring in codes"), lambda row, *, file, **given: actions.import_codes(partner=row, rows=file, **given),
             CodesForm, may=_maps, done=_("The codes are in."), icon="upload"),
        Verb("on", _("Switch on"), _switch(True), may=_may_switch(True), done=_("It is on."), icon="toggle_on"),
        Verb("off", _("Switch off"), _switch(False), may=_may_switch(False), done=_("It is off."), icon="toggle_off", danger=True),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else PartnerForm.field_order

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("ground", "account")

    def act(self, request: HttpRequest, row: Partner, form: forms.ModelForm, *, change: bool) -> Partner:
        given = dict(form.cleaned_data)
        profile = shipped_profiles()[given.pop("kind")]
        return form.became(actions.add_partner(profile=profile, **given, by=request.user, at=timezone.now()))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.codes_sheet)
        return [path("<int:pk>/codes.csv", view, name="integrations_partner_sheet"), *super().get_urls()]

    def codes_sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The partner's codes as a table that `Bring in codes` reads."""
        self.insist_on_viewer(request)
        partner = self.row_for_verb(request, pk)
        answer = HttpResponse(
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{partner.code}.csv"'},
        )
        answer.write("\ufeff")
        sheet = csv.writer(answer)
        sheet.writerow(["list", "theirs", "ours"])
        rows = partner.codes.order_by("table", "theirs").values_list("table", "theirs", "ours")
        sheet.writerows([harmless(cell) for cell in row] for row in rows)
        return answer

    def insist_on_viewer(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @display(description=_("street"))
    def ground_name(self, row: Partner) -> str:
        return row.ground.name

    @display(description=_("account"))
    def account_name(self, row: Partner) -> str:
        return str(row.account)

    @display(description=_("profile"))
    def kind(self, row: Partner) -> str:
        return row.profile.get("title", "—")

    @display(description=_("state"))
    def state(self, row: Partner) -> str:
        if not row.secret:
            return chip(DULL, _("no secret yet"))
        return chip(GOOD, _("on")) if row.is_active else chip(DULL, _("off"))

    @display(description=_("its messages come to"))
    def door(self, row: Partner) -> str:
        return format_html("<code>/exchange/{}/{}</code>", row.code, "|".join(row.profile["in"]))

    @display(description=_("comes from"))
    def comes_from(self, row: Partner) -> str:
        return ", ".join(row.sources) or "—"

    @display(description=_("codes"))
    def codes_page(self, row: Partner) -> str:
        url = f"{reverse('admin:integrations_partnercode_changelist')}?partner={row.pk}"
        sheet = reverse("admin:integrations_partner_sheet", args=[row.pk])
        return format_html(
            '<a class="gg-link" href="{}">{}</a> · <a class="gg-link" href="{}">CSV</a>', url, row.codes.count(), sheet
        )


class _PartnerFilter(admin.SimpleListFilter):
    title = _("exchange partner")
    parameter_name = "partner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Partner.objects.visible_to(request.user).order_by("name")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        given = self.value()
        return (
            rows.filter(partner=int(given)) if given in {str(value) for value, _label in self.lookup_choices} else rows
        )


@admin.register(PartnerCode)
class PartnerCodeAdmin(VerbAdmin):
    """What partners' codes are here; those that nobody has said, and for which messages wait, come first."""

    viewers = EXCHANGE
    list_display = ("theirs", "table", "ours_name", "waits", "partner")
    list_filter = (_PartnerFilter, "table")
    search_fields = ("theirs", "ours")
    ordering = ("ours", "partner", "table", "theirs")
    empty = _("No codes. They come with a profile, as a table, or with the first message that names one.")
    fields = readonly_fields = ("partner", "table", "theirs", "ours", "waits")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("map", _("Say what it is here"), lambda row, **given: actions.map_code(code=row, **given), CodeForm, may=_maps,
             done=_("It is said; the messages that waited for it are taken now."), icon="translate"),
    )  # fmt: skip
    primary = "map"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_waiting()

    @display(description=_("our code"))
    def ours_name(self, row: PartnerCode) -> str:
        return row.ours or chip(BAD, _("nobody has said"))

    @display(description=_("messages waiting"))
    def waits(self, row: PartnerCode) -> str:
        return str(row.waiting or "—")


@admin.register(PartnerOrder)
class PartnerOrderAdmin(VerbAdmin):
    """Orders under their numbers, with their cases; and the way up to the hotline."""

    viewers = EXCHANGE
    adders = frozenset({Role.STREET})
    form = PassUpForm
    list_display = ("number", "case_link", "partner", "way", "deadline", "made_at")
    list_filter = (_PartnerFilter, "ours")
    search_fields = ("number",)
    list_select_related = ("partner", "case")
    ordering = ("-id",)
    empty = _("No order has come yet.")
    fields = (
        "number", "partner", "way", "case_link", "request", "deadline", "sign_deadline", "unit", "duplicate_of", "secret_caller",
        "status", "recalled_at", "made_at",
    )  # fmt: skip
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("caller", _("Show who called"), lambda row, **given: actions.reveal_caller(order=row, **given), ReasonForm,
             may=_may_see_caller, icon="visibility", shows="integrations/caller.html"),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else PassUpForm.field_order

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            return made

        class ForUser(made):  # type: ignore[valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.for_user(request.user)

        return ForUser

    def act(self, request: HttpRequest, row: PartnerOrder, form: forms.ModelForm, *, change: bool) -> PartnerOrder:
        return form.became(actions.pass_up(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("case"))
    def case_link(self, row: PartnerOrder) -> str:
        if row.case is None:
            return "—"
        return format_html(
            '<a class="gg-link" href="{}">{}</a>', reverse("admin:cases_case_change", args=[row.case_id]), row.case
        )

    @display(description=_("way"))
    def way(self, row: PartnerOrder) -> Any:
        return _("passed on by us") if row.ours else _("given to us")

    @display(description=_("caller"))
    def secret_caller(self, row: PartnerOrder) -> Any:
        return _("confidential") if row.confidential else _("not confidential")


class _MessageAdmin(VerbAdmin):
    viewers = EXCHANGE
    list_per_page = 50
    ordering = ("-id",)


@admin.register(Inbound)
class InboundAdmin(_MessageAdmin):
    """What came in; what waits for somebody says why."""

    list_display = ("received_at", "state_now", "reason", "order", "asked", "partner")
    list_filter = ("state", _PartnerFilter, "asked")
    list_select_related = ("partner", "order__partner", "code")
    empty = _("No message, or none in this state.")
    fields = readonly_fields = (
        "partner",
        "order",
        "asked",
        "state_now",
        "reason",
        "code_link",
        "received_at",
        "done_at",
    )
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("replay", _("Take it once more"), lambda row, **given: actions.replay_message(message=row, **given),
             may=_and(_reviews, rules.can_replay), done=_("It is taken once more in a moment."), icon="replay"),
        Verb("look", _("Show the message"), lambda row, **given: actions.read_message(message=row, **given), ReasonForm, may=_reviews,
             icon="visibility", shows="integrations/message.html"),
        Verb("drop", _("Put aside"), lambda row, **given: actions.drop_message(message=row, **given), ReasonForm,
             may=_and(_reviews, lambda row: rules.can_drop(row, "…")), done=_("It is put aside."), icon="archive", danger=True),
    )  # fmt: skip
    primary = "replay"

    @display(description=_("state"))
    def state_now(self, row: Inbound) -> str:
        return chip(_LOOKS.get(row.state, DULL), row.get_state_display())

    @display(description=_("code"))
    def code_link(self, row: Inbound) -> str:
        if row.code is None:
            return "—"
        return format_html(
            '<a class="gg-link" href="{}">{}</a>',
            reverse("admin:integrations_partnercode_change", args=[row.code_id]),
            row.code,
        )


@admin.register(Outbound)
class OutboundAdmin(_MessageAdmin):
    """What partners were told, and what they answered."""

    list_display = ("at", "told", "order", "state_now", "tries", "next_at", "answer")
    list_filter = ("state", "told")
    list_select_related = ("order__partner",)
    empty = _("Nothing was told yet.")
    fields = readonly_fields = ("order", "told", "state_now", "tries", "next_at", "sent_at", "answer", "at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("resend", _("Send it now"), lambda row, **given: actions.resend_message(message=row, **given),
             may=_and(_reviews, rules.can_resend), done=_("It is sent in a moment."), icon="send"),
        Verb("over", _("Leave it out"), lambda row, **given: actions.pass_over_message(message=row, **given), ReasonForm,
             may=_and(_reviews, lambda row: rules.can_pass_over(row, "…")), done=_("It is left out."), icon="block", danger=True),
    )  # fmt: skip
    primary = "resend"

    @display(description=_("state"))
    def state_now(self, row: Outbound) -> str:
        return chip(_LOOKS.get(row.state, GOOD), row.get_state_display())
