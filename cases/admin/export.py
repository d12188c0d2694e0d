"""The list of cases as a file: the rows the list itself shows under the same filters and search, in plain words."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import rules
from cases.models import Case
from cases.reports import light, time_words
from gridgov.core.errors import Invalid
from gridgov.core.keyset import Keyset
from gridgov.core.makers import Maker, Part, register
from gridgov.core.masking import mask_text
from grids.reports import scope_print

KIND = "cases.list"
HEADINGS = (
    _("number"), _("title"), _("state"), _("tier"), _("urgency"), _("card"), _("light"), _("time"), _("due"), _("community"),
    _("grid"), _("place"), _("category"), _("channel"), _("reported"),
)  # fmt: skip


def _rows(by: User, asked: dict[str, Any]) -> Any:
    """The list's own rows, as it makes them of its address."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(asked["query"]), by
    try:
        return admin.site._registry[Case].get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        raise Invalid(_("This list can't be read any more; open it again.")) from None


def _part(by: User, asked: dict[str, Any], after: str, size: int) -> Part:
    page = Keyset(_rows(by, asked)).page(size, after=after)
    at = timezone.now()
    return Part([_line(case, at) for case in page.rows], page.after)


def _line(case: Case, at: Any) -> list[Any]:
    """What a line of the list says. Numbers of people that somebody typed into a title or a place are masked."""
    moment = "{:%Y-%m-%d %H:%M}".format
    return [
        case.no, mask_text(case.title), case.get_state_display(), case.tier, case.get_urgency_display(), case.get_card_display(),
        str(light(case, at).label), time_words.time_left(case, at), moment(timezone.localtime(case.due_at)) if case.due_at else "",
        case.total.name if case.total else "", case.grid.name, mask_text(case.place), case.category.label,
        case.get_channel_display(), moment(timezone.localtime(case.reported_at)),
    ]  # fmt: skip


def _count(by: User, asked: dict[str, Any], limit: int) -> int:
    return int(_rows(by, asked).order_by().values("pk")[:limit].count())


register(
    KIND,
    Maker(
        title=_("List of cases"), headings=lambda: [str(heading) for heading in HEADINGS], part=_part, count=_count,
        may=rules.can_print, standing=scope_print,
    ),
)  # fmt: skip
