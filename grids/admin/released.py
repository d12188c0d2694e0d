"""Groups of neighbours and announcements at the desk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import FIELD_ROLES, LEADS, Role
from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from grids import actions
from grids.forms.released import AnnouncementForm, GroupLinkForm, RenewForm
from grids.models import GridNotice, GroupLink
from grids.queries import scope_of
from grids.rules.serving import can_keep_group, can_withdraw_notice


def _may_withdraw(by: User, notice: GridNotice) -> Verdict:
    return can_withdraw_notice(by, scope_of(by), notice, timezone.localdate())


def _withdraw(row: GridNotice, **given: Any) -> GridNotice:
    return actions.withdraw_announcement(notice=row, **given)


def _may_keep(by: User, group: GroupLink) -> Verdict:
    return can_keep_group(by, scope_of(by), group)


def _renew(row: GroupLink, **given: Any) -> GroupLink:
    return actions.renew_group(group=row, **given)


def _end(row: GroupLink, **given: Any) -> GroupLink:
    return actions.end_group(group=row, **given)


class _OfGridAdmin(VerbAdmin):
    """Rows of a grid, which whoever sees the grid sees; made by a form, changed by verbs."""

    autocomplete_fields = ("grid",)
    actions = None
    # What the form of a new row asks for.
    asked: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("grid"), ordering="grid__code")
    def grid_name(self, row: Any) -> str:
        return str(row.grid)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else self.asked  # type: ignore[return-value]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()  # type: ignore[return-value]


@admin.register(GridNotice)
class GridNoticeAdmin(_OfGridAdmin):
    viewers = FIELD_ROLES | {Role.STREET}
    adders = LEADS | {Role.STREET}
    form = AnnouncementForm
    asked = AnnouncementForm.Meta.fields
    list_display = ("title", "grid_name", "is_public", "valid_from", "valid_to", "withdrawn_at")
    list_filter = ("is_public",)
    search_fields = ("title", "text")
    empty = _("Nothing has been announced yet: water cut off, a meeting, a new grid worker.")
    fields = ("grid_name", "title", "text", "is_public", "valid_from", "valid_to", "by", "at", "withdrawn_at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("withdraw", _("Take it down"), _withdraw, may=_may_withdraw, icon="unpublished", danger=True,
             done=_("It is announced no more.")),
    )  # fmt: skip

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: GridNotice, form: Any, *, change: bool) -> GridNotice:
        return form.became(actions.announce(**form.cleaned_data, by=request.user, at=timezone.now()))


@admin.register(GroupLink)
class GroupLinkAdmin(_OfGridAdmin):
    viewers = FIELD_ROLES | {Role.STREET}
    adders = FIELD_ROLES | {Role.STREET}
    form = GroupLinkForm
    asked = ("grid", "level", "label", "kind", "code", "url", "valid_until", "is_public")
    list_display = ("label", "grid_name", "level", "kind", "valid_until", "is_public", "keeper", "ended_at")
    list_filter = ("is_public", "kind", "level")
    search_fields = ("label", "grid__name", "grid__code__startswith")
    empty = _("No residents' group has been put up yet: by a link, or by a picture of its QR code.")
    fields = ("grid_name", "level", "label", "kind", "url", "valid_until", "is_public", "keeper", "at", "ended_at")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("renew", _("Renew it"), _renew, RenewForm, may=_may_keep, icon="autorenew", done=_("Renewed."),
             hint=_("A fresh picture or link takes the place of the one before.")),
        Verb("end", _("Take the group away"), _end, may=_may_keep, icon="group_remove", danger=True),
    )  # fmt: skip
    primary = "renew"

    @display(description=_("kept by"), ordering="kept_by__full_name")
    def keeper(self, row: GroupLink) -> str:
        return str(row.kept_by)

    def act(self, request: HttpRequest, row: GroupLink, form: Any, *, change: bool) -> GroupLink:
        given = form.cleaned_data
        picture = given.pop("code")
        return form.became(actions.add_group(**given, picture=picture, by=request.user, at=timezone.now()))
