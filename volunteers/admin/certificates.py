"""Papers at the desk: certificates with their publicity, objections, and who signs."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Invalid, Verdict
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy
from volunteers.actions import certificates as actions
from volunteers.choices.people import ORGANISERS
from volunteers.forms.desk_honours import AnswerObjectionForm, IssuerForm, RecordOfForm, WithdrawForm
from volunteers.forms.papers import paper_of
from volunteers.models import Certificate, Issuer, Objection, Volunteer
from volunteers.rules import certificates as rules


def _issue(row: Certificate, **given: Any) -> Certificate:
    return actions.issue_certificate(certificate=row, **given)


def _withdraw(row: Certificate, **given: Any) -> Certificate:
    return actions.withdraw_certificate(certificate=row, **given)


def _may_issue(by: User, row: Certificate) -> Verdict:
    objected = row.objections.open().exists()
    return rules.can_issue(row, objected=objected, today=timezone.localdate())


@admin.register(Certificate)
class CertificateAdmin(VerbAdmin):
    viewers = adders = ORGANISERS
    form = RecordOfForm
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("issue", _("Issue it"), _issue, may=_may_issue, icon="verified"),
        Verb("withdraw", _("Withdraw the certificate"), _withdraw, WithdrawForm, rules.can_withdraw, icon="cancel", danger=True,
             hint=_("The page behind its code says so from now on. The volunteer is told.")),
    )  # fmt: skip
    by_key = True
    list_display = ("no", "kind", "title", "who", "state", "public_until", "issued_at")
    list_filter = ("kind", "state")
    search_fields = ("no", "volunteer__no")
    empty = _("No certificate yet. Records of hours are asked for on the phone or here; honours follow a panel.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        "no",
        "kind",
        "title",
        "who",
        "panel",
        "state",
        "made_at",
        "public_until",
        "issued_at",
        "withdrawn_at",
        "reason",
        "links",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.print_out)
        return [path("<int:pk>/paper.pdf", view, name=self._name("paper")), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("number", "first", "last")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Certificate, form: Any, *, change: bool) -> Certificate:
        given = form.cleaned_data
        volunteer = Volunteer.objects.visible_to(request.user).filter(no=given["number"].strip()).first()
        if volunteer is None:
            raise Invalid(_("No volunteer here has this number."), field="number")
        days = {"first": given["first"], "last": given["last"]}
        return actions.issue_record(volunteer=volunteer, **days, by=request.user, at=timezone.now())

    def print_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The paper as a PDF; that it was printed, and by whom, is recorded, for the name stands on it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        self.row_for_verb(request, pk)
        row = actions.note_print(certificate=pk, by=request.user, at=timezone.now())
        return paper_of(request, row)

    @display(description=_("volunteer"))
    def who(self, row: Certificate) -> str:
        return f"{row.volunteer.public_name} {row.volunteer.no}" if row.volunteer.nickname else row.volunteer.no

    @display(description=_("paper"))
    def links(self, row: Certificate) -> str:
        page = format_html(
            '<a class="gg-link" href="{}">{}</a>', reverse("v-certificate", args=[row.code]), _("Its page")
        )
        if row.issued_at is None or row.withdrawn_at is not None:
            return page
        return format_html(
            '<a class="gg-link" href="{}">{}</a> · {}', self.url_of("paper", row.pk), _("Print (PDF)"), page
        )


def _answer(row: Objection, **given: Any) -> Objection:
    return actions.answer_objection(objection=row, **given)


@admin.register(Objection)
class ObjectionAdmin(VerbAdmin):
    viewers = ORGANISERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("answer", _("Answer"), _answer, AnswerObjectionForm, rules.can_answer, icon="reply"),
    )
    primary = "answer"
    list_display = ("words", "about", "state", "at")
    list_filter = ("state",)
    empty = _("Nobody objected. Honours in their publicity period stand on a page for everybody.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = ("about", "words", "at", "state", "answer", "answered_by", "answered_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("certificate"))
    def about(self, row: Objection) -> str:
        return f"{row.certificate.no} {row.certificate.title}"


@admin.register(Issuer)
class IssuerAdmin(HouseAdmin):
    viewers = adders = changers = ORGANISERS
    form = IssuerForm
    list_display = ("name", "grid_name", "responsible", "handler", "contact")
    empty = _("Nobody signs for papers here yet: without it no record of hours and no honour can be issued.")
    actions = None
    sortable_by = ()
    fields = IssuerForm.Meta.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("grid_name", *self.fields[1:]) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("grid_name",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = Grid.objects.ground_of(request.user).current(timezone.localdate())
        kwargs["queryset"] = rows.filter(kind__in=[GridKind.STREET, GridKind.TOTAL]).defer(*heavy("")).order_by("lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request: HttpRequest, row: Issuer, form: Any, *, change: bool) -> Issuer:
        given = {"grid": row.grid, **form.cleaned_data} if change else form.cleaned_data
        return form.became(actions.set_issuer(**given, by=request.user, at=timezone.now()))

    @display(description=_("grid"))
    def grid_name(self, row: Issuer) -> str:
        return row.grid.name
