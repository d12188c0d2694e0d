"""The workbench of whoever mediates: what waits, and where one is expected."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from mediation.admin.file_looks import deadline, moment
from mediation.admin.setting_up import mediates
from mediation.models import Session
from mediation.reports.mine import waits_for


def show_workbench(request: HttpRequest, page: Any) -> HttpResponse:
    """What waits for the reader; a sentence for whoever mediates nothing."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    found = waits_for(request.user, now, timezone.localdate(now))
    told: dict[str, tuple[str, str, Any]] = {
        "to_accept": (_("To accept"), "inbox", lambda row: (row, f"{row.title} · {row.get_source_display()} · {moment(row.applied_at)}")),
        "ahead": (_("Sessions ahead"), "event", lambda row: (row.mediation, _session(row))),
        "to_record": (_("Records to write"), "edit_note", lambda row: (row.mediation, _session(row))),
        "near": (_("Limit near or over"), "hourglass_top", lambda row: (row, f"{row.title} · {strip_tags(deadline(row, now))}")),
        "silent": (_("Parties that have not answered"), "how_to_reg", lambda row: (row.mediation, row.name)),
        "owed": (_("To be performed within 7 days"), "task_alt", lambda row: (row.mediation, f"{row.what} · {row.due_on:%m-%d}")),
    }  # fmt: skip
    boxes = []
    for name, (title, icon, words) in told.items():
        lines = [
            (reverse("admin:mediation_mediation_change", args=[file.pk]), str(file), more)
            for file, more in map(words, found[name].rows)
        ]
        boxes.append({"title": title, "icon": icon, "count": found[name].count, "lines": lines})
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("My mediation"), "boxes": boxes,
        "mediates": mediates(request.user), "files": reverse("admin:mediation_mediation_changelist"),
        "new": reverse("admin:mediation_mediation_add"),
    }  # fmt: skip
    return render(request, "mediation/mine.html", context)


def _session(row: Session) -> str:
    return f"{moment(row.starts_at)} · {row.get_kind_display()} · {row.room or row.place}"
