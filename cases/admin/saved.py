"""Saved filters of the case list: chips above it, the default one first, kept, renamed and dropped beside it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.actions import change_list, drop_list, save_list
from accounts.choices import Role
from accounts.models import SavedList
from cases.admin.searching import Sought
from gridgov.core.admin_keyset import AFTER, BEFORE
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.rules import places
from grids.queries import scope_of

PAGE = "cases.case"
# Which saved list is shown; 0: none, though one would open by itself.
VIEW = "view"
STREET_DIGITS = 9


class SavedListAdmin(VerbAdmin):
    """A list whose filters can be kept under names."""

    own_params = frozenset({VIEW})

    def get_urls(self) -> list[URLPattern]:
        keep, change = self.admin_site.admin_view(self.keep_view), self.admin_site.admin_view(self.saved_view)
        return [
            path("saved/", keep, name=self._name("keep")), path("saved/<int:pk>/", change, name=self._name("saved")),
            *super().get_urls(),
        ]  # fmt: skip

    def saved_lists(self, request: HttpRequest) -> dict[str, Any]:
        """The chips, and what of the address can be kept; one query."""
        streets = {node.code[:STREET_DIGITS] for node in scope_of(request.user).nodes}
        rows = list(SavedList.objects.visible_to(request.user, streets).filter(page=PAGE).select_related("user"))
        here = request.GET.get(VIEW, "")
        chips = [
            {
                "row": row,
                "url": f"?{row.query}&{VIEW}={row.pk}",
                "here": here == str(row.pk),
                "own": row.user == request.user,
            }
            for row in rows
        ]
        return {
            "chips": chips, "chosen": next((chip for chip in chips if chip["here"] and chip["own"]), None),
            "all_url": f"?{VIEW}=0", "keepable": _query(request), "may_share": request.user.role == Role.STREET,
        }  # fmt: skip

    def default_url(self, request: HttpRequest) -> str:
        """Where the bare address of the list leads; '' where it stays."""
        if request.GET:
            return ""
        row = SavedList.objects.filter(user=request.user, page=PAGE, is_default=True).first()
        return f"?{row.query}&{VIEW}={row.pk}" if row else ""

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters and the search of this address under a name."""
        self._insist_on_view(request)
        query, scope = _query(request), _street(request.user) if request.POST.get("share") else ""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            if Sought.read(request.GET.get(SEARCH_VAR, "")).tails:
                raise Invalid(_t("A search for a phone is not kept."))
            row = save_list(
                page=PAGE, name=request.POST.get("name", ""), query=query, scope=scope,
                is_default=bool(request.POST.get("default")), by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(f"{self.url_of('changelist')}?{request.GET.urlencode()}")
        return HttpResponseRedirect(f"{self.url_of('changelist')}?{query}&{VIEW}={row.pk}")

    def saved_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rename, make the default or drop one's own."""
        self._insist_on_view(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        try:
            if request.POST.get("do") == "drop":
                drop_list(saved=pk, **who)
                return HttpResponseRedirect(f"{self.url_of('changelist')}?{VIEW}=0")
            row = change_list(
                saved=pk, name=request.POST.get("name"), is_default=bool(request.POST.get("default")), **who
            )
        except SavedList.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(f"{self.url_of('changelist')}?{VIEW}={pk}")
        return HttpResponseRedirect(f"{self.url_of('changelist')}?{row.query}&{VIEW}={row.pk}")

    def _insist_on_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _query(request: HttpRequest) -> str:
    """The address without where one is in the list."""
    kept: QueryDict = request.GET.copy()
    for name in (AFTER, BEFORE, VIEW, "p", "e"):
        kept.pop(name, None)
    return kept.urlencode()


def _street(user: Any) -> str:
    """The street whose office USER is."""
    return next((place.code for place in places(user) if place.kept and len(place.code) == STREET_DIGITS), "")
