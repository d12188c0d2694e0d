"""Public pages: whether a street shows them, what the office says on them, and the plates with their QR codes."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from gridgov.core.admin_base import HouseAdmin
from grids import actions
from grids.admin.ground import OVERSEERS, TENDERS, ground_of
from grids.choices import GridKind
from grids.forms.codes import origin_of
from grids.forms.disclosures import PlatesForm, PublicPageForm
from grids.forms.duties import StreetField
from grids.forms.plates import PlateOf, print_plates
from grids.models import Grid, PublicPage
from grids.queries import heavy, scope_of

# A PDF of so many plates takes some seconds; more are printed community by community.
MOST_PLATES = 500


@admin.register(PublicPage)
class PublicPageAdmin(HouseAdmin):
    viewers = OVERSEERS
    adders = changers = TENDERS
    form = PublicPageForm
    list_display = ("street_name", "is_open", "phone", "words")
    list_display_links = ("street_name",)
    actions = None
    actions_list: ClassVar = ["plates"]
    empty = _("No street shows public pages yet. Whoever scans a QR code finds nothing until one is opened here.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @display(description=_("street"), ordering="street__code")
    def street_name(self, page: PublicPage) -> str:
        return page.street.name

    def get_fields(self, request: HttpRequest, obj: PublicPage | None = None) -> tuple[str, ...]:
        return ("street_name", *PublicPageForm.Meta.fields[1:]) if obj else PublicPageForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: PublicPage | None = None) -> tuple[str, ...]:
        return ("street_name",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = StreetField(by=request.user).queryset
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        streets = scope_of(request.user).grids.get(GridKind.STREET, [])
        return {"street": streets[0] if streets else None, **super().get_changeform_initial_data(request)}

    def act(self, request: HttpRequest, row: PublicPage, form: Any, *, change: bool) -> PublicPage:
        given = {"street": row.street, **form.cleaned_data} if change else form.cleaned_data
        return form.became(actions.set_public_page(**given, by=request.user, at=timezone.now()))

    # --- plates

    @action(description=_("QR plates"), url_path="plates", permissions=["view"], icon="qr_code_2")
    def plates(self, request: HttpRequest) -> HttpResponse:
        """Which grids and which size; with both (?at=…&kind=…&size=…) the PDF."""
        places = places_of(request.user, request.GET.get("at", ""))
        form = PlatesForm(
            request.GET if "size" in request.GET else None, initial=_asked(request), row=places, by=request.user
        )
        street = _street(request)
        page = PublicPage.objects.filter(street=street, is_open=True).first() if street else None
        origin = origin_of(request)
        if form.is_bound and form.is_valid():
            grids = _chosen(**form.cleaned_data)
            if 0 < len(grids) <= MOST_PLATES:
                plates = [_plate(grid, origin) for grid in grids]
                told = {"phone": page.phone, "words": page.words} if page else {}
                return pdf_of(print_plates(plates, form.cleaned_data["size"], **told), "qr-plates")
            none = _t("There is no such grid here.")
            many = _t("%(count)d plates are too many for one file: choose a community or fewer kinds.")
            form.add_error(None, many % {"count": len(grids)} if grids else none)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("QR plates"), "form": form,
            "places": places, "origin": origin, "fixed": bool(settings.PUBLIC_ORIGIN), "open": page is not None,
            "here": request.path, "back": reverse("admin:grids_publicpage_changelist"),
        }  # fmt: skip
        return TemplateResponse(request, "grids/plates.html", context, status=400 if form.errors else 200)


def places_of(user: Any, asked: str) -> list[tuple[str, str]]:
    """The street and its communities, as far as USER oversees them, and the grid ASKED for."""
    ground = ground_of(user, "")
    if ground is None:
        return []
    kinds = Q(kind__in=[GridKind.STREET, GridKind.TOTAL]) | Q(pk=ground.top.pk) | Q(code=asked)
    rows = Grid.objects.under(ground.top).current(timezone.localdate()).filter(kinds).order_by("lft")
    return list(rows.values_list("code", "name"))


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a link says to begin with."""
    kinds = request.GET.getlist("kind") or [GridKind.MICRO]
    return {"at": request.GET.get("at", ""), "kind": kinds}


def _street(request: HttpRequest) -> Grid | None:
    ground = ground_of(request.user, "")
    street: Grid | None = Grid.objects.defer(*heavy("")).street_of(ground.top) if ground else None
    return street


def _chosen(at: str, kind: list[str], size: str) -> list[Grid]:
    """The grids in force at and below AT, one of the places, of those kinds; at most one more than a file holds."""
    place = Grid.objects.defer(*heavy("")).get(code=at)
    rows = Grid.objects.under(place).current(timezone.localdate()).filter(kind__in=kind).order_by("lft")
    return list(rows.select_related("parent__parent").defer(*heavy("", "parent", "parent__parent"))[: MOST_PLATES + 1])


def _plate(grid: Grid, origin: str) -> PlateOf:
    above = [one.name for one in (grid.parent and grid.parent.parent, grid.parent) if one is not None]
    return PlateOf(grid.name, " · ".join(above), grid.code, f"{origin}{reverse('grid-page', args=[grid.code])}")


def pdf_of(content: bytes, name: str) -> HttpResponse:
    """CONTENT as a file NAME, of today."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.pdf"'
    return response
