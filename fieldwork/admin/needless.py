"""Needless work at the desk: what was said, and the answer of the street office."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import FIELD_ROLES, Role
from fieldwork import actions, rules
from fieldwork.admin import looks
from fieldwork.forms.desk import AnswerForm
from fieldwork.models import NeedlessWork
from fieldwork.reports import needless_counts, streets_of
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin


class AnsweredFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("waiting for an answer")), ("answered", _("is answered"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        if chosen == "open":
            return rows.open()
        return rows.filter(answered_at__isnull=False) if chosen else rows


@admin.register(NeedlessWork)
class NeedlessWorkAdmin(VerbAdmin):
    viewers = FIELD_ROLES | {Role.STREET}
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb(
            "answer", _("Answer"), lambda row, **given: actions.answer_needless(said=row, **given), AnswerForm,
            rules.can_answer, done=_("Answered; everybody of the street reads it."), icon="reply",
        ),
    )  # fmt: skip
    primary = "answer"
    by_key = True
    list_display = ("what", "about", "who", "said_on", "stands")
    list_display_links = ("what",)
    list_filter = (AnsweredFilter,)
    list_before_template = "fieldwork/needless_counts.html"
    empty = _("Nobody has called any work needless yet. It is said on the phone, at the foot of every page.")
    actions = None
    sortable_by = ()
    ordering = ("-id",)
    fields = ("words", "about", "who", "said_on", "answer", "answered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        counts = needless_counts(streets_of(request.user), timezone.localdate())
        return super().changelist_view(request, {"counts": counts, **(extra_context or {})})

    @display(description=_("what is needless"))
    def what(self, row: NeedlessWork) -> str:
        return row.words

    @display(description=_("page"))
    def about(self, row: NeedlessWork) -> str:
        return format_html('<span class="gg-mono">{}</span>', row.page) if row.page else "—"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self._for(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self._for(request, self.fields)

    @staticmethod
    def _for(request: HttpRequest, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Only the street office reads who said it."""
        return columns if request.user.role == Role.STREET else tuple(name for name in columns if name != "who")

    @display(description=_("said by"))
    def who(self, row: NeedlessWork) -> str:
        return str(row.said_by or _("anonymous"))

    @display(description=_("state"))
    def stands(self, row: NeedlessWork) -> str:
        return str(_("is answered") if row.answered_at else _("waiting for an answer"))

    @display(description=_("answered"))
    def answered(self, row: NeedlessWork) -> str:
        return f"{row.answered_by} {looks.moment(row.answered_at)}" if row.answered_at else "—"
