"""Committees at the desk: who sits in them, what the law asks and they lack, when their term ends."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter
from mediation import actions
from mediation.admin import looks
from mediation.admin.figures import show_figures
from mediation.admin.setting_up import EndedFilter, SettingUpAdmin
from mediation.choices.people import KEEPERS, MOST_MEMBERS, Gap
from mediation.forms import people as forms
from mediation.models import Committee
from mediation.rules.committees import gaps_of
from mediation.rules.people import can_keep, can_lead


class GapFilter(ChoiceFilter):
    title = _("warning")
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Gap.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.lacking(chosen, timezone.localdate()) if chosen else rows


def _on(act: Any) -> Any:
    return lambda row, **given: act(committee=row, **given)


def _end_seat(row: Committee, **given: Any) -> Any:
    return actions.end_seat(**given)


def _close_studio(row: Committee, **given: Any) -> Any:
    return actions.close_studio(**given)


def _may_elect(by: User, row: Committee) -> Verdict:
    return can_keep(by, row.grid) and can_lead(by, row)


def _may_end_seat(by: User, row: Committee) -> Verdict:
    verdict = can_lead(by, row)
    return verdict if not verdict or row.seats.current().exists() else Verdict.clash(_("Nobody sits in it."))


def _may_close(by: User, row: Committee) -> Verdict:
    verdict = can_lead(by, row)
    standing = row.studios.filter(ended_on=None).exists()
    return verdict if not verdict or standing else Verdict.clash(_("It has no studio."))


_MORE = _("More")


@admin.register(Committee)
class CommitteeAdmin(SettingUpAdmin):
    form = forms.CommitteeForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("elect", _("Enter an election"), _on(actions.elect), forms.ElectForm, _may_elect, icon="how_to_vote",
             done=_("A new term has begun."), key="s",
             hint=_("Three to nine members with women among them, one director. Whoever is not elected again leaves the files.")),
        Verb("seat", _("Give a seat"), _on(actions.give_seat), forms.SeatForm, can_lead, icon="person_add",
             done=_("Is in the committee from today.")),
        Verb("unseat", _("Take a seat back"), _end_seat, forms.EndSeatForm, _may_end_seat, icon="person_remove",
             done=_("Has left the committee and its files.")),
        Verb("studio", _("Open a studio"), _on(actions.open_studio), forms.StudioForm, can_lead, icon="storefront", menu=_MORE,
             done=_("The studio is open.")),
        Verb("unstudio", _("Close a studio"), _close_studio, forms.CloseStudioForm, _may_close, icon="store", menu=_MORE,
             done=_("The studio is closed.")),
        Verb("change", _("Change"), _on(actions.change_committee), forms.ChangeCommitteeForm, can_lead, icon="edit", menu=_MORE,
             done=_("Changed.")),
        Verb("end", _("End the committee"), _on(actions.end_committee), forms.EndForm, _may_elect, icon="group_off",
             danger=True, menu=_MORE, done=_("The committee has ended.")),
    )  # fmt: skip
    primary = "elect"
    list_display = ("name", "kind", "where", "members", "term", "files_open", "warnings")
    list_display_links = ("name",)
    list_filter = ("kind", GapFilter, EndedFilter, CommunityFilter)
    search_fields = ("name", "short", "grid__code__startswith")
    search_help_text = _("Name or short name of the committee, or code of the grid")
    empty = _("No committee stands here yet. Found one with “Add”.")
    asks = forms.CommitteeForm.Meta.fields
    shown = (
        "name", "kind", "short", "where", "place", "phone", "term", "warnings", "sits", "studios", "files_open", "standing",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.figures)
        return [path("figures/", view, name=self._name("figures")), *super().get_urls()]

    def figures(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return show_figures(request, self)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, KEEPERS)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_seats()

    def act(self, request: HttpRequest, row: Committee, form: Any, *, change: bool) -> Committee:
        return form.became(actions.found_committee(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("members of the committee"))
    def members(self, row: Any) -> str:
        women = _("%(count)d women") % {"count": row.women}
        more = _("%(count)d appointed") % {"count": row.appointed}
        return looks.two(f"{row.seated} / {MOST_MEMBERS}", f"{women} · {more}")

    @display(description=_("term"))
    def term(self, row: Committee) -> str:
        return format_html(
            '<span class="gg-nowrap">{} – {}</span>', looks.day(row.term_from), looks.day(row.term_until)
        )

    @display(description=_("open files"))
    def files_open(self, row: Any) -> int:
        return int(row.open)

    @display(description=_("warnings"))
    def warnings(self, row: Committee) -> str:
        return looks.marks("gg-light-late", (gap.label for gap in gaps_of(row, timezone.localdate())))

    @display(description=_("who sits in it"))
    def sits(self, row: Committee) -> str:
        lines = [
            (
                seat.get_office_display(), reverse("admin:mediation_mediator_change", args=[seat.mediator_id]), seat.mediator.name,
                seat.mediator.get_kind_display(), seat.mediator.get_sex_display(), looks.day(seat.since),
            )
            for seat in sorted(row.seats.current().select_related("mediator"), key=looks.by_office)
        ]  # fmt: skip
        line = '<div>{} <a class="gg-link" href="{}">{}</a> <small>{} · {} · {}</small></div>'
        return format_html_join("", line, lines) or "—"

    @display(description=_("mediation studios"))
    def studios(self, row: Committee) -> str:
        rows = row.studios.filter(ended_on=None).select_related("mediator", "room")
        lines = [
            (one.name, " · ".join(str(part) for part in (one.mediator, one.room, one.about) if part)) for one in rows
        ]
        return format_html_join("", "<div>{} <small>{}</small></div>", lines) or "—"
