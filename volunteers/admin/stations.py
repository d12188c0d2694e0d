"""Exchange stations at the desk: what they have, and what waits to be handed over."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks
from volunteers.admin.hours import who
from volunteers.choices.ledger import RedemptionState
from volunteers.choices.people import ORGANISERS
from volunteers.forms import ledger_desk as forms
from volunteers.models import Good, Redemption, Station
from volunteers.rules import stations as rules
from volunteers.rules.organising import can_organise

MOST_SHOWN = 200
_HAS = _("%(points)s points, %(stock)s in stock")


def _may_keep(by: User, row: Station) -> Verdict:
    return can_organise(by, row.grid)


def _may_stock(by: User, row: Good) -> Verdict:
    return rules.can_stock(by, row.station)


@admin.register(Station)
class StationAdmin(VerbAdmin):
    viewers = ORGANISERS
    adders = ORGANISERS
    form = forms.StationForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("good", _("Add a good"), lambda row, **given: actions.add_good(station=row, **given), forms.AddGoodForm,
             rules.can_stock, done=_("It is offered from now on."), icon="add_circle", key="s"),
        Verb("change", _("Change"), lambda row, **given: actions.change_station(station=row, **given),
             forms.ChangeStationForm, _may_keep, done=_("Changed."), icon="edit"),
    )  # fmt: skip
    primary = "good"
    list_display = ("name", "where", "place", "hours", "kept_by", "stands")
    list_display_links = ("name",)
    list_filter = ("is_open", CommunityFilter)
    search_fields = ("name",)
    actions = None
    autocomplete_fields = ("grid",)
    sortable_by = ()
    ordering = ("name", "id")
    empty = _("No exchange station yet. Open one with “Add”; goods are offered for points, never for money.")
    fields = ("name", "where", "place", "hours", "kept_by", "stands", "has")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Station | None = None) -> tuple[str, ...]:
        return self.fields if obj else forms.StationForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Station | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Station, form: Any, *, change: bool) -> Station:
        return form.became(actions.add_station(**form.cleaned_data, by=request.user, at=timezone.now()))

    @display(description=_("grid"))
    def where(self, row: Station) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("keeper"))
    def kept_by(self, row: Station) -> str:
        return looks.somebody(row.keeper) if row.keeper else "—"

    @display(description=_("state"))
    def stands(self, row: Station) -> str:
        return looks.mark("gg-work", _("open for exchange")) if row.is_open else looks.mark("", _("not open"))

    @display(description=_("goods"))
    def has(self, row: Station) -> str:
        told = (
            (
                reverse("admin:volunteers_good_change", args=[good.pk]),
                good.name,
                _HAS % {"points": good.points, "stock": good.stock},
            )
            for good in row.goods.order_by("-is_open", "points", "pk")[:MOST_SHOWN]
        )
        return format_html_join("", '<div><a class="gg-link" href="{}">{}</a> {}</div>', told) or "—"


@admin.register(Good)
class GoodAdmin(VerbAdmin):
    """They are added on the page of their station."""

    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("restock", _("Restock"), lambda row, **given: actions.restock_good(good=row, **given), forms.RestockForm,
             _may_stock, done=_("The stock is counted anew."), icon="inventory", key="s"),
        Verb("change", _("Change"), lambda row, **given: actions.change_good(good=row, **given), forms.ChangeGoodForm,
             _may_stock, done=_("Changed. What is reserved keeps its price."), icon="edit"),
    )  # fmt: skip
    primary = "restock"
    by_key = True
    list_display = ("name", "at", "points", "stock", "stands")
    list_display_links = ("name",)
    list_filter = ("is_open",)
    search_fields = ("name",)
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    empty = _("No goods yet. They are added on the page of a station.")
    fields = ("name", "at", "points", "stock", "stands")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("exchange station"))
    def at(self, row: Good) -> str:
        url = reverse("admin:volunteers_station_change", args=[row.station_id])
        return format_html('<a class="gg-link" href="{}">{}</a>', url, row.station)

    @display(description=_("state"))
    def stands(self, row: Good) -> str:
        if not row.is_open:
            return looks.mark("", _("not offered"))
        return looks.mark("gg-work", _("offered")) if row.stock else looks.mark("gg-light-near", _("none left"))


class AtStations(CommunityFilter):
    path = "good__station__grid"


_LOOKS = {RedemptionState.RESERVED: "gg-light-near", RedemptionState.HANDED_OVER: "gg-work"}


@admin.register(Redemption)
class RedemptionAdmin(VerbAdmin):
    """Without the code: the volunteer shows it."""

    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("hand-over", _("Hand it over"), lambda row, **given: actions.hand_over(redemption=row, **given),
             forms.HandOverForm, rules.can_hand_over, done=_("Handed over."), icon="handshake", key="s"),
        Verb("cancel", _("Cancel"), lambda row, **given: actions.cancel_exchange(redemption=row, **given),
             forms.ReasonForm, rules.can_cancel, done=_("Cancelled: points and goods are back."), icon="undo", danger=True),
    )  # fmt: skip
    primary = "hand-over"
    by_key = True
    list_display = ("what", "who", "at_station", "points", "collect_by", "stands")
    list_display_links = ("what",)
    list_filter = ("state", AtStations)
    search_fields = ("volunteer__no",)
    search_help_text = _("Volunteer number")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    empty = _("Nothing was exchanged yet. Volunteers do so on the phone: My points.")
    fields = ("what", "who", "at_station", "points", "ordered", "collect_by", "stands", "settled")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("good"))
    def what(self, row: Redemption) -> str:
        return str(row)

    @display(description=_("volunteer"))
    def who(self, row: Redemption) -> str:
        return who(row)

    @display(description=_("exchange station"))
    def at_station(self, row: Redemption) -> str:
        return row.good.station.name

    @display(description=_("time"))
    def ordered(self, row: Redemption) -> str:
        return looks.moment(row.at)

    @display(description=_("state"))
    def stands(self, row: Redemption) -> str:
        return looks.mark(_LOOKS.get(RedemptionState(row.state), ""), row.get_state_display())

    @display(description=_("settled"))
    def settled(self, row: Redemption) -> str:
        return looks.two(looks.somebody(row.settled_by), looks.moment(row.settled_at)) if row.settled_at else "—"
