"""Governance posts at the desk: who keeps them, and what was found there."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks
from volunteers.choices.people import ORGANISERS
from volunteers.forms import work as forms
from volunteers.models import Claim, Finding, GovernancePost
from volunteers.rules import posts as rules
from volunteers.rules.organising import can_organise

MOST_SHOWN = 30


def _switch(is_open: bool) -> Any:
    return lambda row, **given: actions.switch_post(post=row, is_open=is_open, **given)


def _may_switch(is_open: bool) -> Any:
    return lambda by, row: rules.can_switch_post(by, row, is_open)


def _end(row: GovernancePost, **given: Any) -> Claim:
    return actions.end_claim(**given)


def _may_end(by: User, row: GovernancePost) -> Verdict:
    verdict = can_organise(by, row.grid)
    return verdict if not verdict or row.kept else Verdict.clash(_("Nobody keeps it."))


@admin.register(GovernancePost)
class GovernancePostAdmin(VerbAdmin):
    viewers = adders = ORGANISERS
    form = forms.PostForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("close", _("No more claims"), _switch(False), may=_may_switch(False), icon="lock", done=_("It can't be claimed now.")),
        Verb("open", _("Let it be claimed"), _switch(True), may=_may_switch(True), icon="lock_open", done=_("It can be claimed.")),
        Verb("end", _("End a claim"), _end, forms.EndClaimForm, _may_end, icon="person_remove", danger=True,
             done=_("Ended; the volunteer is told.")),
    )  # fmt: skip
    by_key = True
    list_display = ("name", "where", "place", "filled", "is_open", "problems")
    list_display_links = ("name",)
    list_filter = ("is_open", CommunityFilter)
    search_fields = ("name",)
    empty = _("No governance post yet. Enter one with “Add”.")
    actions = None
    autocomplete_fields = ("grid",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("name", "duty", "where", "place", "filled", "is_open", "keepers", "found")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list().with_keepers().annotate(told=Count("findings", distinct=True))

    def get_fields(self, request: HttpRequest, obj: GovernancePost | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.PostForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: GovernancePost | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: GovernancePost, form: Any, *, change: bool) -> GovernancePost:
        return form.became(actions.make_post(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("grid"))
    def where(self, row: GovernancePost) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("kept / places"))
    def filled(self, row: GovernancePost) -> str:
        return f"{row.kept} / {row.places}"

    @display(description=_("reported problems"))
    def problems(self, row: GovernancePost) -> int:
        return row.told

    @display(description=_("who keeps it"))
    def keepers(self, row: GovernancePost) -> str:
        lines = [
            (
                reverse("admin:volunteers_volunteer_change", args=[one.volunteer_id]),
                one.volunteer.public_name,
                looks.day(one.since),
            )
            for one in Claim.objects.current().filter(post=row).select_related("volunteer").order_by("pk")
        ]
        return format_html_join("", '<div><a class="gg-link" href="{}">{}</a> {}</div>', lines) or "—"

    @display(description=_("reported problems"))
    def found(self, row: GovernancePost) -> str:
        rows = (
            Finding.objects.filter(post=row).select_related("case").defer("case__search").order_by("-id")[:MOST_SHOWN]
        )
        lines = [
            (
                reverse("admin:cases_case_change", args=[one.case_id]),
                one.case.no,
                one.case.title,
                one.case.get_state_display(),
            )
            for one in rows
        ]
        return format_html_join("", '<div><a class="gg-no" href="{}">{}</a> {} · {}</div>', lines) or "—"
