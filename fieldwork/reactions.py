"""What the room answers when those below ask."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate, notice_templates
from fieldwork.actions import tidy_trails
from fieldwork.choices import NOTICE_DAILY, NOTICE_ENDED, NOTICE_LOOKED, NOTICE_NEEDLESS
from fieldwork.reports import keeping as kept
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks


@notice_templates.answers
def told_in_the_field() -> list[NoticeTemplate]:
    texts = (NOTICE_ENDED, NOTICE_LOOKED, NOTICE_DAILY, NOTICE_NEEDLESS)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]


keeps(
    Kind(
        "fieldwork.trail",
        _("where workers walked on patrol"),
        purpose=_("the worker's own proof of the day"),
        basis=_("necessary for the work, within working hours only (PIPL 13 I 2)"),
        where=_("points a minute apart, while a patrol runs"),
        seen_by=_("the worker; the street office to verify a duty, with a reason, and the worker is told"),
        term=Term(
            90, _("after the patrol"), _("a track is sensitive: the shortest that an objection needs (PIPL 28)"), 7, 90
        ),
        sensitive=True,
        ways=Ways(
            find=kept.trails_of,
            label=lambda row: f"{row.started_at:%Y-%m-%d}",
            copy=kept.copy_of,
            held="accounts.user",
            holding=lambda row: row.user_id,
            unerasable=_("It goes by itself within days."),
        ),
        going=Going("fieldwork.tidy_trails", tidy_trails, kept.due_trails, "started_at"),
    )
)
keeps(
    Kind(
        "fieldwork.day",
        _("patrols, visits and daily reports of workers"),
        purpose=_("to know what the grid needs"),
        basis=_("necessary for the work (PIPL 13 I 2)"),
        where=_("lists of the day's work, without the trail"),
        seen_by=_("the worker, leads and the street office"),
        term=Term(None, _("as long as the law on archives asks"), _("the office's schedule of retention")),
        ways=Ways(unerasable=_("Records of official work are kept by law.")),
    )
)
looks(Look("fieldwork.trail_looked_at", named=kept.days_of, own=kept.own_of))
