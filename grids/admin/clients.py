"""Other systems at the desk: entered, placed, given keys and switched by the system hand, read by the auditor."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions as accounts
from accounts.choices import ADMIN_HANDS, Role
from accounts.choices.clients import SCOPES, Purpose
from accounts.models import ApiClient, ApiKey, User
from accounts.reports import page_of
from accounts.rules import clients as rules
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids import actions
from grids.forms.clients import ClientChangeForm, ClientForm, KeyForm, PlaceForm, RevokeForm
from grids.queries import heavy


def _keeps(by: User, row: ApiClient) -> Verdict:
    return rules.can_keep_clients(by)


def _may_issue(by: User, row: ApiClient) -> Verdict:
    now = timezone.now()
    return rules.can_issue_key(by, row, row.keys.live(now).count(), None, now)


def _may_revoke(by: User, row: ApiClient) -> Verdict:
    key = row.keys.filter(revoked=False).first()
    return rules.can_revoke_key(by, key) if key else Verdict.clash(_("It has no key that could be revoked."))


def _may_switch(active: bool) -> Any:
    return lambda by, row: rules.can_switch_client(by, row, active)


def _issue(row: ApiClient, *, name: str, expires_on: dt.date, **by: Any) -> dict[str, Any]:
    """The last day counts."""
    ends = timezone.make_aware(dt.datetime.combine(expires_on + dt.timedelta(days=1), dt.time()))
    key, raw = accounts.issue_key(client=row, name=name, ends=ends, **by)
    return {"key": key, "raw": raw, "last_day": expires_on}


def _revoke(row: ApiClient, *, key: ApiKey, **by: Any) -> ApiKey:
    return accounts.revoke_key(key=key, **by)


def _change(row: ApiClient, **given: Any) -> ApiClient:
    return accounts.change_client(client=row, **given)


def _place(row: ApiClient, **given: Any) -> ApiClient:
    return actions.place_client(client=row, **given)


def _switch(active: bool) -> Any:
    return lambda row, **by: accounts.switch_client(client=row, active=active, **by)


@admin.register(ApiClient)
class ApiClientAdmin(VerbAdmin):
    """The security hand reads too, and may switch one off or revoke a key."""

    viewers = ADMIN_HANDS
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = ClientForm
    list_display = ("name", "acts_on", "reach", "live_keys", "state")
    list_display_links = ("name",)
    search_fields = ("name", "purpose")
    ordering = ("name",)
    empty = _("No other system is connected. Enter one, and make its first key on its page.")
    fields = (
        "name",
        "purpose",
        "state",
        "acts_on",
        "may",
        "for_people",
        "comes_from",
        "per_minute",
        "until",
        "made_by",
        "made_at",
    )
    change_form_template = "grids/client.html"
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("key", _("Make a key"), _issue, KeyForm, may=_may_issue, icon="key", shows="grids/client_key.html",
             hint=_("It is shown once. Two may hold at the same time, so that the system changes over without a gap.")),
        Verb("revoke", _("Revoke a key"), _revoke, RevokeForm, may=_may_revoke, done=_("The key lets nobody in any more."),
             icon="link_off", danger=True),
        Verb("change", _("Change"), _change, ClientChangeForm, may=_keeps, done=_("It is changed."), icon="edit"),
        Verb("place", _("Give another ground"), _place, PlaceForm, may=_keeps, done=_("It is changed."), icon="location_on"),
        Verb("on", _("Switch on"), _switch(True), may=_may_switch(True), done=_("It is on."), icon="toggle_on"),
        Verb("off", _("Switch off"), _switch(False), may=_may_switch(False), done=_("It is off."), icon="toggle_off", danger=True),
    )  # fmt: skip

    class Media:
        js = ("gridgov/copy.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("user", "made_by", "ground__grid", "ground__unit")
        return rows.defer(*heavy("ground__grid")).prefetch_related("keys")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ClientForm.field_order

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: ApiClient, form: forms.ModelForm, *, change: bool) -> ApiClient:
        return actions.open_client(**form.cleaned_data, by=request.user, at=timezone.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row, now = self.get_object(request, object_id), timezone.now()
        context = dict(extra_context or {})
        if row is not None:
            context |= {"client": row, "found": page_of(row, now), "purposes": dict(Purpose.choices)}
            context["keys"] = [(key, *_standing(key, now), self._revoking(request, row, key)) for key in row.keys.all()]
        return super().change_view(request, object_id, form_url, context)

    def _revoking(self, request: HttpRequest, row: ApiClient, key: ApiKey) -> str:
        """Where KEY is revoked; '' where this person can't."""
        may = rules.can_revoke_key(request.user, key)
        return f"{self.url_of('do', row.pk, 'revoke')}?key={key.pk}" if may else ""

    @display(description=_("ground"))
    def acts_on(self, row: ApiClient) -> str:
        ground = getattr(row, "ground", None)
        if ground is None:
            return "—"
        page, pk = ("grids_grid_change", ground.grid_id) if ground.grid_id else ("grids_unit_change", ground.unit_id)
        chip = _t("acts as %(role)s") % {"role": row.user.get_role_display()}
        return format_html(
            '<span class="gg-two"><a class="gg-link" href="{}">{}</a><small>{}</small></span>',
            reverse(f"admin:{page}", args=[pk]), ground, chip,
        )  # fmt: skip

    @display(description=_("may"))
    def reach(self, row: ApiClient) -> str:
        if any(scope.endswith(":personal") for scope in row.scopes):
            return format_html('<span class="gg-chip gg-warn">{}</span>', _("personal data"))
        reads = all(scope.endswith(":read") for scope in row.scopes)
        return format_html('<span class="gg-chip">{}</span>', _("reads only") if reads else _("reads and enters"))

    @display(description=_("may"))
    def may(self, row: ApiClient) -> str:
        lines = ((SCOPES.get(scope, scope), scope) for scope in row.scopes)
        return format_html_join("", "<div>{} <code>{}</code></div>", lines) or "—"

    @display(description=_("personal data for"))
    def for_people(self, row: ApiClient) -> str:
        return format_html_join("", "<div>{}</div>", ((Purpose(one).label,) for one in row.purposes)) or "—"

    @display(description=_("comes from"))
    def comes_from(self, row: ApiClient) -> str:
        return format_html_join(" ", "<code>{}</code>", ((one,) for one in row.networks)) or _t("from everywhere")

    @display(description=_("keys that hold"))
    def live_keys(self, row: ApiClient) -> str:
        now = timezone.now()
        live = [key for key in row.keys.all() if _standing(key, now)[0] == "gg-work"]
        return format_html_join(" ", "<code>{}…</code>", ((key.prefix,) for key in live)) or "—"

    @display(description=_("last day"))
    def until(self, row: ApiClient) -> str:
        return f"{row.expires_on:%Y-%m-%d}" if row.expires_on else "—"

    @display(description=_("state"))
    def state(self, row: ApiClient) -> str:
        over = row.expires_on is not None and row.expires_on < timezone.localdate()
        look, word = (
            ("gg-light-done", _("off"))
            if not row.is_active
            else ("gg-light-done", _("over"))
            if over
            else ("gg-work", _("on"))
        )
        return format_html('<span class="gg-chip {}">{}</span>', look, word)


def _standing(key: ApiKey, at: dt.datetime) -> tuple[str, Any]:
    """The look and the word for how KEY stands."""
    if key.revoked:
        return "gg-light-done", _("revoked")
    if key.expiry_date is not None and key.expiry_date <= at:
        return "gg-light-done", _("ended")
    return "gg-work", _("holds")
