"""The own downloads: how far each is, and the file."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import actions
from accounts.actions.downloads import file_of
from accounts.choices import DESK_ROLES
from accounts.models import Download
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.makers import maker_of
from gridgov.core.polling import polls
from gridgov.core.sheet import XLSX

LIST = "admin:accounts_download_changelist"


@admin.register(Download)
class DownloadAdmin(HouseAdmin):
    """Read-only: asked for beside the lists themselves."""

    viewers = DESK_ROLES
    list_display = ("name", "progress", "rows_now", "asked_at", "kept_until")
    list_display_links = None
    ordering = ("-id",)
    by_key = True
    sortable_by = ()
    empty = _("You have asked for no list as a file yet. The button stands above each list.")

    class Media:
        js: ClassVar = (Script("accounts/downloads.js", defer=True),)

    def get_urls(self) -> list[URLPattern]:
        file, progress = self.admin_site.admin_view(self.file_view), self.admin_site.admin_view(self.progress_view)
        return [
            path("<int:pk>/file/", file, name="accounts_download_file"),
            path("progress/", progress, name="accounts_download_progress"), *super().get_urls(),
        ]  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Notices lead here; a download has no page but its line."""
        return HttpResponseRedirect(reverse(LIST))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file, for whoever asked; who may still see it is asked again, and each time is noted."""
        try:
            row = actions.take_download(download=pk, by=request.user, at=timezone.now())
        except Download.DoesNotExist:
            raise Http404 from None
        kind = XLSX if row.ending == "xlsx" else "text/csv; charset=utf-8"
        headers = {"Cache-Control": "private, no-store"}
        name = f"{row}.{row.ending}"
        return FileResponse(
            file_of(row).open("rb"), as_attachment=True, filename=name, content_type=kind, headers=headers
        )

    @method_decorator(polls)
    def progress_view(self, request: HttpRequest) -> JsonResponse:
        """{id: [rows written, rows expected, finished]} of the latest."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Download.objects.visible_to(request.user)[:20]
        return JsonResponse({str(row.pk): [row.rows, row.expected, row.finished_at is not None] for row in rows})

    @display(description=_("list"))
    def name(self, row: Download) -> str:
        return format_html(
            '<span class="gg-two"><span>{}</span><small>{}</small></span>', maker_of(row.kind).title, row.ending.upper()
        )

    @display(description=_("file"))
    def progress(self, row: Download) -> str:
        if row.finished_at is None:
            return format_html(
                '<progress data-download="{}" max="{}" value="{}" aria-label="{}"></progress>',
                row.pk, max(row.expected, 1), row.rows, _t("rows written"),
            )  # fmt: skip
        icon = format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', "download")
        url = reverse("admin:accounts_download_file", args=[row.pk])
        return format_html(
            '<a class="gg-button" href="{}">{}{} ({})</a>',
            url,
            icon,
            _t("Download"),
            filesizeformat(row.bytes),
        )

    @display(description=_("rows"))
    def rows_now(self, row: Download) -> str:
        return str(row.rows) if row.finished_at else f"{row.rows} / {row.expected}"

    @display(description=_("asked"))
    def asked_at(self, row: Download) -> str:
        return f"{timezone.localtime(row.at):%m-%d %H:%M}"

    @display(description=_("kept until"))
    def kept_until(self, row: Download) -> str:
        return f"{timezone.localtime(row.expires_at):%m-%d %H:%M}"
