"""Everybody's inbox, and the page of a digest."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import BooleanField, ExpressionWrapper, OrderBy, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from accounts import actions
from accounts.choices import CASE_ROLES, DESK_ROLES, NoticeKind
from accounts.models import Notice
from gridgov.core.admin_base import HouseAdmin


class UnreadFilter(admin.SimpleListFilter):
    title = _("read")
    parameter_name = "unread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("unread"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.unread() if self.value() else rows


class HandedOnFilter(admin.SimpleListFilter):
    """Instead of the own inbox: what a stand-in was told. First of the filters, for it brings other rows."""

    title = _("whose")
    parameter_name = "handed"

    def has_output(self) -> bool:
        return True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("went to my stand-in"))] if request.user.role in CASE_ROLES else []

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if not self.value():
            return rows
        return Notice.objects.handed_on_from(request.user).annotate(handed=Value(True)).order_by("-id")


@admin.register(Notice)
class NoticeAdmin(HouseAdmin):
    """The own inbox: unread first. A line is opened by a button, for opening marks it as read."""

    viewers = DESK_ROLES
    list_display = ("line", "kind_chip", "when")
    list_display_links = None
    list_filter = (HandedOnFilter, UnreadFilter, "kind")
    list_before_template = "admin/inbox_bar.html"
    empty = _("Your inbox is empty. New orders, returns and deadlines that run out are told here.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        unread = ExpressionWrapper(Q(read_at=None), output_field=BooleanField())
        return (OrderBy(unread, descending=True), "-id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/open/", view(self.open_view), name="accounts_notice_open"),
            path("read-all/", view(self.read_all_view), name="accounts_notice_read_all"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Inbox"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A notice has no page of its own, its subject has; a digest's page shows its lines."""
        rows = Notice.objects.visible_to(request.user).for_detail().filter(kind=NoticeKind.DIGEST)
        digest = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        if digest is None:
            return HttpResponseRedirect(reverse("admin:accounts_notice_changelist"))
        lines = [(line, subject_url(line)) for line in digest.lines.all()]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Inbox"),
            "digest": digest,
            "lines": lines,
        }
        return TemplateResponse(request, "accounts/digest.html", context)

    @method_decorator(require_POST)
    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark one notice as read and go to what it is about."""
        row = Notice.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        actions.mark_read(notices=Notice.objects.visible_to(request.user).filter(pk=pk), at=timezone.now())
        return HttpResponseRedirect(subject_url(row) or reverse("admin:accounts_notice_changelist"))

    @method_decorator(require_POST)
    def read_all_view(self, request: HttpRequest) -> HttpResponse:
        count = actions.mark_read(notices=Notice.objects.visible_to(request.user), at=timezone.now())
        messages.success(request, _t("%(count)s notices are marked as read.") % {"count": count})
        return HttpResponseRedirect(reverse("admin:accounts_notice_changelist"))

    @display(description=_("notice"))
    def line(self, row: Notice) -> str:
        if getattr(row, "handed", False):
            to = format_html('<small class="gg-quiet">{}</small>', _t("told %(name)s") % {"name": row.user})
            url = subject_url(row)
            text = format_html('<a class="gg-link" href="{}">{}</a>', url, str(row)) if url else str(row)
            return format_html('<span class="gg-two"><span>{}</span>{}</span>', text, to)
        return format_html(
            '<button type="submit" class="gg-line{}" formaction="{}" formmethod="post">{}{}</button>',
            "" if row.read_at else " gg-unread", reverse("admin:accounts_notice_open", args=[row.pk]), instead(row), str(row),
        )  # fmt: skip

    @display(description=_("kind"))
    def kind_chip(self, row: Notice) -> str:
        return format_html('<span class="gg-chip gg-notice-{}">{}</span>', row.kind, row.get_kind_display())

    @display(description=_("time"))
    def when(self, row: Notice) -> str:
        return f"{timezone.localtime(row.at):%m-%d %H:%M}"


def instead(row: Notice) -> str:
    """A chip that says for whom one stands in; '' for the own."""
    if row.instead_of is None:
        return ""
    return format_html('<span class="gg-chip gg-instead">{}</span> ', _t("for %(name)s") % {"name": row.instead_of})


def subject_url(row: Notice) -> str:
    """The admin page of what a notice is about; '' where it has none."""
    if row.kind == NoticeKind.DIGEST:
        return reverse("admin:accounts_notice_change", args=[row.pk])
    try:
        return reverse(f"admin:{row.subject_type.replace('.', '_')}_change", args=[row.subject_id])
    except NoReverseMatch:
        return ""
