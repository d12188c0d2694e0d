"""Words and numbers of the worker's day (handbook 4)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import LEADS, Role
from grids.choices import PostKind


class Diligence(models.TextChoices):
    """The five diligences 五勤 (seed 001)."""

    PATROL = "patrol", _("patrol often")
    PREVENT = "prevent", _("prevent often")
    TALK = "talk", _("talk often")
    VISIT = "visit", _("visit often")
    SERVE = "serve", _("serve often")


class Ending(models.TextChoices):
    """By whom a patrol was ended."""

    SELF = "self", _("by the worker")
    SILENT = "silent", _("by itself, after long silence")
    NIGHT = "night", _("by itself, at the end of the hours")


class DailyKind(models.TextChoices):
    ORDINARY = "ordinary", _("ordinary report")
    ZERO = "zero", _("zero report")


class DailyState(models.TextChoices):
    """How it stands with somebody's report of a day: the two kinds, or why there is none."""

    ORDINARY = "ordinary", _("ordinary report")
    ZERO = "zero", _("zero report")
    MISSING = "missing", _("report missing")
    NOT_YET = "not_yet", _("not given yet")
    AWAY = "away", _("away that day")
    FREE = "free", _("day off")


# Those who look after others' days, each in the own scope.
OVERSEERS = frozenset({Role.STREET, *LEADS})
# What a reading is counted in.
WGS84, GCJ02 = "WGS84", "GCJ02"
# Outside these hours no patrol begins, and one that runs is ended: nobody is tracked at night.
PATROL_FROM: dt.time = settings.FIELD_HOURS["patrol_from"]
PATROL_UNTIL: dt.time = settings.FIELD_HOURS["patrol_until"]
# When those who haven't given the day's report are told so.
DAILY_BY: dt.time = settings.FIELD_HOURS["daily_by"]
# A patrol of which nothing was heard for so long was forgotten.
SILENCE = dt.timedelta(hours=4)
# Points nearer to each other in time say no more.
APART = dt.timedelta(seconds=60)
# A phone's clock may be ahead of the house's.
AHEAD = dt.timedelta(minutes=2)
MOST_POINTS = 500
# A patrol that began without a network comes in so late at most, and a whole one with a point a minute for all its hours.
WALK_LATE = dt.timedelta(hours=48)
MOST_WALKED = 1000
# What began long ago by the phone's clock is left alone so long: its end may be on its way as well.
ON_ITS_WAY = dt.timedelta(minutes=15)
# Kept so long, then only the sums of the day are (handbook 4).
TRAIL_KEPT = dt.timedelta(days=90)
# What a day in the grid should hold (每天3小时), in minutes. A fact beside a fact, never a score.
DAY_MINUTES = 180
# The phone may have been without a net: so long ago a visit may be.
VISIT_LATE = dt.timedelta(days=7)
# A daily report may still be given the day after.
REPORT_LATE = dt.timedelta(days=1)
# Those whose report is looked for. Micro-grid members are volunteers: they may give one.
DAILY_POSTS = (PostKind.GRID_WORKER_FT, PostKind.GRID_WORKER_PT)
NOTE_CHARS, PLACE_CHARS, PAGE_CHARS, REASON_CHARS = 500, 100, 200, 200

NOTICE_ENDED = gettext_noop("Your patrol that began at %(time)s was ended at %(ended)s, for you had not stopped it.")
NOTICE_LOOKED = gettext_noop("%(who)s looked at the trail of your patrol of %(time)s. Reason: %(reason)s")
NOTICE_DAILY = gettext_noop(
    "The daily report of %(day)s is not given yet. If nothing happened, a zero report is one tap."
)
NOTICE_NEEDLESS = gettext_noop("Your word about needless work was answered: %(note)s")
