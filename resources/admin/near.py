"""Resources near a place: what the address asks for, and the list that is in its order, the nearest first."""

from typing import Any

from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gridgov.core.admin_keyset import KeysetList
from gridgov.core.errors import Refusal
from grids.forms.border import map_data
from resources.forms.near import NearForm

NAMES = ("near", "within")


class NearFilter(ListFilter):
    """Set by the bar above the list and by links: ?near=990101001001001&within=500, ?near=118.1,32.2. Whoever asks for what
    is no place finds nothing."""

    title = _("near")
    template = "resources/near_chosen.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in NAMES:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = NearForm({name: self.used_parameters.get(name, "").replace("\0", "") for name in NAMES})
        self.refusal: Refusal | None = None
        try:
            self.looking = self.form.looking(request.user)
        except Refusal as refusal:
            self.looking, self.refusal = None, refusal

    def has_output(self) -> bool:
        return bool(self.used_parameters.get("near"))

    def expected_parameters(self) -> list[str]:
        return list(NAMES)

    def choices(self, changelist: Any) -> list[dict[str, Any]]:
        told = _("within %(metres)s m of %(name)s")
        words = told % {"metres": self.looking[1], "name": self.looking[0].name} if self.looking else str(self.refusal)
        everywhere = changelist.get_query_string(remove=list(NAMES))
        return [{"words": words, "everywhere": everywhere, "refused": self.refusal is not None}]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if self.looking is None:
            return rows.none()
        looking, metres = self.looking
        return rows.near(looking.spot, metres)


class NearList(KeysetList):
    """In the order of what is near, where something is."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        if "metres" in queryset.query.annotations:
            return ["metres", "id"]
        return super().get_ordering(request, queryset)


def bar(request: HttpRequest) -> dict[str, Any]:
    """What templates/resources/near_bar.html shows: the question as it was asked, and what the list carries on."""
    left_out = {*NAMES, "after", "before"}
    return {
        "near": request.GET.get("near", ""), "within": request.GET.get("within", ""),
        "distances": NearForm.base_fields["within"].choices,
        "carried": [(name, value) for name, value in request.GET.items() if name not in left_out],
        "picker": {"tiles": map_data(())["tiles"], "pick": True},
    }  # fmt: skip
