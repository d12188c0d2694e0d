"""What stands beside a case about the order that it came with, or that was passed on."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.choices import OPEN_STATES
from cases.models import Case
from gridgov.core.questions import Aside
from integrations.choices.hotline import FileState, OutboundState, RequestType, Told
from integrations.models.hotline import Outbound, Partner, PartnerFile, PartnerOrder

# What is said of a request of ours before its partner has taken it in.
_ON_THE_WAY = {
    OutboundState.WAITING: gettext_lazy("On its way to them"),
    OutboundState.DEAD: gettext_lazy("It could not be handed over; see what partners were told"),
}


def order_columns() -> dict[str, Any]:
    """`partner_rows` of a case: its orders as JSON, nothing about whoever called; `partner_takes`: whether it can be passed on."""
    rows = PartnerOrder.objects.filter(case=OuterRef("pk")).order_by("pk")
    other = PartnerOrder.objects.filter(partner=OuterRef("partner"), number=OuterRef("duplicate_of")).values(
        "case__no"
    )[:1]
    row = JSONObject(
        pk="pk", partner="partner__name", number="number", ours="ours", request="request", deadline="deadline",
        sign_deadline="sign_deadline", unit="unit__name", duplicate_of="duplicate_of", same=Subquery(other),
        confidential="confidential", status="status", words="words", recalled_at="recalled_at", files=_held_up(),
        told=Subquery(_last_told()),
    )  # fmt: skip
    passed = PartnerOrder.objects.filter(
        partner=OuterRef("pk"), case=OuterRef(OuterRef("pk")), ours=True, recalled_at=None
    )
    takes = Partner.objects.taking_requests().filter(~Exists(passed), ground=OuterRef("street"))
    return {"partner_rows": ArraySubquery(rows.values(row=row)), "partner_takes": Exists(takes)}


def _last_told() -> Any:
    """How far the message is by which the partner is asked."""
    return Outbound.objects.filter(order=OuterRef("pk"), told=Told.ORDER).order_by("-pk").values("state")[:1]


def _held_up() -> Any:
    """How many pictures of an order somebody must look at."""
    rows = PartnerFile.objects.filter(order=OuterRef("pk"), state=FileState.REVIEW).order_by().values("order")
    return Coalesce(Subquery(rows.annotate(many=Count("pk")).values("many")), 0)


def told_beside(case: Case) -> list[Aside]:
    """Of a case read with `order_columns`; no query. A case that came from nowhere and is over has nothing beside it."""
    rows: list[dict[str, Any]] = case.partner_rows  # type: ignore[attr-defined]
    return [_aside(case, row) for row in rows]


def _aside(case: Case, row: dict[str, Any]) -> Aside:
    chips = [_("passed on by us") if row["ours"] else _("given to us")]
    if row["request"]:
        chips.append(str(RequestType(row["request"]).label))
    if row["confidential"]:
        chips.append(_("caller confidential"))
    if row["recalled_at"]:
        chips.append(_("recalled"))
    link = reverse("admin:integrations_partnerorder_change", args=[row["pk"]])
    lines: list[tuple[dt.datetime | None, Any]] = [
        (None, format_html('<a class="gg-link" href="{}">{}</a>', link, row["number"]))
    ]
    if row["ours"] and row["told"] in _ON_THE_WAY:
        lines.append((None, _ON_THE_WAY[row["told"]]))
    if row["status"]:
        lines.append((None, _("State there: %(status)s") % {"status": row["status"]}))
    if deadline := _moment(row["deadline"]):
        lines.append((None, _limit(case, deadline)))
    if signing := _moment(row["sign_deadline"]):
        lines.append((None, _("To be signed in by %(at)s") % {"at": _said(signing)}))
    if row["unit"]:
        lines.append((None, _("They name: %(unit)s") % {"unit": row["unit"]}))
    if row["duplicate_of"] and case.state in OPEN_STATES:
        lines.append((None, _same(case, row)))
    if row["words"] and row["ours"]:
        lines.append((None, _("Their answer: %(words)s") % {"words": row["words"]}))
    elif row["words"]:
        lines.append((None, _("Added: %(words)s") % {"words": row["words"]}))
    if row["files"]:
        page = f"{reverse('admin:integrations_partnerfile_changelist')}?state__exact={FileState.REVIEW}"
        words = ngettext(
            "%(count)s picture of theirs could not be kept",
            "%(count)s pictures of theirs could not be kept",
            row["files"],
        )
        lines.append((None, format_html('<a class="gg-link" href="{}">{}</a>', page, words % {"count": row["files"]})))
    return Aside(row["partner"], tuple(chips), tuple(lines))


def _limit(case: Case, deadline: dt.datetime) -> str:
    """Both limits count, each for its own side; whoever works should see at once which is the earlier."""
    words = {"at": _said(deadline)}
    if case.due_at is not None and deadline < case.due_at:
        return _("Their deadline is %(at)s, earlier than ours") % words
    return _("Their deadline is %(at)s") % words


def _same(case: Case, row: dict[str, Any]) -> Any:
    """The partner says that it is the same as another order of its: whether it is, somebody here decides."""
    if not row["same"]:
        return _("They say it is the same as %(number)s, which is not here.") % {"number": row["duplicate_of"]}
    words = _("They say it is the same as %(number)s (case %(no)s).") % {
        "number": row["duplicate_of"],
        "no": row["same"],
    }
    url = f"{reverse('admin:cases_case_do', args=[case.pk, 'merge'])}?leading={row['same']}"
    return format_html('{} <a class="gg-link" href="{}">{}</a>', words, url, _("Merge"))


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _said(when: dt.datetime) -> str:
    return f"{localtime(when):%m-%d %H:%M}"
