"""Records: who did what, when; for the auditor."""

import datetime as dt
import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core.admin_base import ChoiceFilter, HouseAdmin
from gridgov.core.models import Record


class RoomFilter(admin.SimpleListFilter):
    """By the first word of the verb, which is the room it happened in."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("cases", _("Cases")), ("grids", _("Grids")), ("accounts", _("Accounts")), ("calendar", _("Calendar")),
            ("jobs", _("Jobs")), ("core", _("Seals")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(verb__startswith=f"{self.value()}.") if self.value() else rows


class SinceFilter(ChoiceFilter):
    title = _("time")
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("1", _("last 24 hours")),
            ("7", _("last 7 days")),
            ("30", _("last 30 days")),
            ("180", _("last half year")),
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        days = self.chosen()
        return rows.filter(at__gte=timezone.now() - dt.timedelta(days=int(days))) if days else rows


@admin.register(Record)
class RecordAdmin(HouseAdmin):
    """Who did what, when; read-only for everybody, and shown to the auditor alone."""

    viewers = frozenset({"auditor"})
    list_display = ("when", "what", "actor", "about", "scope", "seq", "digest")
    list_display_links = ("when",)
    list_filter = (SinceFilter, RoomFilter)
    list_select_related = ("actor",)
    search_fields = ("verb",)
    search_help_text = _("A verb (cases.closed), a subject (cases.case:12) or a user name")
    ordering = ("-id",)
    by_key = True
    empty = _("Nothing is recorded that fits.")
    sortable_by = ()
    fields = ("when", "what", "actor", "about", "scope", "content", "seq", "digest_before", "digest_whole")
    readonly_fields = fields

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        kind, colon, number = term.rpartition(":")
        if colon and number.isdecimal():
            return queryset.filter(subject_type=kind, subject_id=int(number)), False
        if "." in term:
            return queryset.filter(verb=term), False
        return queryset.filter(actor__username=term), False

    @display(description=_("time"))
    def when(self, row: Record) -> str:
        return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"

    @display(description=_("verb"))
    def what(self, row: Record) -> str:
        """The verb in words (gridgov/words.py) and as the code it is recorded by."""
        return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', _t(row.verb), row.verb)

    @display(description=_("content"))
    def content(self, row: Record) -> str:
        """As it was written, its Chinese readable."""
        return format_html('<pre class="gg-code">{}</pre>', json.dumps(row.data, ensure_ascii=False, indent=2))

    @display(description=_("subject"))
    def about(self, row: Record) -> str:
        """With a link to everything recorded about the same subject: its chain."""
        subject = f"{row.subject_type}:{row.subject_id}"
        url = reverse("admin:core_record_changelist", query={"q": subject})
        return format_html('<a class="gg-link" href="{}">{}</a>', url, subject)

    @display(description=_("hash"))
    def digest(self, row: Record) -> str:
        return format_html(
            '<code class="gg-code" title="{}">{}…</code>', bytes(row.hash).hex(), bytes(row.hash).hex()[:10]
        )

    @display(description=_("hash of this row"))
    def digest_whole(self, row: Record) -> str:
        return bytes(row.hash).hex()

    @display(description=_("hash of the row before about the same subject"))
    def digest_before(self, row: Record) -> str:
        return bytes(row.prev).hex() or "—"
