"""How long each kind of data is kept, what its job struck out, and what would go today."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from gridgov.core import keeping
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from privacy import rules
from privacy.actions import set_term
from privacy.choices import RETENTION_READERS, TERM_SETTERS
from privacy.forms import TermForm
from privacy.reports.retention import retention

SHOWN_RUNS = 50


def retention_view(request: HttpRequest) -> HttpResponse:
    """?dry=1 counts what would go now; nothing is changed."""
    if request.user.role not in RETENTION_READERS:
        raise PermissionDenied
    at, dry = timezone.now(), request.GET.get("dry") == "1"
    context = {
        **admin.site.each_context(request), "title": _t("Terms of keeping"), "lines": retention(at, dry=dry), "dry": dry,
        "runs": [(row, _title(row.data["kind"])) for row in keeping.runs()[:SHOWN_RUNS]],
        "may_set": request.user.role in TERM_SETTERS,
    }  # fmt: skip
    return TemplateResponse(request, "privacy/retention.html", context)


def _title(name: str) -> str:
    known = {kind.name: kind.title for kind in keeping.kinds()}
    return str(known.get(name, name))


def term_view(request: HttpRequest, name: str) -> HttpResponse:
    """POST sets the term of one kind."""
    if request.user.role not in TERM_SETTERS:
        raise PermissionDenied
    kind = next(
        (kind for kind in keeping.kinds() if kind.name == name and kind.term.is_open and not kind.follows), None
    )
    if kind is None:
        raise Http404
    form = TermForm(request.POST or None, by=request.user, initial={"days": keeping.days_of(name)})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                set_term(kind=name, **form.cleaned_data, by=request.user, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _t("The term is set, and what stands already is moved."))
                return HttpResponseRedirect(reverse("admin:privacy_retention"))
    verdict = rules.can_set_term(request.user, kind, keeping.days_of(name))
    context = {
        **admin.site.each_context(request), "title": kind.title, "kind": kind, "form": form, "refusal": verdict.refusal,
        "back": reverse("admin:privacy_retention"),
    }  # fmt: skip
    return TemplateResponse(request, "privacy/term.html", context, status=status)


admin.site.pages += [  # type: ignore[attr-defined]
    path("privacy/retention/", admin.site.admin_view(retention_view), name="privacy_retention"),
    path("privacy/retention/<str:name>/", admin.site.admin_view(term_view), name="privacy_term"),
]
