"""Verbs on an admin page: a button, a small form, one action; and what the page does when the action says no.

Every verb has an address of its own, …/<pk>/do/<verb>/: GET shows the form as a page, POST acts and goes back to the
row. With JavaScript (static/gridgov/verbs.js) the same address answers the form alone, to be shown in a dialog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gridgov.core.admin_base import HouseAdmin
from gridgov.core.errors import Conflict, Forbidden, Refusal, Verdict
from gridgov.core.forms import refuse
from gridgov.core.verbs import OVERTAKEN, Verb, seen_in

# What verbs.js sends, and looks for in the answer.
FRAGMENT = "X-Fragment"


@dataclass(frozen=True)
class Button:
    """A verb that is possible now, with its address, and the label of the MENU it lies in."""

    verb: Verb
    url: str
    primary: bool = False
    menu: Any = ""


class VerbAdmin(HouseAdmin):
    """Rows that are changed by verbs, never by a form of all their fields."""

    verbs: ClassVar[tuple[Verb, ...]] = ()
    # The name of the verb that one is here for, first and coloured where it is possible.
    primary: ClassVar[str] = ""
    change_form_template = "admin/row_with_verbs.html"

    def all_verbs(self) -> Sequence[Verb]:
        """The verbs of this page; a room may add what others offer."""
        return self.verbs

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.do_view)
        return [path("<int:pk>/do/<slug:name>/", view, name=self._name("do")), *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def url_of(self, page: str, *args: Any) -> str:
        """The address of this model's PAGE: change, do, changelist …"""
        return reverse(f"{self.admin_site.name}:{self._name(page)}", args=args)

    def row_for_verb(self, request: HttpRequest, pk: int) -> Any:
        """The row that is in scope; raises Http404 for all others."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def buttons(self, request: HttpRequest, row: Any, primary: str = "") -> list[Button]:
        """The verbs that are possible for this person and this row, in their order; the PRIMARY one first."""
        found = [
            Button(verb, self.url_of("do", row.pk, verb.name), verb.name == primary, verb.menu_of(row))
            for verb in self.all_verbs()
            if not verb.beside and verb.may(request.user, row)
        ]
        return sorted(found, key=lambda button: not button.primary)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row with its buttons, unless the caller brings some."""
        context = dict(extra_context or {})
        if "buttons" not in context:
            row = self.get_object(request, object_id)
            context["buttons"] = self.buttons(request, row, self.primary) if row else []
        return super().change_view(request, object_id, form_url, context)

    def do_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """The page of one verb of one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        verb = next((verb for verb in self.all_verbs() if verb.name == name), None)
        if verb is None:
            raise Http404
        row = self.row_for_verb(request, pk)
        verdict = verb.may(request.user, row)
        typed = request.method == "POST" and not verb.at_a_click
        if verdict.refusal and not typed and (isinstance(verdict.refusal, Forbidden) or request.method != "POST"):
            return self._refused(request, verb, row, verdict.refusal)
        return self._act(request, verb, row, verdict)

    def history_length(self, row: Any) -> int | None:
        """How many things have happened to ROW; None where nobody counts."""
        return None

    def news(self, request: HttpRequest, row: Any, seen: int) -> list[Any]:
        """What others have done to ROW since SEEN things had happened to it, as templates/admin/verb_news.html shows it."""
        return []

    def _news(self, request: HttpRequest, row: Any) -> list[Any]:
        seen = seen_in(request)
        return [] if seen is None else self.news(request, row, seen)

    def _act(self, request: HttpRequest, verb: Verb, row: Any, verdict: Verdict) -> HttpResponse:
        posted = request.method == "POST"
        given = (request.POST, request.FILES) if posted else (None, None)
        # A link may fill in what it knows (?order=12); the form judges it when it is sent.
        form = verb.form(*given, initial=request.GET.dict(), row=row, by=request.user)
        status, news = 200, self._news(request, row)
        if posted and form.is_valid():
            try:
                verdict.insist()
                if news and not verb.at_a_click and not verb.shows:
                    raise Conflict(OVERTAKEN, code="overtaken")
                result = verb.act(row, by=request.user, at=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
                # It may have happened while this was on its way.
                news = news or self._news(request, row)
            except ObjectDoesNotExist:
                # The row has gone meanwhile, or the form names one that is none of its own.
                raise Http404 from None
            else:
                return self._done(request, verb, row, result)
        elif posted and isinstance(verdict.refusal, Forbidden):
            refuse(form, verdict.refusal)
            status = verdict.refusal.status
        elif posted:
            status = 400
        return self._page(request, verb, row, status, form=form, news=news)

    def _done(self, request: HttpRequest, verb: Verb, row: Any, result: Any) -> HttpResponse:
        if verb.shows:
            return self._page(request, verb, row, 200, result=result)
        messages.success(request, str(verb.done or _("Done.")))
        url = self.after_verb(request, verb, row)
        if FRAGMENT not in request.headers:
            return HttpResponseRedirect(url)
        return HttpResponse(status=204, headers={FRAGMENT: "done", "X-Go": url})

    def after_verb(self, request: HttpRequest, verb: Verb, row: Any) -> str:
        """Where to go after VERB."""
        return self.url_of("change", row.pk)

    def _refused(self, request: HttpRequest, verb: Verb, row: Any, refusal: Refusal) -> HttpResponse:
        """In a dialog it is told in the dialog. Who may not do it gets 403; who came too late sees how the row stands."""
        if FRAGMENT in request.headers:
            return self._page(request, verb, row, refusal.status, refusal=refusal, news=self._news(request, row))
        if isinstance(refusal, Forbidden):
            raise refusal
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(self.url_of("change", row.pk))

    def verb_context(self, request: HttpRequest, verb: Verb, row: Any) -> dict[str, Any]:
        """More for the verb's page."""
        return {}

    def _page(self, request: HttpRequest, verb: Verb, row: Model, status: int, **more: Any) -> HttpResponse:
        inner = verb.shows if "result" in more else "admin/verb_form.html"
        context = {"verb": verb, "row": row, "here": request.path, "back": self.url_of("change", row.pk), **more}
        context["seen"] = self.history_length(row) if "form" in more else None
        context |= self.verb_context(request, verb, row)
        if FRAGMENT in request.headers:
            return TemplateResponse(request, inner, context, status=status, headers={FRAGMENT: "form"})
        context |= self.admin_site.each_context(request)
        context |= {"opts": self.opts, "original": row, "title": verb.label, "inner": inner}
        return TemplateResponse(request, "admin/verb.html", context, status=status)
