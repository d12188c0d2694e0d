"""Needs, projects, shifts, sign-ups and governance posts."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class NeedSource(models.TextChoices):
    RESIDENT = "resident", _("resident")
    CASE = "case", _("case")
    # By the number of a care plan alone: who it is stands there, not here.
    CARE = "care", _("care plan")


class NeedState(models.TextChoices):
    OPEN = "open", _("waiting for help")
    TAKEN = "taken", _("taken up")
    MET = "met", _("help was given")
    DROPPED = "dropped", _("no longer needed")


NEED_MOVES: dict[str, frozenset[str]] = {
    NeedState.OPEN: frozenset({NeedState.TAKEN, NeedState.DROPPED}),
    NeedState.TAKEN: frozenset({NeedState.OPEN, NeedState.MET, NeedState.DROPPED}),
    NeedState.MET: frozenset(),
    NeedState.DROPPED: frozenset({NeedState.OPEN}),
}


class ProjectKind(models.TextChoices):
    SERVICE = "service", _("help for residents")
    EVENT = "event", _("activity")
    PATROL = "patrol", _("patrol")
    TRAINING = "training", _("training")


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("taking volunteers")
    ENDED = "ended", _("is over")
    CANCELLED = "cancelled", _("cancelled")


PROJECT_MOVES: dict[str, frozenset[str]] = {
    ProjectState.DRAFT: frozenset({ProjectState.OPEN, ProjectState.CANCELLED}),
    ProjectState.OPEN: frozenset({ProjectState.ENDED, ProjectState.CANCELLED}),
    ProjectState.ENDED: frozenset(),
    ProjectState.CANCELLED: frozenset(),
}


class ShiftState(models.TextChoices):
    OPEN = "open", _("planned")
    CANCELLED = "cancelled", _("cancelled")
    # Its hours are confirmed.
    CLOSED = "closed", _("hours confirmed")


class SignUpState(models.TextChoices):
    WAITING = "waiting", _("on the waiting list")
    BOOKED = "booked", _("signed up")
    PRESENT = "present", _("checked in")
    GONE = "gone", _("checked out")
    SERVED = "served", _("hours confirmed")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")


# Those that take a place of the shift.
TAKING = frozenset({SignUpState.BOOKED, SignUpState.PRESENT, SignUpState.GONE, SignUpState.SERVED, SignUpState.NO_SHOW})


class CameBy(models.TextChoices):
    CODE = "code", _("by the shift's code")
    ORGANISER = "organiser", _("by the organiser")


# Somebody cancels in time so long before a shift begins; later it is told to the organiser.
CANCEL_BEFORE = dt.timedelta(hours=12)
# Checking in is possible from so long before the beginning to the end, checking out so long after it.
CHECK_IN_BEFORE, CHECK_OUT_AFTER = dt.timedelta(minutes=30), dt.timedelta(hours=2)
REMIND_BEFORE = dt.timedelta(hours=20)
LONGEST_SHIFT = dt.timedelta(hours=12)
FARTHEST = dt.timedelta(days=366)
MOST_PLACES = 500
TITLE_CHARS, ABOUT_CHARS, PLACE_CHARS, WORDS_CHARS, REFERENCE_CHARS = 60, 2000, 100, 300, 32
# Posts that one volunteer keeps at the same time.
MOST_POSTS = 3
# A shift may be planned again each week, so often at once.
MOST_WEEKS = 26

NOTICE_MOVED_UP = gettext_noop("A place became free for you: “%(title)s”, %(time)s, %(note)s.")
NOTICE_ADDED = gettext_noop("You were put down for “%(title)s”, %(time)s, %(note)s. You may cancel it.")
NOTICE_CANCELLED = gettext_noop("“%(title)s”, %(time)s, is cancelled: %(reason)s")
NOTICE_LATE = gettext_noop("%(who)s cancelled late: “%(title)s”, %(time)s.")
NOTICE_REMIND = gettext_noop("You are expected: “%(title)s”, %(time)s, %(note)s.")
NOTICE_TO_CLOSE = gettext_noop("“%(title)s”, %(time)s, is over: please confirm the minutes.")
NOTICE_CONFIRMED = gettext_noop("“%(title)s”, %(time)s: %(count)s minutes are confirmed.")
NOTICE_CLAIM_ENDED = gettext_noop("Your governance post “%(title)s” has ended: %(reason)s")
NOTICE_ADOPTED = gettext_noop("The problem you reported was taken up as case %(no)s: %(count)s points.")
TOLD = (
    NOTICE_MOVED_UP,
    NOTICE_ADDED,
    NOTICE_CANCELLED,
    NOTICE_LATE,
    NOTICE_REMIND,
    NOTICE_TO_CLOSE,
    NOTICE_CONFIRMED,
    NOTICE_CLAIM_ENDED,
    NOTICE_ADOPTED,
)
