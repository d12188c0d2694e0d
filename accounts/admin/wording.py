"""The notices as the house tells them, and a form for the office's own words, with what it will read like."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules
from accounts.choices import CASE_ROLES, Role
from accounts.choices.wording import NUMBER, PLACE, PLACES, NoticeTemplate, all_templates, as_kept, as_written, samples
from accounts.forms import WordingForm
from accounts.models import NoticeText
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.admin_verbs import FRAGMENT
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.models import Record

HISTORY = 5


@dataclass(frozen=True)
class Line:
    """A notice as the list shows it: the words in force, as written and as read, and whether they are the office's own."""

    template: NoticeTemplate
    written: str
    read: str
    own: bool
    numberless: bool
    url: str


@admin.register(NoticeText)
class NoticeTextAdmin(HouseAdmin):
    """One page of all notices; each is reworded in a dialog and goes back to the house's words by a button."""

    viewers = CASE_ROLES | {Role.SYSTEM_ADMIN}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.word_view)
        return [path("word/", view, name="accounts_noticetext_word"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        language, asked = _language(request), request.GET.get("q", "").strip()
        lines = _lines(language)
        found = [line for line in lines if asked.casefold() in f"{line.written} {line.read}".casefold()]
        kinds = [(kind, list(group)) for kind, group in groupby(found, key=lambda line: line.template.kind)]
        here = reverse("admin:accounts_noticetext_changelist")
        return TemplateResponse(request, "accounts/wording.html", {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Wording of notices"), "kinds": kinds, "q": asked,
            "own": sum(line.own for line in lines), "all": len(lines), "here": here, "language": language,
            "languages": [(code, name, f"{here}?{urlencode({'language': code, 'q': asked})}") for code, name in settings.LANGUAGES],
            "may": bool(rules.can_reword(request.user)),
        })  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A wording has no page of its own."""
        return HttpResponseRedirect(reverse("admin:accounts_noticetext_changelist"))

    def word_view(self, request: HttpRequest) -> HttpResponse:
        """The form of one notice in one language."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        template, language = all_templates().get(request.GET.get("notice", "")), _language(request)
        if template is None:
            raise Http404
        rules.can_reword(request.user).insist()
        row = NoticeText.objects.filter(text=template.text, language=language).first()
        own = _own_words(template, language)
        kept = (row.wording if row else "") or own
        form = WordingForm(request.POST or None, initial={"wording": as_written(kept)}, by=request.user)
        status = 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                wording = "" if "reset" in request.POST else as_kept(form.cleaned_data["wording"])
                try:
                    actions.reword_notice(
                        template=template, language=language, wording=wording, by=request.user, at=timezone.now()
                    )  # fmt: skip
                except Refusal as refusal:
                    refuse(form, refusal)
                    status = refusal.status
                else:
                    return _done(request, template, wording or own, language)
        return self._form(request, template, language, form, row, status)

    def _form(
        self, request: HttpRequest, template: NoticeTemplate, language: str, form: Any, row: NoticeText | None, status: int
    ) -> HttpResponse:  # fmt: skip
        with override(language):
            filled = samples(template)
        own = _own_words(template, language)
        context = {
            "form": form, "template": template, "kind": template.kind.label, "row": _("Wording of notices"), "back": _list(language),
            "language": dict(settings.LANGUAGES)[language], "own": as_written(own), "is_own": bool(row and row.wording),
            "here": request.get_full_path(), "title": _("Reword a notice"), "preview": ((row and row.wording) or own) % filled,
            "places": [{"label": str(PLACES[name].label), "sample": filled[name]} for name in template.places],
            "history": _history(row), "inner": "accounts/wording_form.html",
        }  # fmt: skip
        if FRAGMENT in request.headers:
            return TemplateResponse(request, context["inner"], context, status=status, headers={FRAGMENT: "form"})
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, "accounts/wording_page.html", context, status=status)


def _list(language: str) -> str:
    return f"{reverse('admin:accounts_noticetext_changelist')}?{urlencode({'language': language})}"


def _language(request: HttpRequest) -> str:
    """The language whose notices are shown: the reader's own unless another is asked for."""
    asked = request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
    if not rules.can_be_language(asked):
        raise Http404
    return asked


def _own_words(template: NoticeTemplate, language: str) -> str:
    with override(language):
        return gettext(template.text)


def _lines(language: str) -> list[Line]:
    """All notices; one query."""
    own = dict(NoticeText.objects.filter(language=language).exclude(wording="").values_list("text", "wording"))
    found = []
    for template in all_templates().values():
        kept = own.get(template.text) or _own_words(template, language)
        with override(language):
            read = kept % samples(template)
        url = f"{reverse('admin:accounts_noticetext_word')}?{urlencode({'notice': template.key, 'language': language})}"
        lacks = NUMBER in template.places and NUMBER not in PLACE.findall(kept)
        found.append(Line(template, as_written(kept), read, template.text in own, lacks, url))
    return found


def _done(request: HttpRequest, template: NoticeTemplate, wording: str, language: str) -> HttpResponse:
    messages.success(request, _t("The notice reads as you wrote it from now on."))
    if NUMBER in template.places and NUMBER not in PLACE.findall(wording):
        messages.warning(
            request, _t("It does not tell the case number: whoever reads it can't look the case up by it.")
        )
    url = _list(language)
    if FRAGMENT not in request.headers:
        return HttpResponseRedirect(url)
    return HttpResponse(status=204, headers={FRAGMENT: "done", "X-Go": url})


def _history(row: NoticeText | None) -> list[dict[str, Any]]:
    """Who changed the words last, and to what."""
    if row is None:
        return []
    records = Record.objects.filter(subject_type="accounts.noticetext", subject_id=row.pk).select_related("actor")
    return [
        {"at": record.at, "by": record.actor, "after": as_written(record.data["changes"]["wording"][1])}
        for record in records.order_by("-seq")[:HISTORY]
    ]
