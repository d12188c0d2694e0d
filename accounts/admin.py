"""Accounts for the three administrator hands, and everybody's inbox."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import BooleanField, ExpressionWrapper, OrderBy, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from accounts import actions, rules
from accounts.choices import ADMIN_HANDS, Role
from accounts.forms import AccountForm, PasswordForm, RoleForm
from accounts.models import Notice, User
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.masking import mask_phone


def _grant(row: User, *, role: str, **by: Any) -> User:
    return actions.grant_role(user=row, role=role, **by)


def _switch_on(row: User, **by: Any) -> User:
    return actions.switch_account(user=row, active=True, **by)


def _switch_off(row: User, **by: Any) -> User:
    return actions.switch_account(user=row, active=False, **by)


def _set_password(row: User, *, password: str, **by: Any) -> User:
    return actions.set_password(user=row, password=password, **by)


def _may_switch(active: bool) -> Any:
    def may(by: User, row: User) -> Verdict:
        if row.is_active == active:
            return Verdict.clash(
                _("This account can sign in already.") if active else _("This account is locked already.")
            )
        return rules.can_switch(by, row)

    return may


@admin.register(User)
class UserAdmin(VerbAdmin):
    """The system hand opens accounts and sets passwords, the security hand says what they may be, the auditor reads."""

    viewers = ADMIN_HANDS
    adders = frozenset({Role.SYSTEM_ADMIN})
    form = AccountForm
    list_display = ("username", "full_name", "role_chip", "masked_phone", "able", "since")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    empty = _("No account is open yet.")
    fields = ("username", "full_name", "role", "masked_phone", "is_active", "created_at", "last_login")
    change_form_template = "admin/row_with_verbs.html"
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("grant", _("Grant a role"), _grant, RoleForm, may=lambda by, row: rules.can_grant_role(by, row, row.role),
             done=_("The role is granted; the account can sign in."), icon="badge",
             hint=_("The account can sign in with it at once. Where it works is said by its posts.")),
        Verb("unlock", _("Unlock"), _switch_on, may=_may_switch(True), done=_("The account can sign in."), icon="lock_open"),
        Verb("lock", _("Lock"), _switch_off, may=_may_switch(False), done=_("The account can't sign in any more."),
             icon="lock", danger=True),
        Verb("password", _("Set a password"), _set_password, PasswordForm, may=rules.can_set_password,
             done=_("The password is set."), icon="key"),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else AccountForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> User:
        given = form.cleaned_data
        return actions.open_account(
            username=given["username"], full_name=given["full_name"], phone=given["phone"], role=given["role"],
            password=given["password"], by=request.user, at=timezone.now(),
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        kwargs["extra_context"] = {"buttons": self.buttons(request, row) if row else []}
        return super().change_view(request, object_id, *args, **kwargs)

    @display(description=_("role"))
    def role_chip(self, row: User) -> str:
        return format_html('<span class="gg-chip">{}</span>', row.get_role_display())

    @display(description=_("phone"))
    def masked_phone(self, row: User) -> str:
        return mask_phone(row.phone) or "—"

    @display(description=_("may sign in"), boolean=True)
    def able(self, row: User) -> bool:
        return row.is_active

    @display(description=_("created"))
    def since(self, row: User) -> str:
        return f"{timezone.localtime(row.created_at):%Y-%m-%d}"


class UnreadFilter(admin.SimpleListFilter):
    title = _("read")
    parameter_name = "unread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("unread"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.unread() if self.value() else rows


@admin.register(Notice)
class NoticeAdmin(HouseAdmin):
    """The own inbox: unread first. A line is opened by a button, for opening marks it as read."""

    viewers = frozenset(Role) - {Role.SYSTEM}
    list_display = ("line", "kind_chip", "when")
    list_display_links = None
    list_filter = (UnreadFilter, "kind")
    list_before_template = "admin/inbox_bar.html"
    empty = _("Your inbox is empty. New orders, returns and deadlines that run out are told here.")

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
        """A notice has no page of its own; its subject has."""
        return HttpResponseRedirect(reverse("admin:accounts_notice_changelist"))

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
        return format_html(
            '<button type="submit" class="gg-line{}" formaction="{}" formmethod="post">{}</button>',
            "" if row.read_at else " gg-unread", reverse("admin:accounts_notice_open", args=[row.pk]), str(row),
        )  # fmt: skip

    @display(description=_("kind"))
    def kind_chip(self, row: Notice) -> str:
        return format_html('<span class="gg-chip gg-notice-{}">{}</span>', row.kind, row.get_kind_display())

    @display(description=_("time"))
    def when(self, row: Notice) -> str:
        return f"{timezone.localtime(row.at):%m-%d %H:%M}"


def subject_url(row: Notice) -> str:
    """The admin page of what a notice is about; '' where it has none."""
    try:
        return reverse(f"admin:{row.subject_type.replace('.', '_')}_change", args=[row.subject_id])
    except NoReverseMatch:
        return ""
