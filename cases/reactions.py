"""What cases do when they hear of changes below, and what they answer when asked from there."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Min
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices.wording import NoticeTemplate, notice_templates
from accounts.models import User
from cases.actions import CHECKED, follow_grid, follow_heirs, follow_leading, recompute_provisional, set_reporter_expiry
from cases.actions.blurring import HELD, forget_originals
from cases.actions.forgetting import forget_due, forget_reporter, move_expiry
from cases.choices import OPEN_STATES
from cases.choices.spoken import SPOKEN
from cases.models import Case, Deadline, Photo, VoiceNote
from cases.reports import contacts, originals
from cases.reports.published import latest
from gridgov.core.checks import ago
from gridgov.core.doctor import Finding, State, check
from gridgov.core.gauges import Read, gauge, one, seconds_since
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from gridgov.core.media import names_files
from gridgov.core.models import Record
from gridgov.core.questions import Result, Span, Work, deadlines_on, results_of, work_on
from gridgov.core.records import on


@on("calendar.dropped")
@on("calendar.loaded")
def work_out_again(row: Record) -> None:
    """Days were loaded, or a place's own taken back: provisional deadlines that rested on a guess are worked out again."""
    first, last = (dt.date.fromisoformat(day) for day in row.data["span"])
    recompute_provisional(scope=row.scope, first=first, last=last, by=User.objects.system(), at=row.at)


@deadlines_on.answers
def resting_on_a_guess(spans: Sequence[Span]) -> int:
    """How many deadlines loading days in SPANS would work out again."""
    return Deadline.objects.resting_on(spans).count()


@notice_templates.answers
def told_about_cases() -> list[NoticeTemplate]:
    return [NoticeTemplate(text, kind) for kind, texts in SPOKEN.items() for text in texts]


@work_on.answers
def open_cases_on(by: User, grids: Sequence[int]) -> list[Work]:
    """The open cases on GRIDS that BY sees."""
    rows = Case.objects.visible_to(by).open().filter(grid__in=grids).order_by("pk")
    found = rows.values_list("pk", "no", "grid", "lng", "lat", "title", "due_at")
    return [
        Work(pk, no, grid, None if lng is None or lat is None else (lng, lat), title, due_at)
        for pk, no, grid, lng, lat, title, due_at in found
    ]


@results_of.answers
def latest_results(code: str) -> list[Result]:
    """The latest results of the grid CODE that everybody may read."""
    return latest(code)


@on("grids.moved")
def follow(row: Record) -> None:
    """A grid has new leads: its open cases go with it."""
    follow_grid(grid=row.subject_id, by=User.objects.system(), at=row.at)


@on("grids.merged")
@on("grids.split")
def follow_into_heirs(row: Record) -> None:
    """Others have taken a grid's place: its open cases go where they lie now."""
    heirs, rest = row.data["to"], row.data["rest"]
    follow_heirs(grid=row.subject_id, heirs=heirs, rest=rest, by=User.objects.system(), at=row.at)


@on("cases.closed")
@on("cases.rejected")
@on("cases.reopened")
@on("cases.voided")
def tell_merged(row: Record) -> None:
    """Something was decided about a case: those merged into it follow."""
    follow_leading(leading=row.subject_id, by=User.objects.system(), at=row.at)


@on("cases.closed")
@on("cases.leading_ended")
@on("cases.leading_reopened")
@on("cases.rejected")
@on("cases.reopened")
@on("cases.unmerged")
@on("cases.voided")
def keep_reporter_as_long(row: Record) -> None:
    """A case is over, or open again."""
    set_reporter_expiry(case=row.subject_id, by=User.objects.system(), at=row.at)


@check("figures", _("Figures"))
def figures_agree(at: dt.datetime) -> Finding:
    """What the last full count said: counting anew on each visit would take minutes at a million cases."""
    last = Record.objects.filter(subject_type=CHECKED, subject_id=0).order_by("seq").last()
    if last is None:
        return Finding(
            State.UNKNOWN, _t("Never compared with a full count"),
            _t("It is done every week, or by hand:"), code="manage.py check_figures",
        )  # fmt: skip
    words = {"ago": ago(last.at, at), "count": last.data["differences"]}
    if not last.data["differences"]:
        return Finding(State.OK, _t("As a full count said %(ago)s") % words, page="cases_figures")
    return Finding(
        State.BAD, _t("%(count)d cells differed from a full count %(ago)s") % words,
        _t("Count them anew in a quiet hour:"), "cases_figures", code="manage.py check_figures --fix",
    )  # fmt: skip


