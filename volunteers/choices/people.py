"""Volunteers and the squads they stand in."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import LEADS, Role
from grids.choices import GridKind

# Those who look after volunteers, each in the own scope.
ORGANISERS = frozenset({Role.STREET, *LEADS})


class VolunteerKind(models.TextChoices):
    RESIDENT = "resident", _("resident")
    # 新就业群体: couriers, riders, drivers of platforms; they claim posts, and rules of points of their own may hold.
    NEW_EMPLOYMENT = "new_employment", _("new-employment group")


class VolunteerState(models.TextChoices):
    APPLIED = "applied", _("to be reviewed")
    ACTIVE = "active", _("active")
    REFUSED = "refused", _("refused")
    PAUSED = "paused", _("resting")
    LEFT = "left", _("left")


# Those who read how their application stands when they try to sign in.
WAITING = frozenset({VolunteerState.APPLIED, VolunteerState.REFUSED})
# From where to where somebody's state may go.
MOVES: dict[str, frozenset[str]] = {
    VolunteerState.APPLIED: frozenset({VolunteerState.ACTIVE, VolunteerState.REFUSED, VolunteerState.LEFT}),
    VolunteerState.REFUSED: frozenset({VolunteerState.APPLIED}),
    VolunteerState.ACTIVE: frozenset({VolunteerState.PAUSED, VolunteerState.LEFT}),
    VolunteerState.PAUSED: frozenset({VolunteerState.ACTIVE, VolunteerState.LEFT}),
    VolunteerState.LEFT: frozenset(),
}


class Skill(models.TextChoices):
    FIRST_AID = "first_aid", _("first aid")
    CARE = "care", _("care of elders and children")
    LEGAL = "legal", _("law")
    PSYCHOLOGY = "psychology", _("counselling")
    MEDIATION = "mediation", _("mediation")
    REPAIR = "repair", _("repairs")
    ELECTRIC = "electric", _("electricity and water")
    TEACHING = "teaching", _("teaching")
    COMPUTER = "computer", _("computers and phones")
    LANGUAGE = "language", _("dialects and sign language")
    CULTURE = "culture", _("culture and sports")
    DRIVING = "driving", _("driving")
    PATROL = "patrol", _("patrols")


class DayPart(models.TextChoices):
    """When on a day somebody has time. A free time is written weekday and part, Monday first: `1m`, `6e`."""

    MORNING = "m", _("morning")
    AFTERNOON = "a", _("afternoon")
    EVENING = "e", _("evening")


# A part of the day begins then, and the one before it ends.
PART_BEGINS = {DayPart.MORNING: dt.time(0), DayPart.AFTERNOON: dt.time(12), DayPart.EVENING: dt.time(18)}
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
FREE_TIMES = frozenset(f"{day}{part}" for day in range(1, 8) for part in DayPart.values)
# Below ADULT a guardian agrees (民法典 17–19), below YOUNGEST nobody is enrolled.
YOUNGEST, ADULT, OLDEST = 8, 18, 110
# What was agreed to at enrolment.
CONSENT = "2026-11"
# Name, phone and birthday are kept so long of who has left (certificates can still be asked for), was refused, or applied and
# was never answered.
KEPT = {
    VolunteerState.LEFT: dt.timedelta(days=3 * 365),
    VolunteerState.REFUSED: dt.timedelta(days=30),
    VolunteerState.APPLIED: dt.timedelta(days=180),
}
NAME_CHARS, PHONE_CHARS, WORDS_CHARS = 48, 20, 500
NATIONAL_CHARS = 32
# Of a password that is told by word of mouth: nothing that is taken for something else.
SPOKEN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
# Micro-grids that one volunteer serves in.
MOST_SERVED = 30
# In this span enrolments from one address are counted (settings.DOOR_LIMITS).
JOIN_SPAN = dt.timedelta(minutes=10)
NOTICE_ACCEPTED = gettext_noop("Welcome: you are volunteer %(no)s now.")
NOTICE_PASSWORD = gettext_noop("%(who)s has set a new password for you. Please change it.")


class SquadKind(models.TextChoices):
    ONE_PLUS_FIVE = "one_plus_five", _("one worker, five volunteers")  # 一专五志 (seed 001)
    GRID_TEAM = "grid_team", _("grid team")  # at least ten in a grid (seed 003)
    PATROL = "patrol", _("patrol team")  # 红袖章 (seed 003)
    NEW_EMPLOYMENT = "new_employment", _("new-employment squad")  # seed 004


# How many volunteers a squad should have: from, and to where there is a most. Outside is a warning, never a refusal.
SIZES: dict[str, tuple[int, int | None]] = {
    SquadKind.ONE_PLUS_FIVE: (5, 5),
    SquadKind.GRID_TEAM: (10, None),
    SquadKind.PATROL: (3, None),
    SquadKind.NEW_EMPLOYMENT: (1, None),
}
# On which grids a squad may stand.
_GRIDS = frozenset({GridKind.TOTAL, GridKind.COMPREHENSIVE, GridKind.DEDICATED})
PLACES: dict[str, frozenset[str]] = {
    SquadKind.ONE_PLUS_FIVE: frozenset({GridKind.MICRO, *_GRIDS}),
    SquadKind.GRID_TEAM: _GRIDS,
    SquadKind.PATROL: _GRIDS,
    SquadKind.NEW_EMPLOYMENT: frozenset({GridKind.STREET, *_GRIDS}),
}


class SquadGap(models.TextChoices):
    """What a squad lacks, or has too much of."""

    SHORT = "short", _("too few")
    OVER = "over", _("too many")
    NO_LEAD = "no_lead", _("nobody leads it")
    NO_MICRO = "no_micro", _("bound to no micro-grid")
