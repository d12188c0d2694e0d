"""Requests of persons concerned at the desk: taken, verified, found, decided, carried out, answered."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.codes import spaced
from gridgov.core.errors import Refusal, Verdict
from gridgov.core.masking import mask_text
from grids.models import Grid
from grids.queries import scope_of
from privacy import actions, rules
from privacy.actions.answering import show_person
from privacy.actions.asking import Asked
from privacy.admin.terms import chip, moment
from privacy.choices import ANSWERERS, REQUEST_READERS, RequestState, Source
from privacy.forms import AgainForm, AnswerForm, DecideForm, DoneForm, RequestForm, VerifyForm
from privacy.forms.handing import zipped
from privacy.forms.striking import StrikeForm
from privacy.models import Request


def _on(action: Any) -> Any:
    return lambda row, **given: action(request=row, **given)


def _may(rule: Any) -> Any:
    """RULE (by, request, parts) for a row."""

    def may(by: User, row: Request) -> Verdict:
        return rule(by, row, list(row.parts.all()))

    return may


def _may_ask_again(by: User, row: Request) -> Verdict:
    verdict = rules.can_answer(by)
    return verdict and rules.can_ask_again(row, list(row.parts.all()), row.again.exists())


class OpenFilter(ChoiceFilter):
    title = _("waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("not answered yet")), ("late", _("overdue"))]

    def queryset(self, request: HttpRequest, rows: Any) -> QuerySet:
        chosen = self.chosen()
        if chosen is None:
            return rows
        found = rows.open()
        return found.filter(due_at__lt=timezone.now()) if chosen == "late" else found


@admin.register(Request)
class RequestAdmin(VerbAdmin):
    viewers = REQUEST_READERS
    adders = ANSWERERS
    form = RequestForm
    change_form_template = "privacy/request.html"
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("verify", _("Identity verified"), _on(actions.verify_request), VerifyForm, rules.can_verify, icon="how_to_reg",
             done=_("Noted how it was verified."),
             hint=_("Make sure, too, that the phone is theirs: call it. No number and no picture of a document is kept.")),
        Verb("search", _("What there is"), _on(actions.search_for), may=rules.can_search, shows="privacy/found.html", icon="search",
             hint=_("All rooms are searched by the phone of the request, and by nothing else; this look is recorded.")),
        Verb("decide", _("Decide on it"), _on(actions.decide_request), DecideForm, rules.can_decide, icon="gavel", done=_("Decided.")),
        Verb("strike", _("Strike out"), _on(actions.strike_out), StrikeForm, _may(rules.can_strike_out), shows="privacy/struck.html",
             icon="delete_sweep", danger=True, hint=_("Each room strikes out by its own rules; what must stay is said.")),
        Verb("done", _("Carried out"), _on(actions.note_done), DoneForm, _may(rules.can_note_done), icon="task_alt", done=_("Noted.")),
        Verb("answer", _("Answer"), _on(actions.answer_request), AnswerForm, _may(rules.can_send_answer), icon="reply",
             done=_("Answered. The person reads it with number and code.")),
        Verb("again", _("Asked again"), _on(actions.ask_again), AgainForm, _may_ask_again, icon="replay",
             hint=_("The person doesn't accept a refusal: a new request of what was refused."),
             done=_("A new request stands in the list.")),
        Verb("who", _("Show who asks"), _on(show_person), may=lambda by, row: rules.can_answer(by), shows="privacy/person.html",
             icon="visibility", hint=_("To call back. This look is recorded.")),
    )  # fmt: skip
    by_key = True
    list_display = ("no", "who_asks", "asked", "state_now", "due", "came")
    list_display_links = ("no",)
    list_filter = (OpenFilter, "state", "source")
    search_fields = ("no",)
    ordering = ("-id",)
    actions = None
    sortable_by = ()
    empty = _(
        "Nobody has asked about the own data yet. What is asked at the counter is entered by the button at the top right."
    )
    fields = ("no", "who_asks", "asked", "said", "state_now", "came", "due", "verified_shown", "answer")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: Any = super().get_queryset(request)
        return (
            rows.for_detail()
            if request.resolver_match and "object_id" in request.resolver_match.kwargs
            else rows.for_list()
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("grid", "name", "phone", "asks", "words")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Streets of the own ground; one alone is chosen already."""
        if obj is not None:
            return super().get_form(request, obj, change=change, **{**kwargs, "form": VerbAdmin.form})
        kwargs["fields"] = ("grid",)
        form = super().get_form(request, obj, change=change, **kwargs)
        streets = Grid.objects.filter(scope_of(request.user).under(), parent=None).order_by("code")
        return type(form.__name__, (form,), {"streets": streets})

    def act(self, request: HttpRequest, row: Request, form: Any, *, change: bool) -> Request:
        asked = Asked(**form.cleaned_data, source=Source.DESK)
        made, code = actions.take_request(asked=asked, by=request.user, at=timezone.now())
        words = {"no": made.no, "code": spaced(code)}
        messages.info(request, _t("For the person: number %(no)s, code %(code)s. The code is shown this once.") % words)
        return form.became(made)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.copy_view)
        return [path("<int:pk>/copy/", view, name="privacy_request_copy"), *super().get_urls()]

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The copy for whoever stands at the counter; once, like the person's own."""
        row = self.row_for_verb(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            rules.can_answer(request.user).insist()
            content = actions.copy_out(request=row, whole=False, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(self.url_of("change", pk))
        return zipped(row.no, content)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        more: dict[str, Any] = {"buttons": []}
        if row is not None:
            answers = bool(rules.can_answer(request.user))
            fetch = answers and bool(rules.can_fetch_copy(row, timezone.now()))
            more = {
                "parts": list(row.parts.all()),
                "buttons": self.buttons(request, row, _next(row)),
                "may_fetch": fetch,
                "row": row,
            }
        kwargs["extra_context"] = {**(kwargs.get("extra_context") or {}), **more}
        return super().change_view(request, object_id, *args, **kwargs)

    def verb_context(self, request: HttpRequest, verb: Verb, row: Any) -> dict[str, Any]:
        return {"request_row": row}

    @display(description=_("who asks"))
    def who_asks(self, row: Request) -> str:
        return row.masked or str(_("already deleted"))

    @display(description=_("what is asked"))
    def asked(self, row: Request) -> str:
        return " · ".join(row.ask_labels)

    @display(description=_("in the person's own words"))
    def said(self, row: Request) -> str:
        return mask_text(row.said) or "—"

    @display(description=_("state"))
    def state_now(self, row: Request) -> SafeString:
        look = "gg-light-done" if row.state == RequestState.ANSWERED else "gg-work"
        return chip(row.get_state_display(), look)

    @display(description=_("to be answered by"))
    def due(self, row: Request) -> SafeString | str:
        if row.state != RequestState.ANSWERED and row.due_at < timezone.now():
            return chip(moment(row.due_at), "gg-light-late")
        return moment(row.due_at)

    @display(description=_("received"))
    def came(self, row: Request) -> str:
        return f"{moment(row.received_at)} · {row.get_source_display()}"

    @display(description=_("identity verified"))
    def verified_shown(self, row: Request) -> str:
        return f"{row.get_verified_display()} · {row.verified_by} · {moment(row.verified_at)}" if row.verified else "—"


def _next(row: Request) -> str:
    """The verb that one is here for."""
    return {RequestState.RECEIVED: "verify", RequestState.VERIFIED: "decide", RequestState.DECIDED: "answer"}.get(
        RequestState(row.state), ""
    )
