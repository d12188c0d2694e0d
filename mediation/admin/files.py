"""Files of disputes at the desk: the list of those one may read, and the page of each, made of parts."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_verbs import Button, VerbAdmin
from gridgov.core.verbs import Verb
from mediation.actions import look_at, open_file
from mediation.actions.looking import PAGE
from mediation.admin.file_looks import deadline, moment, state_chip
from mediation.admin.looks import unbroken
from mediation.admin.mine import show_workbench
from mediation.admin.parts import PARTS
from mediation.admin.setting_up import mediates
from mediation.choices.people import MEDIATING
from mediation.forms.files import OpenForm
from mediation.models import Committee, Mediation, Seat


@admin.register(Mediation)
class MediationAdmin(VerbAdmin):
    """Read by the mediators of a file and the director of its committee alone, whatever their roles; each look is recorded."""

    viewers = adders = MEDIATING
    form = OpenForm
    primary = "accept"
    verbs: ClassVar[tuple[Verb, ...]] = tuple(button for part in PARTS for button in part.buttons)
    list_display = ("number", "who", "kind", "state_now", "time_left", "came_in")
    list_display_links = ("number",)
    list_filter = ("state", "kind", "source")
    search_fields = ("no", "parties__name__exact")
    search_help_text = _("Volume number, or the whole name of a party")
    empty = _(
        "No file is in your hands. You read the files that you mediate, and as a director those of your committee."
    )
    actions = None
    by_key = True
    sortable_by = ()
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list().prefetch_related("parties")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Files are opened by those who mediate in a committee."""
        return super().has_add_permission(request) and mediates(request.user)

    def get_fields(self, request: HttpRequest, obj: Mediation | None = None) -> tuple[str, ...]:
        return OpenForm.Meta.fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "committee":
            own = Seat.objects.of(request.user).order_by().values("committee")
            kwargs |= {
                "queryset": Committee.objects.standing().filter(pk__in=own).order_by("name"),
                "empty_label": None,
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The first of the own committees: most people have one."""
        own = Seat.objects.of(request.user).order_by("committee__name").values_list("committee", flat=True)
        return {"committee": own.first()}

    def act(self, request: HttpRequest, row: Mediation, form: Any, *, change: bool) -> Mediation:
        return form.became(open_file(**form.given(), by=request.user, at=timezone.now()))

    def row_for_verb(self, request: HttpRequest, pk: int) -> Mediation:
        """The file, and a record that somebody looks: its page and its forms show what is in it."""
        return self._looked_at(request, Mediation.objects.for_detail(), pk)

    def _looked_at(self, request: HttpRequest, rows: QuerySet, pk: int) -> Mediation:
        row: Mediation | None = rows.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        look_at(mediation=row, what=PAGE, by=request.user, at=timezone.now())
        return row

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a file: read it here, change it by its verbs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) <= 18):
            raise Http404
        row, at = self._looked_at(request, Mediation.objects.whole(), int(object_id)), timezone.now()
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": row, "title": str(row), "file": row,
            "buttons": self.buttons(request, row, self.primary), "beside": self.beside(request, row),
            "parts": PARTS, "state": state_chip(row), "light": deadline(row, at),
        }  # fmt: skip
        for part in PARTS:
            context |= part.about(row, request.user, at)
        return TemplateResponse(request, "mediation/file.html", context)

    def get_urls(self) -> list[URLPattern]:
        mine = self.admin_site.admin_view(self.mine_view)
        return [path("mine/", mine, name="mediation_mediation_mine"), *super().get_urls()]

    def mine_view(self, request: HttpRequest) -> HttpResponse:
        return show_workbench(request, self)

    def beside(self, request: HttpRequest, row: Mediation) -> dict[str, Button]:
        """What is offered beside what it is about, by name."""
        return {
            verb.name.replace("-", "_"): Button(verb, self.url_of("do", row.pk, verb.name))
            for verb in self.verbs
            if verb.beside and verb.may(request.user, row)
        }

    @display(description=_("volume number"))
    def number(self, row: Mediation) -> str:
        return unbroken(str(row))

    @display(description=_("parties"))
    def who(self, row: Mediation) -> str:
        return format_html_join(" · ", "{}", ((unbroken(party.name),) for party in row.parties.all())) or "—"

    @display(description=_("state"))
    def state_now(self, row: Mediation) -> str:
        return state_chip(row)

    @display(description=_("to be over by"))
    def time_left(self, row: Mediation) -> str:
        return deadline(row, timezone.now()) or "—"

    @display(description=_("came in"))
    def came_in(self, row: Mediation) -> str:
        return unbroken(moment(row.applied_at))
