"""The library of resources at the desk: found by kind, words and place; kept by the street and the leads."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.exporting import hand_out
from gridgov.core.sheet import ending_asked
from grids.admin import pages
from grids.admin.filters import CommunityFilter, UnderFilter
from grids.forms.border import map_data
from grids.forms.desk import changed
from grids.models import Grid
from resources import actions, rules
from resources.admin import looks, near
from resources.choices import KEEPERS, READERS
from resources.forms import desk as forms
from resources.forms import sheet
from resources.models import Resource
from resources.reports.nearby import metres_outside

RESOURCES = pages.ListKind(
    model="resources_resource",
    file="resources",
    title=_("Import resources"),
    hint=_(
        "A list in CSV or XLSX: kind, name, grid code (or longitude and latitude, by which the grid is found), what it offers, "
        "place, opening hours, contact. What stands on the same grid with the same kind and name is brought up to date. If one "
        "row is faulty, nothing is changed."
    ),
    template=sheet.template,
    read=sheet.read_resources,
    act=actions.import_resources,
    said=(
        _("No faults: %(added)d resources to add, %(changed)d to change, %(unchanged)d as they stand."),
        _("%(added)d resources added, %(changed)d changed, %(unchanged)d unchanged"),
    ),
)


def _on(act: Any) -> Any:
    return lambda row, **given: act(resource=row, **given)


_SHOWN_ONCE = _("Shown once. That you looked, and why, is recorded.")


@admin.register(Resource)
class ResourceAdmin(VerbAdmin):
    viewers = READERS
    adders = changers = KEEPERS
    form = forms.ResourceForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("service", _("Add a monthly service"), _on(actions.add_service), forms.ServiceForm, rules.can_change,
             done=_("It stands in the month from today on."), icon="event_repeat", key="s"),
        Verb("reveal", _("Show the contact"), _on(actions.reveal_contact), forms.ReasonForm, rules.can_reveal,
             shows="resources/revealed.html", icon="visibility", hint=_SHOWN_ONCE),
        Verb("contact", _("Enter another contact"), _on(actions.change_resource), forms.SetContactForm,
             rules.can_set_contact, done=_("Changed."), icon="contact_phone"),
        Verb("end", _("End the resource"), _on(actions.end_resource), forms.ReasonForm, rules.can_change, icon="block", danger=True,
             done=_("It is no longer shown on the map."),
             hint=_("It leaves the map and the month. Of a talent, name, contact and place are struck out.")),
        Verb("take-up", _("In use again"), _on(actions.take_up_resource), may=rules.can_take_up,
             done=_("It is in use again."), icon="restart_alt"),
    )  # fmt: skip
    primary = "service"
    by_key = True
    list_display = ("called", "kind_now", "where", "open_hours", "contact", "public_now")
    list_display_links = ("called",)
    list_filter = ("kind", "state", "is_public", CommunityFilter, UnderFilter, near.NearFilter)
    search_fields = ("name",)
    search_help_text = _("Name, offer or place")
    list_before_template = "resources/near_bar.html"
    change_form_template = "resources/resource.html"
    actions = None
    actions_list: ClassVar = ["take_in", "write_out", "give_template"]
    autocomplete_fields = ("grid",)
    sortable_by = ()
    ordering = ("-id",)
    empty = _("No resource here. Add one, bring a list in, or look further round.")

    class Media:
        js = ("cases/grids.js",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[near.NearList]:
        return near.NearList

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "far") if request.GET.get("near") else self.list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_detail()

    def get_search_results(self, request: HttpRequest, rows: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return rows.search(term.replace("\0", "")), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"bar": near.bar(request), **(extra_context or {})})

    # --- columns

    @display(description=_("name"))
    def called(self, row: Resource) -> SafeString:
        return looks.two(row.name, row.offers or "—")

    @display(description=_("kind"))
    def kind_now(self, row: Resource) -> SafeString:
        chip = looks.kind_chip(row.kind)
        return chip if row.is_in_use else format_html("{} {}", chip, row.get_state_display())

    @display(description=_("grid"))
    def where(self, row: Resource) -> SafeString:
        return looks.two(row.grid.name, row.place or row.grid.code)

    @display(description=_("opening hours"))
    def open_hours(self, row: Resource) -> str:
        return row.hours or "—"

    @display(description=_("contact"))
    def contact(self, row: Resource) -> SafeString | str:
        return looks.contact(row)

    @display(description=_("residents"), boolean=True)
    def public_now(self, row: Resource) -> bool:
        return row.is_public

    @display(description=_("distance"))
    def far(self, row: Resource) -> str:
        metres = getattr(row, "metres", None)
        return "—" if metres is None else f"{metres:.0f} m"

    # --- one resource

    def get_fields(self, request: HttpRequest, obj: Resource | None = None) -> tuple[str, ...]:
        fields = forms.ResourceForm.Meta.fields
        if obj is None:
            return fields
        masked = not rules.is_contact_shown(obj)
        shown = [name for name in fields if not (masked and name in forms.CONTACT)]
        if masked:
            shown.insert(shown.index("is_contact_open"), "contact")
        return (*shown, "stands", "monthly", "entered")

    def get_readonly_fields(self, request: HttpRequest, obj: Resource | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        if not rules.can_change(request.user, obj):
            return self.get_fields(request, obj)
        return ("contact", "stands", "monthly", "entered")

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or bool(rules.can_change(request.user, obj)))

    @display(description=_("state"))
    def stands(self, row: Resource) -> str:
        return " · ".join(filter(None, [row.get_state_display(), row.reason]))

    @display(description=_("monthly services"))
    def monthly(self, row: Resource) -> SafeString | str:
        found = [(service, looks.when(service)) for service in row.services.filter(ended_on=None).order_by("pk")]
        return render_to_string("resources/services_of.html", {"services": found}) if found else "—"

    @display(description=_("entered"))
    def entered(self, row: Resource) -> str:
        return f"{row.made_by} · {timezone.localtime(row.made_at):%Y-%m-%d %H:%M}"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With a map on which a click names the place."""
        row = kwargs.get("obj")
        keeps = self.has_change_permission(request, row)
        border = Grid.objects.filter(pk=row.grid_id).values_list("border", "kind", "name").first() if row else None
        picker = {
            "tiles": map_data(())["tiles"], "pick": keeps, "kinds": ["street", "total", "comprehensive", "dedicated"],
            "point": [row.lng, row.lat] if row and row.lng is not None and not keeps else None,
            "borders": [{"border": border[0], "kind": border[1], "name": border[2]}] if border and border[0] else [],
        }  # fmt: skip
        return super().render_change_form(request, {**context, "place_map": picker}, *args, **kwargs)

    def act(self, request: HttpRequest, row: Resource, form: Any, *, change: bool) -> Resource:
        by: Any = {"by": request.user, "at": timezone.now()}
        if change:
            given = changed(form, *(name for name in forms.ResourceForm.Meta.fields if name in form.cleaned_data))
            made = actions.change_resource(resource=row, **given, **by)
        else:
            made = actions.add_resource(**form.cleaned_data, **by)
        if metres := metres_outside(made):
            words = _("It lies %(metres)s m outside the border of %(grid)s. Please check place and grid.")
            messages.warning(request, words % {"metres": metres, "grid": made.grid})
        return form.became(made)

    # --- lists that come and go

    def has_import_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_one_of(request, KEEPERS)

    @action(description=_("Import"), url_path="import", permissions=["import"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, RESOURCES)

    @action(description=_("Export"), url_path="export", permissions=["import"], icon="download")
    def write_out(self, request: HttpRequest) -> HttpResponse:
        """What is in use and the user sees, in the import's shape; contacts masked as they are everywhere."""
        ending = ending_asked(request)
        rows = Resource.objects.visible_to(request.user).in_use().for_list().order_by("grid__code", "kind", "name")
        return hand_out(
            request, sheet.write_resources(rows, ending), f"resources-{timezone.localdate():%Y%m%d}", ending
        )

    @action(description=_("Empty list"), url_path="template", permissions=["import"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, RESOURCES)
