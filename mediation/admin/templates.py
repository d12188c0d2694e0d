"""The texts of papers at the desk: which hold, and how one is written anew, with a preview on a made-up file."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from grids.models import Grid
from grids.queries import heavy
from mediation.actions.templates import write_template
from mediation.choices.papers import TemplateKind
from mediation.forms.templates import TemplateForm
from mediation.models import Template
from mediation.reports.parts import parts
from mediation.reports.sample import sample_sheet
from mediation.reports.templates import own_text, places, templates_in, texts_in
from mediation.reports.writing import as_pdf, write
from mediation.rules.templates import can_be_template

LIST = "admin:mediation_template_changelist"


@admin.register(Template)
class TemplateAdmin(HouseAdmin):
    """A page of kinds in place of a list of rows; a change is a new row, the ones before stay."""

    viewers = frozenset({Role.STREET})

    def get_urls(self) -> list[URLPattern]:
        write_page = self.admin_site.admin_view(self.write_view)
        return [path("<slug:kind>/write/", write_page, name="mediation_template_write"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The kinds of papers, and whose text holds for each."""
        street, streets = self._streets(request)
        written = templates_in(street) if street else {}
        kinds = [(kind, kind.label, written.get(kind)) for kind in TemplateKind]
        told = {"kinds": kinds, "street": street, "streets": streets}
        return self._page(request, "mediation/templates.html", _("Texts of papers"), **told)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A row has no page but the one of its kind."""
        return HttpResponseRedirect(reverse(LIST))

    def write_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Write the text of papers of KIND anew, or try it."""
        street, streets = self._streets(request)
        if street is None:
            raise PermissionDenied
        if kind not in TemplateKind.values:
            raise Http404
        posted = request.method == "POST"
        form = TemplateForm(request.POST if posted else None, initial={"body": texts_in(street)[kind]})
        if posted and form.is_valid():
            try:
                return (
                    self._tried(request, kind, form)
                    if "preview" in request.POST
                    else self._wrote(request, street, kind, form)
                )
            except Refusal as refusal:
                refuse(form, refusal)
        rows = Template.objects.for_list().filter(kind=kind, street=street)[:10]
        told = {
            "form": form, "places": places().values(), "rows": rows, "own": own_text(kind), "street": street, "streets": streets,
        }  # fmt: skip
        title = str(TemplateKind(kind).label)
        return self._page(request, "mediation/template.html", title, status=400 if posted else 200, **told)

    def _tried(self, request: HttpRequest, kind: str, form: TemplateForm) -> HttpResponse:
        """A paper of a made-up file, by the text that was typed."""
        body = form.cleaned_data["body"]
        can_be_template(body, places(), parts()).insist()
        made = as_pdf(write(TemplateKind(kind), sample_sheet(timezone.now()), body), request.user)
        return HttpResponse(made, content_type="application/pdf", headers={"Cache-Control": "no-store"})

    def _wrote(self, request: HttpRequest, street: Grid, kind: str, form: TemplateForm) -> HttpResponse:
        write_template(street=street, kind=kind, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The new text holds from now on."))
        return HttpResponseRedirect(f"{reverse(LIST)}?street={street.code}")

    def _streets(self, request: HttpRequest) -> tuple[Grid | None, list[Grid]]:
        """The street of the address among those of the office that asks, or the first of them; and all of them. Raises
        PermissionDenied for everybody else."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        streets = list(Grid.objects.ground_of(request.user).filter(parent=None).defer(*heavy("")).order_by("code"))
        code = request.GET.get("street", "")
        found = next((street for street in streets if code in {"", street.code}), None)
        if code and found is None:
            raise Http404
        return found, streets

    def _page(self, request: HttpRequest, template: str, title: str, *, status: int = 200, **told: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **told}
        return TemplateResponse(request, template, context, status=status)