@gauge(
    "gridgov_breaches_late_seconds", "How long the oldest limit that ran out has been waiting to be marked as overdue"
)
def breaches_late(at: dt.datetime) -> Read:
    waiting = Deadline.objects.running().filter(breached_at=None, paused_at=None, due_at__lt=at).order_by()
    return one(seconds_since(waiting.aggregate(first=Min("due_at"))["first"], at))


@gauge("gridgov_cases_open", "Open cases")
def cases_open(at: dt.datetime) -> Read:
    return one(Case.objects.filter(state__in=OPEN_STATES).order_by().count())


@gauge("gridgov_cases_overdue", "Open cases whose limit has run out")
def cases_overdue(at: dt.datetime) -> Read:
    return one(Case.objects.filter(state__in=OPEN_STATES, breached_at__isnull=False).order_by().count())


@names_files("photos")
def photo_files() -> Iterator[str]:
    fields = ("file", "thumb", "original", "original_thumb")
    for names in Photo.objects.order_by("pk").values_list(*fields).iterator():
        yield from names


@names_files("voices")
def voice_files() -> Iterator[str]:
    return VoiceNote.objects.order_by("pk").values_list("file", flat=True).iterator()


# --- what is kept about people, and looked at --------------------------------------------------------------------------


def _move_contacts(days: int) -> int:
    """The term of contacts is DAYS longer."""
    return move_expiry(days=days, by=User.objects.system())


AFTER_CLOSING = Term(
    365, _("after the case is closed"), _("the shortest that ratings and reopenings need (PIPL 19)"), 90, 3 * 365
)
keeps(
    Kind(
        "cases.reporter",
        _("who reported a case"),
        purpose=_("to ask back, and to tell the result"),
        basis=_("statutory duty, and the reporter's consent (PIPL 13 I 1, 3)"),
        where=_("beside the case, masked everywhere"),
        seen_by=_("those in whose grid, street or unit the case lies, with a reason that is recorded"),
        term=AFTER_CLOSING,
        public=True,
        consented=True,
        ways=Ways(
            find=contacts.reporters_of,
            label=lambda row: row.case.no,
            scope=lambda row: row.case.grid.code,
            copy=contacts.copy_of,
            page="cases_case",
            erase=lambda row, by, at: forget_reporter(case=row.case_id, by=by, at=at),
            held="cases.case",
            holding=lambda row: row.case_id,
        ),
        going=Going("cases.forget", forget_due, contacts.due_contacts, "expires_at", _move_contacts),
    )
)
keeps(
    Kind(
        "cases.case",
        _("the case itself: words, place, pictures, voice notes"),
        purpose=_("to have it handled, and to answer for how it was"),
        basis=_("statutory duty (PIPL 13 I 3, 34)"),
        where=_("in the case and its archive; pictures without time, place and device"),
        seen_by=_("those in whose grid, street or unit it lies"),
        term=Term(
            None, _("as long as the law on archives asks"), _("Archives Law; the street's schedule of retention")
        ),
        public=True,
        ways=Ways(unerasable=_("Archives are kept by law; name and phone are struck out instead.")),
    )
)
keeps(
    Kind(
        originals.KIND,
        _("original pictures under a cover over faces and plates"),
        purpose=_("to prove what was found, where the covered picture doesn't"),
        basis=_("statutory duty (PIPL 13 I 3, 34)"),
        where=_("beside the covered picture, which stays with the case"),
        seen_by=_("those in whose grid, street or unit the case lies, with a reason that is recorded"),
        term=AFTER_CLOSING,
        public=True,
        ways=Ways(held=HELD),
        going=Going("cases.forget_originals", forget_originals, originals.due_originals, "goes_at"),
    )
)
looks(Look("cases.revealed", counted=True, named=contacts.numbers_of))
looks(Look("cases.photo_revealed", counted=True, named=contacts.numbers_of))
looks(Look("cases.phone_searched", counted=True))
looks(Look("cases.printed", named=contacts.numbers_of))
